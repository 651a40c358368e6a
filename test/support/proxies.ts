// nginx and Caddy from the very files of docs/gate: what is replaced in them are names and addresses.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { request } from 'undici';
import { emptyFolder } from './folder.js';
import { freePort } from './free-port.js';
import { keepOutput } from './notes.js';

const FILES = fileURLToPath(new URL('../../docs/gate', import.meta.url));

/** What stands in the files, and where it is in a test. */
export interface Places {
  /** Of the sign-in server. */
  signInPort: number;
  applicationPort: number;
  /** Of the proxy itself, where the application is for browsers. */
  port: number;
}

export interface ReverseProxy {
  name: string;
  /** Why tests with it are skipped here, in sight; with CI=true that is a failure. */
  skip: string | false;
  start(t: TestContext, places: Places): Promise<void>;
}

/** A file of docs/gate; whatever is to be replaced must be there. */
function fileOf(name: string, replacements: [from: string, to: string][]): string {
  let text = readFileSync(path.join(FILES, name), 'utf8');
  for (const [from, to] of replacements) {
    if (!text.includes(from)) throw new Error(`${name} has no ${from}`);
    text = text.replaceAll(from, to);
  }
  return text;
}

const addresses = ({ signInPort, applicationPort }: Places): [string, string][] => [
  ['127.0.0.1:3000', `127.0.0.1:${signInPort}`],
  ['127.0.0.1:8080', `127.0.0.1:${applicationPort}`],
];

const NGINX = '/usr/sbin/nginx';
const CADDY = '/usr/bin/caddy';

export const PROXIES: ReverseProxy[] = [
  {
    name: 'nginx',
    skip: skipWithout('nginx', NGINX),
    async start(t, places) {
      const folder = emptyFolder(t);
      const own = path.join(folder, 'gate.conf');
      writeFileSync(own, fileOf('nginx-gate.conf', []));
      const site = fileOf('nginx.conf', [
        ...addresses(places),
        ['listen 80;', `listen 127.0.0.1:${places.port};`],
        ['server_name app.example.com;', 'server_name localhost;'],
        ['/etc/nginx/gate.conf', own],
      ]);
      const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
        (name) => `${name}_temp_path ${folder}/${name};`,
      );
      const main = [
        `daemon off; master_process off; pid ${folder}/pid; error_log stderr notice;`,
        'events {}',
        `http { access_log off; ${paths.join(' ')}\n${site}\n}`,
      ];
      const file = path.join(folder, 'nginx.conf');
      writeFileSync(file, main.join('\n'));
      await run(t, NGINX, ['-c', file, '-p', folder, '-e', 'stderr'], {
        folder,
        port: places.port,
      });
    },
  },
  {
    name: 'Caddy',
    skip: skipWithout('caddy', CADDY),
    async start(t, places) {
      const folder = emptyFolder(t);
      const site = fileOf('Caddyfile', [
        ...addresses(places),
        ['app.example.com {', `http://localhost:${places.port} {\n\tbind 127.0.0.1`],
      ]);
      const file = path.join(folder, 'Caddyfile');
      writeFileSync(file, `{\n\tadmin off\n\tauto_https off\n}\n${site}`);
      const args = ['run', '--config', file, '--adapter', 'caddyfile'];
      await run(t, CADDY, args, { folder, port: places.port });
    },
  },
];

function skipWithout(name: string, file: string): string | false {
  if (existsSync(file)) return false;
  if (process.env['CI'] === 'true') throw new Error(`${name} is not installed`);
  return `${name} is not installed`;
}

async function run(
  t: TestContext,
  program: string,
  args: string[],
  { folder, port }: { folder: string; port: number },
): Promise<void> {
  mkdirSync(path.join(folder, 'home'));
  const env = { HOME: `${folder}/home`, XDG_DATA_HOME: `${folder}/home`, XDG_CONFIG_HOME: folder };
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], env });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      output += chunk;
    });
  }
  const ended = once(child, 'close');
  t.after(async () => {
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), 5_000);
    await ended;
    clearTimeout(timer);
    keepOutput(output);
  });
  const deadline = Date.now() + 30_000;
  const answers = () =>
    request(`http://127.0.0.1:${port}/`, { headers: { host: `localhost:${port}` } }).then(
      ({ body }) => body.dump().then(() => true),
      () => false,
    );
  while (!(await answers())) {
    if (child.exitCode !== null || Date.now() > deadline) {
      throw new Error(`${program} does not answer:\n${output}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

export const freePorts = async (): Promise<Places> => {
  const first = await freePort(3);
  return { signInPort: first, applicationPort: first + 1, port: first + 2 };
};
