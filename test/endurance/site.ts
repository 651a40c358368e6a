import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createSecureContext } from 'node:tls';
import { fileURLToPath } from 'node:url';
import { Agent } from 'undici';
import { createCertificate } from '../../dist/emulator/certificate.js';
import { createEmulator, type Emulator } from '../../dist/emulator/emulator.js';
import { type Browser, createBrowser } from '../support/browser.js';
import { type EmulatorControl, emulatorControl } from '../support/emulator-control.js';
import { freePort } from '../support/free-port.js';
import { keepOutput, note } from '../support/leak-notes.js';
import { startNginx } from '../support/nginx.js';
import { headersOfNginx } from '../support/proxies.js';
import { KEPT, type RedisServer, type Scope, startRedis } from '../support/redis.js';

const APPLICATION = fileURLToPath(new URL('application.js', import.meta.url));
const NGINX_CONFIG = fileURLToPath(new URL('../../docs/nginx/b2c-signin.conf', import.meta.url));
const SECRET = 'a-session-secret-for-several-processes';

/** One application as it runs in production: a balancer, several processes, a store, a tenant. */
export interface Site {
  /** The URL of the load balancer. */
  url: string;
  emulator: Emulator;
  control: EmulatorControl;
  redis: RedisServer;
  processes: SiteProcess[];
  /** How often a line of the log of any process told of each event. */
  events: ReadonlyMap<string, number>;
  /** A browser that comes through the balancer. */
  browser(): Browser;
  /** A copy of the browser, at one process without the load balancer. */
  at(process: SiteProcess, browser: Browser): Browser;
  signIn(browser: Browser, as: string): Promise<void>;
}

export interface SiteProcess {
  port: number;
  /** Ends it at once, as a crash does. */
  kill(): Promise<void>;
  /** Starts it again at the same port. */
  start(): Promise<void>;
  /** The CPU time that it has used up. */
  cpuMs(): Promise<number>;
}

export interface SiteOptions {
  processes: number;
  /** How many people have an account: `visitor-0@example.com` and so on. */
  people: number;
  tokenSeconds: number;
}

export const nameOf = (index: number): string => `visitor-${index}@example.com`;

/** Starts all of it; everything ends with the scope. */
export async function startSite(scope: Scope, options: SiteOptions): Promise<Site> {
  const emulator = await createEmulator({
    // The strictest provider: a refresh token that comes twice costs everything that came of its sign-in.
    policies: [
      {
        name: 'B2C_1_susi',
        singleUseRefreshTokens: true,
        tokenLifetimeMinutes: options.tokenSeconds / 60,
      },
    ],
    accounts: Array.from({ length: options.people }, (_, i) => ({ email: nameOf(i) })),
  });
  scope.after(() => emulator.close());
  const redis = await startRedis(scope, { args: KEPT });
  const folder = mkdtempSync(path.join(tmpdir(), 'b2c-signin-site-'));
  scope.after(() => rmSync(folder, { recursive: true, force: true }));
  const publicPort = await freePort();
  const url = `https://localhost:${publicPort}`;
  const events = new Map<string, number>();
  const processes: SiteProcess[] = [];
  for (let i = 0; i < options.processes; i += 1) {
    const port = await freePort();
    const file = path.join(folder, `config-${i}.json`);
    writeFileSync(file, JSON.stringify(configOf({ emulator, redis, url, port })));
    const process = createProcess(scope, { port, file, events });
    await process.start();
    processes.push(process);
  }
  const certificate = createCertificate();
  const ports = processes.map(({ port }) => port);
  await startNginx(scope, {
    port: publicPort,
    http: (folder) => siteConfig({ folder, certificate, port: publicPort, ports }),
  });
  const control = emulatorControl(emulator.url);
  const connect = { secureContext: createSecureContext({ ca: certificate.ca }) };
  const dispatcher = new Agent({ connect, keepAliveTimeout: 30_000 });
  scope.after(() => dispatcher.destroy());
  return {
    ...{ url, emulator, control, redis, processes, events },
    browser: () => createBrowser(url, { dispatcher }),
    at({ port }, browser) {
      const other = createBrowser(`http://localhost:${port}`);
      for (const [name, value] of browser.cookies) other.cookies.set(name, value);
      return other;
    },
    async signIn(browser, as) {
      const { location } = await browser.get('/auth/sign_in');
      const { status } = await browser.get(await control.authorize(location, { as }));
      if (status !== 303) throw new Error(`sign-in ended with ${status}`);
    },
  };
}

