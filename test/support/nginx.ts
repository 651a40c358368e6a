import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Scope } from './redis.js';
import { startServerProcess } from './server-process.js';

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
export const startNginx = (
  scope: Scope,
  { port, http }: { port: number; http: (folder: string) => string },
): Promise<void> =>
  startServerProcess(scope, {
    file: String(NGINX),
    port,
    prepare(folder) {
      const file = path.join(folder, 'nginx.conf');
      writeFileSync(file, main(folder, http(folder)));
      return { args: ['-p', folder, '-e', path.join(folder, 'error.log'), '-c', file] };
    },
  });
