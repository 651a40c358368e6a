import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { createEmulator, type Emulator } from '../../dist/emulator/emulator.js';
import { type Browser, createBrowser } from './browser.js';
import { type EmulatorControl, emulatorControl } from './emulator-control.js';
import { emptyFolder } from './folder.js';
import { freePort } from './free-port.js';
import { keepOutput, note } from './leak-notes.js';
import type { Scope } from './shared.js';
import { sharedKeys } from './signing-keys.js';

/** Long enough for a busy machine: it only ends tests that hang. */
const HANGS_AFTER_MS = 120_000;

const SERVER = fileURLToPath(new URL('../../dist/server.js', import.meta.url));

/** A test process that exits early, for a test that hangs, takes its programs with it. */
const running = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

const SCRIPT = '/usr/bin/script';

/** Why tests with signals are skipped: on Windows, a signal ends a process at once or does not exist. */
export const skipWithoutSignals: string | false =
  process.platform === 'win32' && 'Windows has no signals';

/** Why tests with a terminal are skipped here, in sight; with CI=true that is a failure. */
export function skipWithoutTerminal(): string | false {
  // Those of macOS and BSD take other arguments.
  if (process.platform !== 'linux') return 'script(1) of util-linux is for Linux';
  if (existsSync(SCRIPT)) return false;
  if (process.env['CI'] === 'true') throw new Error(`${SCRIPT} (util-linux) is not installed`);
  return `${SCRIPT} (util-linux) is not installed`;
}

/** In which colour is to be expected, wherever the tests run. */
export const COLOUR_TERMINAL = {
  TERM: 'xterm-256color',
  CI: undefined,
  NO_COLOR: undefined,
  FORCE_COLOR: undefined,
};

export interface Program {
  child: ChildProcess;
  pid: number;
  output: { stdout: string; stderr: string };
  /** Waits until the output contains `text`; fails when the program exits without it. */
  says(text: string | RegExp): Promise<void>;
  /** The exit code, or the name of the signal. */
  ended: Promise<number | string | null>;
}

/** Runs `node dist/server.js` as users do; it is ended with the test. */
export function runProgram(
  t: Scope,
  args: string[],
  {
    cwd,
    env = {},
    server = SERVER,
    inTerminal = false,
    user,
  }: {
    cwd: string;
    env?: Record<string, string | undefined>;
    server?: string;
    /** Gives it a terminal instead of pipes; see `skipWithoutTerminal`. */
    inTerminal?: boolean;
    /** As this user and group, where the tests may do that: where they are root's. */
    user?: number | undefined;
  },
): Program {
  for (const [name, value] of Object.entries(env)) {
    if (name.includes('SECRET') && value) note(name, value);
  }
  const command = [process.execPath, server, ...args];
  const [program = '', ...own] = inTerminal
    ? [SCRIPT, '-qefc', command.map((word) => `'${word}'`).join(' '), '/dev/null']
    : command;
  const child = spawn(program, own, {
    cwd,
    env: { ...process.env, NODE_ENV: undefined, ...env } as NodeJS.ProcessEnv,
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(user !== undefined && process.getuid?.() === 0 ? { uid: user, gid: user } : {}),
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
  running.add(child);
  void ended.then(() => running.delete(child));
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
      const deadline = Date.now() + HANGS_AFTER_MS;
      while (!matches(text)) {
        if (over || Date.now() > deadline)
          throw new Error(`the program did not say ${text}:\n${all()}`);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    },
  };
}

/** The processes that a process has started and that run still. */
export function childrenOf(pid: number): number[] {
  const found = execFileSync('ps', ['-A', '-o', 'ppid=,pid='], { encoding: 'utf8' });
  return found
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number))
    .flatMap(([parent, own = 0]) => (parent === pid ? [own] : []));
}

/** Settings, as environment, that keep sessions in a Redis of the test. */
export const inRedis = (url: string) => ({
  B2C_SIGNIN_SESSION_STORE_KIND: 'redis',
  B2C_SIGNIN_SESSION_STORE_URL: url,
});

/** The lines of one event that a program has logged. */
export const eventsOf = ({ output }: Program, event: string): Record<string, unknown>[] =>
  output.stdout
    .split('\n')
    .filter((line) => line.includes(`"msg":"${event}"`))
    .map((line) => JSON.parse(line));

/** Asks for a reload and waits until it has come to an end. */
export async function reload(program: Program, expected = 'config_reloaded'): Promise<void> {
  const before = eventsOf(program, expected).length;
  program.child.kill('SIGHUP');
  const deadline = Date.now() + HANGS_AFTER_MS;
  while (eventsOf(program, expected).length === before) {
    const { stdout, stderr } = program.output;
    if (Date.now() > deadline) throw new Error(`no ${expected}:\n${stdout}${stderr}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

const SECRET = 'a-session-secret-of-more-than-32-characters';

/** Writes a config.json that takes its client secret from `CLIENT_SECRET`, with `more` sections in it. */
export function writeConfig(
  folder: string,
  {
    authority,
    port,
    name = 'config.json',
    more = {},
  }: { authority: string; port: number; name?: string; more?: object },
): void {
  const config = {
    listen: { port },
    tenant: { authority, allowPlainHttp: true },
    client: { id: 'f0b6e55f-0000-4000-8000-00000000a001', secret: { env: 'CLIENT_SECRET' } },
    policies: {
      signIn: 'B2C_1_susi',
      editProfile: 'B2C_1_edit_profile',
      resetPassword: 'B2C_1_reset',
    },
    session: { secrets: [{ file: 'session.secret' }] },
    ...more,
  };
  writeFileSync(path.join(folder, name), `\uFEFF${JSON.stringify(config)}`);
  writeFileSync(path.join(folder, 'session.secret'), `${SECRET}\n`);
  note('session secret', SECRET);
}

export interface ProgramWithTenant {
  program: Program;
  port: number;
  emulator: Emulator;
  control: EmulatorControl;
  /** The folder of its config.json. */
  folder: string;
  /** Rewrites that file, with these sections. */
  configure(more: object): void;
  browser(): Browser;
  /** A browser in which a user has signed in. */
  signedIn(): Promise<Browser>;
}

/** Starts the program with a config.json, and an emulator. */
export async function runWithTenant(
  t: Scope,
  env: Record<string, string | undefined> = {},
  { args = [], more = {} }: { args?: string[]; more?: object } = {},
): Promise<ProgramWithTenant> {
  const emulator = await createEmulator({ keys: await sharedKeys() });
  t.after(() => emulator.close());
  const port = await freePort();
  const cwd = emptyFolder(t);
  const configure = (sections: object) =>
    writeConfig(cwd, { authority: emulator.authority, port, more: { ...more, ...sections } });
  configure({});
  const program = runProgram(t, args, { cwd, env: { CLIENT_SECRET: 'emulator-secret', ...env } });
  await program.says(`port ${port}`);
  const control = emulatorControl(emulator.url);
  const browser = () => createBrowser(`http://localhost:${port}`);
  return {
    program,
    port,
    emulator,
    control,
    folder: cwd,
    configure,
    browser,
    async signedIn() {
      const own = browser();
      const { location } = await own.get('/auth/sign_in');
      const { status } = await own.get(
        await control.authorize(location, { as: 'bob@example.com' }),
      );
      if (status !== 303) throw new Error(`sign-in ended with ${status}`);
      return own;
    },
  };
}