function configOf({
  emulator,
  redis,
  url,
  port,
}: {
  emulator: Emulator;
  redis: RedisServer;
  url: string;
  port: number;
}) {
  const [application] = emulator.applications;
  note('session secret', SECRET);
  return {
    baseUrl: url,
    listen: { port },
    tenant: { authority: emulator.authority, allowPlainHttp: true },
    client: { id: application?.id, secret: application?.secrets[0] },
    policies: { signIn: 'B2C_1_susi' },
    session: { secrets: [SECRET], store: { kind: 'redis', url: redis.url } },
  };
}

function createProcess(
  scope: Scope,
  { port, file, events }: { port: number; file: string; events: Map<string, number> },
): SiteProcess {
  let child: ChildProcess | undefined;
  const hear = (line: string) => {
    keepOutput(line);
    const event = /"msg":"(\w+)"/.exec(line)?.[1];
    if (event) events.set(event, (events.get(event) ?? 0) + 1);
  };
  const own: SiteProcess = {
    port,
    async kill() {
      if (!child || child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'close');
      child.kill('SIGKILL');
      await ended;
    },
    async start() {
      child = fork(APPLICATION, [file], {
        // One that is killed tells nothing of its coverage, and the others would be slower.
        env: { ...process.env, NODE_ENV: 'production', NODE_V8_COVERAGE: undefined },
        stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      });
      for (const stream of [child.stdout, child.stderr]) {
        let rest = '';
        stream?.setEncoding('utf8').on('data', (chunk: string) => {
          const lines = (rest + chunk).split('\n');
          rest = lines.pop() ?? '';
          lines.forEach(hear);
        });
      }
      const [message] = await Promise.race([once(child, 'message'), once(child, 'exit')]);
      if (message !== 'listening') throw new Error(`a process ended at its start: ${message}`);
    },
    async cpuMs() {
      if (!child) throw new Error('it has not been started');
      child.send('cpu');
      return Number((await once(child, 'message'))[0]);
    },
  };
  scope.after(own.kill);
  return own;
}

/** The configuration of the documentation, with the addresses and the certificate of this site. */
function siteConfig({
  folder,
  certificate,
  port,
  ports,
}: {
  folder: string;
  certificate: { cert: string; key: string };
  port: number;
  ports: number[];
}): string {
  const fileOf = (name: 'cert' | 'key') => {
    const file = path.join(folder, `${name}.pem`);
    writeFileSync(file, certificate[name], { mode: 0o600 });
    return file;
  };
  const rest = [...ports];
  return readFileSync(NGINX_CONFIG, 'utf8')
    .replace(/^.*server 127\.0\.0\.1:\d+(.*)\n/gm, (_line, how: string) => {
      const own = rest.shift();
      return own ? `  server 127.0.0.1:${own}${how}\n` : '';
    })
    .replace('listen 443 ssl', `listen 127.0.0.1:${port} ssl`)
    .replace('signin.example.com;', 'localhost;')
    .replace(/ssl_certificate .*;/, `ssl_certificate ${fileOf('cert')};`)
    .replace(/ssl_certificate_key .*;/, `ssl_certificate_key ${fileOf('key')};`)
    .replaceAll(...headersOfNginx(folder))
    .replace(/\/var\/log\/nginx/, folder);
}
