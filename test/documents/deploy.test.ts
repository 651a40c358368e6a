// The guides to run b2c-signin in production, from their own text.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer } from 'node:net';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { createSecureContext } from 'node:tls';
import { Agent } from 'undici';
import { createCertificate } from '../../dist/emulator/certificate.js';
import type { Emulator } from '../../dist/emulator/emulator.js';
import { startEmulator } from '../emulator/support.js';
import { createBrowser } from '../support/browser.js';
import { emulatorControl } from '../support/emulator-control.js';
import { blocksOf, readDocument } from '../support/examples.js';
import { emptyFolder } from '../support/folder.js';
import { freePort } from '../support/free-port.js';
import { moved } from '../support/migrated-app.js';
import { skipWithoutNginx, startNginx } from '../support/nginx.js';
import { runProgram, skipWithoutSignals } from '../support/program.js';
import { headersOfNginx, skipWithoutCaddy, startCaddy } from '../support/proxies.js';
import { skipWithoutRedis, startRedis } from '../support/redis.js';

const SECRET = 'a-session-secret-for-two-replicas-behind-nginx';

/** The first code block of a document in a language that contains `text`. */
function blockWith(document: string, language: string, text: string): string {
  const block = blocksOf(document).find(
    (one) => one.language === language && one.text.includes(text),
  );
  assert.ok(block, `${document}: ${text}`);
  return block.text;
}

test('docs/deploy.md: Caddy in front of one process', { skip: skipWithoutCaddy() }, async (t) => {
  const listen = await freePort(2);
  const publicly = listen + 1;
  const url = `http://localhost:${publicly}`;
  const emulator = await startEmulator(t);
  await startReplica(t, { emulator, url, listen }).start();
  const site = moved(blockWith('docs/deploy.md', 'caddyfile', 'reverse_proxy'), [
    ['signin.example.com', `http://localhost:${publicly}`],
    [':3000', `:${listen}`],
  ]);
  await startCaddy(t, { port: publicly, site });
  const browser = createBrowser(url);
  await signIn(browser, emulator);
  assert.match((await browser.get('/')).body, /Alice Example/);
});

const skip = skipWithoutSignals || skipWithoutRedis() || skipWithoutNginx();

test('docs/scale-out.md: with two replicas, two nginx and a load balancer, a session outlives each of them', {
  skip,
}, async (t) => {
  const emulator = await startEmulator(t);
  const redis = await startRedis(t);
  const first = await freePort(2);
  const second = first + 1;
  const balancer = await startBalancer(t);
  const url = `https://localhost:${balancer.port}`;
  const replicas = [first, second].map((listen) =>
    startReplica(t, { emulator, url, listen, redis: redis.url }),
  );
  await Promise.all(replicas.map((replica) => replica.start()));
  const certificate = createCertificate();
  const proxies = await Promise.all(
    [1, 2].map(() => startProxy(t, { certificate, replicas: [first, second] })),
  );
  balancer.targets.push(...proxies.map(({ port }) => port));

  const secureContext = createSecureContext({ ca: certificate.ca });
  // A new connection for each request, which the load balancer can send to another nginx.
  const dispatcher = new Agent({ connect: { secureContext }, pipelining: 0 });
  t.after(() => dispatcher.destroy());
  const browser = createBrowser(url, { dispatcher });
  const isSignedIn = async () => /Alice Example/.test((await browser.get('/')).body);
  await signIn(browser, emulator);
  assert.ok(await isSignedIn());
  for (const replica of replicas) {
    await replica.stop();
    assert.ok(await isSignedIn());
    await replica.start();
  }
  for (const [index, proxy] of proxies.entries()) {
    assert.ok(balancer.connections[index], `the load balancer used nginx ${index + 1}`);
    if (index === 0) await proxy.stop();
    assert.ok(await isSignedIn());
  }
  assert.equal((await browser.get('/readyz')).status, 200);
});

type Browser = ReturnType<typeof createBrowser>;

