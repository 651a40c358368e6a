// Starts nginx and Caddy with the files of docs/gate; only names and addresses are replaced.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from './free-port.js';
import { moved } from './migrated-app.js';
import { skipWithoutNginx, startNginx } from './nginx.js';
import type { Scope } from './redis.js';
import { startServerProcess } from './server-process.js';

const FILES = fileURLToPath(new URL('../../docs/gate', import.meta.url));

/** The ports that replace those in the files. */
export interface Places {
  /** The port of the sign-in server. */
  signInPort: number;
  applicationPort: number;
  /** The port of the proxy, which browsers use. */
  port: number;
  /** Sign-in is on the host of the application, as in the files; otherwise those lines are taken out. */
  isOneHost?: boolean;
  /** The sign-ins of one address are limited, by lines that are commented out in the files. */
  isLimited?: boolean;
}

export interface ReverseProxy {
  name: string;
  /** Why tests with it are skipped here, in sight; with CI=true that is a failure. */
  skip: string | false;
  start(scope: Scope, places: Places): Promise<void>;
}

const fileOf = (name: string): string => readFileSync(path.join(FILES, name), 'utf8');

// Two blocks of nginx; the lines of Caddy from the first to the last with /auth/.
const SIGN_IN =
  /^ {4}location ~ \^\/auth\/.*?^ {4}\}\n.*?^ {4}location \/auth\/ \{\n.*?^ {4}\}\n|^\s+respond \/auth\/verify 404.*?reverse_proxy \/auth\/\* .*?\n/ms;

/** A site of docs/gate, for one host or for several. */
function siteOf(name: string, { isOneHost = false }: Places): string {
  const text = fileOf(name);
  if (!SIGN_IN.test(text)) throw new Error(`${name} does not pass sign-in on`);
  return isOneHost ? text : text.replace(SIGN_IN, '');
}

const addresses = ({ signInPort, applicationPort }: Places): [string, string][] => [
  ['127.0.0.1:3000', `127.0.0.1:${signInPort}`],
  ['127.0.0.1:8080', `127.0.0.1:${applicationPort}`],
];

/** Enables the rate limit in a file for nginx. */
const WITH_LIMIT = [
  ['#limit_req', 'limit_req'],
  ['#/signin-oidc', '/signin-oidc'],
  // So slow that the rest of a burst is rejected on a busy machine too.
  ['rate=10r/s', 'rate=1r/m'],
] as const;

/** Writes the file that clears the headers of clients; gives its path in the files, and in the test. */
export function headersOfNginx(folder: string): [from: string, to: string] {
  const file = path.join(folder, 'gate-headers.conf');
  writeFileSync(file, fileOf('nginx-headers.conf'));
  return ['/etc/nginx/gate-headers.conf', file];
}

/** The gate in nginx. */
export function gateOfNginx(folder: string, places: Places): string {
  const gate = path.join(folder, 'gate.conf');
  const headers = headersOfNginx(folder);
  writeFileSync(gate, moved(fileOf('nginx-gate.conf'), [headers]));
  return moved(siteOf('nginx.conf', places), [
    headers,
    ...addresses(places),
    ['listen 80', `listen 127.0.0.1:${places.port}`],
    ['server_name app.example.com;', 'server_name localhost;'],
    ['/etc/nginx/gate.conf', gate],
    ...(places.isOneHost
      ? [['/var/log/nginx/sign-in.log', path.join(folder, 'access.log')] as const]
      : []),
    ...(places.isLimited ? WITH_LIMIT : []),
  ]);
}

/** Sign-in on a separate host, in nginx. */
export function balancerOfNginx(
  folder: string,
  { port, signInPort, isLimited }: Pick<Places, 'port' | 'signInPort' | 'isLimited'>,
): string {
  const one = `127.0.0.1:${signInPort}`;
  return moved(fileOf('../nginx/b2c-signin.conf'), [
    headersOfNginx(folder),
    ['127.0.0.1:3001', one],
    ['127.0.0.1:3002', one],
    ['127.0.0.1:3003', one],
    ['listen 443 ssl', `listen 127.0.0.1:${port}`],
    ['server_name signin.example.com;', 'server_name localhost;'],
    ['ssl_certificate /etc/ssl/signin.example.com.pem;', ''],
    ['ssl_certificate_key /etc/ssl/signin.example.com.key;', ''],
    ['/var/log/nginx/signin.log', path.join(folder, 'access.log')],
    ...(isLimited ? WITH_LIMIT : []),
  ]);
}

/** The gate in Caddy. */
export const gateOfCaddy = (places: Places): string =>
  moved(siteOf('Caddyfile', places), [
    ...addresses(places),
    ['{$SITE:app.example.com} {', `http://localhost:${places.port} {\n\tbind 127.0.0.1`],
  ]);

const CADDY = [process.env['CADDY'], '/usr/bin/caddy'].find((file) => file && existsSync(file));

export const PROXIES: ReverseProxy[] = [
  {
    name: 'nginx',
    skip: skipWithoutNginx(),
    start: (scope, places) =>
      startNginx(scope, {
        port: places.port,
        http: (folder) => gateOfNginx(folder, places),
      }),
  },
  {
    name: 'Caddy',
    skip: skipWithoutCaddy(),
    start: (scope, places) =>
      startCaddy(scope, {
        port: places.port,
        site: gateOfCaddy(places),
      }),
  },
];

export function skipWithoutCaddy(): string | false {
  if (CADDY) return false;
  if (process.env['CI'] === 'true') throw new Error('Caddy is not installed');
  return 'Caddy is not installed (set CADDY to its path)';
}

/** A real Caddy on `port` until the end of the scope; `site` is what stands in its file. */
export const startCaddy = (
  scope: Scope,
  { port, site, env }: { port: number; site: string; env?: Record<string, string> },
): Promise<void> =>
  runCaddy(scope, {
    port,
    env,
    args(folder) {
      const file = path.join(folder, 'Caddyfile');
      writeFileSync(file, `{\n\tadmin off\n\tauto_https off\n}\n${site}`);
      return ['run', '--config', file, '--adapter', 'caddyfile'];
    },
  });

/** Like the function above, with another command. */
export const runCaddy = (
  scope: Scope,
  {
    port,
    args,
    env,
  }: {
    port: number;
    args: (folder: string) => string[];
    env?: Record<string, string> | undefined;
  },
): Promise<void> =>
  startServerProcess(scope, {
    file: String(CADDY),
    port,
    prepare: (folder) => ({
      args: args(folder),
      env: { ...env, HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder },
    }),
  });

export const freePorts = async (): Promise<Places> => {
  const first = await freePort(3);
  return { signInPort: first, applicationPort: first + 1, port: first + 2 };
};
