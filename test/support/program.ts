import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { keepOutput, note } from './notes.js';

const SERVER = fileURLToPath(new URL('../../dist/server.js', import.meta.url));

export interface Program {
  child: ChildProcess;
  pid: number;
  output: { stdout: string; stderr: string };
  /** Waits until the output holds `text`; fails when the program ends without it. */
  says(text: string | RegExp): Promise<void>;
  /** The exit code, or the name of the signal. */
  ended: Promise<number | string | null>;
}

/** Runs `node dist/server.js` as users do; it is ended with the test. */
export function runProgram(
  t: TestContext,
  args: string[],
  { cwd, env = {} }: { cwd: string; env?: Record<string, string | undefined> },
): Program {
  for (const [name, value] of Object.entries(env)) {
    if (name.includes('SECRET') && value) note(name, value);
  }
  const child = spawn(process.execPath, [SERVER, ...args], {
    cwd,
    env: { ...process.env, NODE_ENV: undefined, ...env } as NodeJS.ProcessEnv,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = { stdout: '', stderr: '' };
  child.stdout?.on('data', (chunk) => {
    output.stdout += chunk;
  });
  child.stderr?.on('data', (chunk) => {
    output.stderr += chunk;
  });
  const all = () => output.stdout + output.stderr;
  const ended = once(child, 'close').then(([code, signal]) => {
    keepOutput(output.stdout);
    keepOutput(output.stderr);
    return code ?? signal;
  });
  t.after(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  const matches = (text: string | RegExp) =>
    typeof text === 'string' ? all().includes(text) : text.test(all());
  return {
    child,
    pid: child.pid ?? 0,
    output,
    ended,
    async says(text) {
      let over = false;
      void ended.then(() => {
        over = true;
      });
      const deadline = Date.now() + 30_000;
      while (!matches(text)) {
        if (over || Date.now() > deadline)
          throw new Error(`the program did not say ${text}:\n${all()}`);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    },
  };
}
