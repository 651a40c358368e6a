import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Scope, until } from './redis.js';

const NGINX = [process.env['NGINX'], '/usr/sbin/nginx', '/usr/bin/nginx'].find(
  (file) => file && existsSync(file),
);

/** Why tests with nginx are skipped here, in sight; with CI=true that is a failure. */
export function skipWithoutNginx(): string | false {
  if (NGINX) return false;
  if (process.env['CI'] === 'true') throw new Error('nginx is not installed');
  return 'nginx is not installed (set NGINX to its path)';
}

// Its own folders are root's; one process, because several go in turns each by themselves.
const main = (folder: string, http: string) => `
daemon off;
master_process off;
pid ${folder}/nginx.pid;
error_log ${folder}/error.log warn;
events { worker_connections 4096; }
http {
  access_log off;
  client_body_temp_path ${folder}/body;
  proxy_temp_path ${folder}/proxy;
  fastcgi_temp_path ${folder}/fastcgi;
  uwsgi_temp_path ${folder}/uwsgi;
  scgi_temp_path ${folder}/scgi;
${http}
}
`;

/** A real nginx on `port` until the end of the scope; `http` makes what its http part holds. */
export async function startNginx(
  scope: Scope,
  { port, http }: { port: number; http: (folder: string) => string },
): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), 'b2c-signin-nginx-'));
  const file = path.join(folder, 'nginx.conf');
  writeFileSync(file, main(folder, http(folder)));
  const args = ['-p', folder, '-e', path.join(folder, 'error.log'), '-c', file];
  const child = spawn(String(NGINX), args, { stdio: ['ignore', 'ignore', 'pipe'] });
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
    if (child.exitCode !== null) throw new Error(`nginx has ended:\n${said}`);
    return isOpen(port);
  });
}

/** Whether somebody listens on a port of this machine. */
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