async function signIn(browser: Browser, { url }: Emulator): Promise<void> {
  const { location } = await browser.get('/auth/sign_in');
  const back = await emulatorControl(url).authorize(location, { as: 'alice@example.com' });
  assert.equal((await browser.get(back)).status, 303);
}

/** A process of b2c-signin that can be stopped and started again. */
function startReplica(
  t: TestContext,
  options: { emulator: Emulator; url: string; listen: number; redis?: string },
) {
  const { emulator, url, listen, redis } = options;
  const [application] = emulator.applications;
  const cwd = emptyFolder(t);
  const config = {
    baseUrl: url,
    listen: { port: listen },
    tenant: { authority: emulator.authority, allowPlainHttp: true },
    client: { id: application?.id, secret: { env: 'CLIENT_SECRET' } },
    policies: { signIn: 'B2C_1_susi' },
    session: {
      secrets: [{ env: 'SESSION_SECRET' }],
      ...(redis && { store: { kind: 'redis', url: redis } }),
    },
  };
  writeFileSync(path.join(cwd, 'config.json'), JSON.stringify(config), { mode: 0o600 });
  const env = {
    NODE_ENV: 'production',
    CLIENT_SECRET: String(application?.secrets[0]),
    SESSION_SECRET: SECRET,
  };
  let program: ReturnType<typeof runProgram>;
  return {
    async start() {
      program = runProgram(t, [], { cwd, env });
      await program.says(`port ${listen}`);
    },
    async stop() {
      program.child.kill('SIGTERM');
      assert.equal(await program.ended, 0);
    },
  };
}

/** nginx with the documented file, whose upstream is the one for two replicas. */
async function startProxy(
  t: TestContext,
  options: { certificate: { cert: string; key: string }; replicas: readonly number[] },
) {
  const { certificate, replicas } = options;
  const port = await freePort();
  const [first, second] = replicas;
  const upstream = moved(blockWith('docs/scale-out.md', 'nginx', 'upstream b2c_signin'), [
    ['10.0.0.11:3000', `127.0.0.1:${first}`],
    ['10.0.0.12:3000', `127.0.0.1:${second}`],
  ]);
  const ending: (() => unknown)[] = [];
  const stop = async () => {
    for (const end of ending.splice(0)) await end();
  };
  t.after(stop);
  await startNginx(
    { after: (end) => void ending.push(end) },
    {
      port,
      http(folder) {
        const fileOf = (name: 'cert' | 'key') => {
          const file = path.join(folder, `${name}.pem`);
          writeFileSync(file, certificate[name], { mode: 0o600 });
          return file;
        };
        return readDocument('docs/nginx/b2c-signin.conf')
          .replace(/^upstream b2c_signin \{.*?^\}$/ms, () => upstream)
          .replace('listen 443 ssl', `listen 127.0.0.1:${port} ssl`)
          .replace('signin.example.com;', 'localhost;')
          .replace(/ssl_certificate .*;/, `ssl_certificate ${fileOf('cert')};`)
          .replace(/ssl_certificate_key .*;/, `ssl_certificate_key ${fileOf('key')};`)
          .replaceAll(...headersOfNginx(folder))
          .replace(/\/var\/log\/nginx/, folder);
      },
    },
  );
  return { port, stop };
}

/** A load balancer that forwards connections in turn, and tries the next target if one refuses. */
async function startBalancer(t: TestContext) {
  const targets: number[] = [];
  const connections: number[] = [0, 0];
  let next = 0;
  const server = createServer((client) => {
    const attempt = (index: number, remaining: number) => {
      const target = connect(targets[index] ?? 0, '127.0.0.1');
      target.once('error', () => {
        if (remaining > 0) attempt((index + 1) % targets.length, remaining - 1);
        else client.destroy();
      });
      target.once('connect', () => {
        connections[index] = (connections[index] ?? 0) + 1;
        target.removeAllListeners('error').on('error', () => client.destroy());
        client.on('error', () => target.destroy()).pipe(target);
        target.pipe(client);
      });
    };
    next = (next + 1) % targets.length;
    attempt(next, targets.length - 1);
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  t.after(() => server.close());
  return { port: (server.address() as AddressInfo).port, targets, connections };
}
