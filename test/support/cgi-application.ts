import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Scope } from './redis.js';
import { startServerProcess } from './server-process.js';

const LIGHTTPD = [process.env['LIGHTTPD'], '/usr/sbin/lighttpd', '/usr/bin/lighttpd'].find(
  (file) => file && existsSync(file),
);

/** Why tests with lighttpd are skipped; with CI=true that is a failure. */
export function skipWithoutLighttpd(): string | false {
  if (LIGHTTPD) return false;
  if (process.env['CI'] === 'true') throw new Error('lighttpd is not installed');
  return 'lighttpd is not installed (set LIGHTTPD to its path)';
}

// A CGI program that prints its environment: what an application in PHP, Perl or Python reads.
const PROGRAM = '#!/bin/sh\nprintf "Content-Type: text/plain\\r\\n\\r\\n"\nexec env\n';

/** An application behind CGI, as lighttpd runs it: it responds with its variables, one on each line. */
export const startCgiApplication = (scope: Scope, port: number): Promise<void> =>
  startServerProcess(scope, {
    file: String(LIGHTTPD),
    port,
    prepare(folder) {
      const root = path.join(folder, 'root');
      mkdirSync(root);
      writeFileSync(path.join(root, 'index.cgi'), PROGRAM, { mode: 0o755 });
      const config = path.join(folder, 'lighttpd.conf');
      writeFileSync(
        config,
        `server.document-root = "${root}"
server.port = ${port}
server.bind = "127.0.0.1"
server.errorlog = "${folder}/error.log"
server.modules = ("mod_rewrite", "mod_cgi")
cgi.assign = (".cgi" => "")
url.rewrite-once = ("^/.*" => "/index.cgi")
`,
      );
      return { args: ['-D', '-f', config] };
    },
  });

/** The variables of a response, by name. */
export const variablesIn = (body: string): Map<string, string> =>
  new Map(
    body.split('\n').flatMap((line) => {
      const [name, ...value] = line.split('=');
      return name ? [[name, value.join('=')]] : [];
    }),
  );
