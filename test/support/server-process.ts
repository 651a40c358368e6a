import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Scope, until } from './redis.js';

interface Server {
  /** The program. */
  file: string;
  port: number;
  /** Writes its files into `folder`, and returns how to start it there. */
  prepare(folder: string): { args: string[]; env?: NodeJS.ProcessEnv };
}

/** Runs another server until the end of the scope; resolves when it listens on `port`. */
export async function startServerProcess(
  scope: Scope,
  { file, port, prepare }: Server,
): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), `b2c-signin-${path.basename(file)}-`));
  const { args, env = process.env } = prepare(folder);
  const child = spawn(file, args, { stdio: ['ignore', 'ignore', 'pipe'], env });
  const ended = once(child, 'close');
  let said = '';
  child.stderr.on('data', (chunk) => {
    said += chunk;
  });
  scope.after(async () => {
    child.kill('SIGTERM');
    await ended;
    rmSync(folder, { recursive: true, force: true });
  });
  await until(async () => {
    if (child.exitCode !== null) throw new Error(`${file} has ended:\n${said}`);
    return isOpen(port);
  });
}

/** Whether a server listens on a port of this machine. */
export function isOpen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const end = (open: boolean) => {
      socket.destroy();
      resolve(open);
    };
    socket.once('connect', () => end(true)).once('error', () => end(false));
  });
}
