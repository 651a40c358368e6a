// Measures the server against a bare node:http server and a minimal use of openid-client, in turns,
// and prints each figure as a ratio. Of pages it compares how long a request keeps the event loop
// busy, which is what limits a server of one process; of sign-ins the CPU time.
import { type ChildProcess, execFileSync, fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Pool, request } from 'undici';
import { createBrowser } from '../support/browser.js';
import { emulatorControl } from '../support/emulator-control.js';
import { freePort } from '../support/free-port.js';
import { flood, getRequest } from '../support/load.js';
import { skipWithoutRedis, startRedis } from '../support/redis.js';
import type { Options } from './child.js';
import { measurePolicies, measurePolicyMemory, measurePolicyRuns } from './policies.js';
import { measureScriptedSignIn } from './scripted-sign-in.js';
import { compareStartUp } from './start-up.js';

// Many short rounds: a long one meets more than one mood of the machine.
// Fewer are enough while you work on something: BENCH_ROUNDS=9 npm run bench.
const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? 80);
const REQUESTS_A_ROUND = 1_000;
const SIGN_INS_A_ROUND = 25;
const START_UP_ROUNDS = 11;
const root = fileURLToPath(new URL('../..', import.meta.url));
const children: ChildProcess[] = [];
const failures: string[] = [];
const ends: (() => Promise<void> | void)[] = [];

// `npm run bench -- gate` measures what has the word in its name.
const words = process.argv.slice(2);
const wanted = (what: string) => words.length === 0 || words.some((word) => what.includes(word));

interface Child<Answer> {
  answer: Answer;
  ask(question: Question): Promise<number>;
}

type Question = 'cpuMicroseconds' | 'busyMicroseconds' | 'heapBytes';

async function start<Answer = unknown>(
  name: string,
  options: Partial<Options> = {},
): Promise<Child<Answer>> {
  const file = fileURLToPath(new URL('./child.js', import.meta.url));
  const child = fork(file, [name, JSON.stringify(options)], { execArgv: ['--expose-gc'] });
  children.push(child);
  const [answer] = await once(child, 'message');
  return {
    answer: answer as Answer,
    async ask(question) {
      child.send(question);
      const [figure] = await once(child, 'message');
      return figure as number;
    },
  };
}

function print(what: string, figure: string, bound?: { ok: boolean; text: string }) {
  console.log(`${what.padEnd(44)} ${figure.padEnd(44)} ${bound ? bound.text : ''}`);
  if (bound && !bound.ok) failures.push(what);
}

interface Measured {
  /** The first server's figure as a part of the second one's: the median of all rounds. */
  ratio: number;
  /** The least that one request took at each. */
  least: [number, number];
}

/**
 * Compares two servers, in turns. A round of one is held against the round of the other beside it,
 * which met the machine in the same mood; the median of that does not depend on a lucky moment.
 */
async function compare(
  question: Question,
  servers: [Served, Served],
  rounds = ROUNDS,
): Promise<Measured> {
  const ratios: number[] = [];
  const least: [number, number] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (let i = 0; i < rounds; i += 1) {
    const figures = [0, 0];
    // Each of them is the first in every other round.
    for (const index of i % 2 === 0 ? ([0, 1] as const) : ([1, 0] as const)) {
      const { child, round } = servers[index];
      const before = await child.ask(question);
      const count = await round();
      const each = ((await child.ask(question)) - before) / count;
      figures[index] = each;
      least[index] = Math.min(least[index], each);
    }
    ratios.push((figures[0] ?? 0) / (figures[1] ?? 1));
  }
  ratios.sort((a, b) => a - b);
  return { ratio: ratios[Math.floor(rounds / 2)] ?? 0, least };
}

interface Served {
  child: Child<unknown>;
  round: () => Promise<number>;
}

async function measurePage(
  what: string,
  {
    app,
    port,
    path: pagePath = '/',
    headers,
    atLeast,
  }: {
    app: Child<unknown>;
    port: number;
    path?: string;
    headers: Record<string, string>;
    atLeast: number;
  },
) {
  if (!wanted(what)) return;
  const {
    statusCode: status,
    headers: received,
    body,
  } = await request(`http://localhost:${port}${pagePath}`, { headers });
  const kept = Object.entries(received).filter(
    ([name]) => !/^(date|connection|keep-alive)$/.test(name),
  );
  const barePort = await freePort();
  const bare = await start('bare', {
    port: barePort,
    status,
    headers: kept.flatMap(([name, value]) => [name, String(value)]),
    body: await body.text(),
  });
  const rounds = (to: number) => async () => {
    const load = { port: to, request: getRequest(pagePath, headers), count: REQUESTS_A_ROUND };
    const statuses = await flood({ ...load, isMeasured: true });
    if (statuses[status] !== REQUESTS_A_ROUND) throw new Error(JSON.stringify(statuses));
    return REQUESTS_A_ROUND;
  };
  const { ratio, least } = await compare('busyMicroseconds', [
    { child: bare, round: rounds(barePort) },
    { child: app, round: rounds(port) },
  ]);
  const [bareTime, appTime] = least;
  print(
    what,
    `${ratio.toFixed(2)} of bare (${appTime.toFixed(1)} against ${bareTime.toFixed(1)} µs)`,
    {
      ok: ratio >= atLeast,
      text: `at least ${atLeast}`,
    },
  );
}

/** As nginx asks about a page. */
const gateRequest = (cookie: string) => ({
  path: '/auth/verify',
  headers: { cookie, 'X-Original-URL': 'https://app.example.com/x', 'X-Original-Method': 'GET' },
});

/** Compares a response of the server with that of the minimal server. */
async function measureAgainstMinimal(
  what: string,
  { app, minimal }: Record<'app' | 'minimal', RunningServer>,
  { path: target, status, atLeast }: { path: string; status: number; atLeast?: number },
) {
  if (!wanted(what)) return;
  const rounds = ({ child, port, cookie }: RunningServer): Served => ({
    child,
    async round() {
      const request = getRequest(target, gateRequest(cookie).headers);
      const statuses = await flood({ port, request, count: REQUESTS_A_ROUND, isMeasured: true });
      if (statuses[status] !== REQUESTS_A_ROUND) throw new Error(JSON.stringify(statuses));
      return REQUESTS_A_ROUND;
    },
  });
  const { ratio, least } = await compare('busyMicroseconds', [rounds(minimal), rounds(app)]);
  const [minimalTime, appTime] = least.map((figure) => figure.toFixed(1));
  const figures = `${ratio.toFixed(2)} of minimal (${appTime} against ${minimalTime} µs)`;
  print(what, figures, atLeast ? { ok: ratio >= atLeast, text: `at least ${atLeast}` } : undefined);
}

interface RunningServer {
  child: Child<unknown>;
  port: number;
  /** The cookies of a signed-in user. */
  cookie: string;
}

async function measureGateWithRedis(
  provider: Partial<Options>,
  signedIn: (port: number) => Promise<string>,
) {
  const what = 'gate: /auth/verify, with Redis';
  if (!wanted(what)) return;
  const reason = skipWithoutRedis();
  if (reason) return print(what, `not measured: ${reason}`);
  const { url: redisUrl } = await startRedis({ after: (end) => ends.push(end) });
  const port = await freePort();
  const app = await start('app', { ...provider, port, redisUrl });
  await measurePage(what, { app, port, ...gateRequest(await signedIn(port)), atLeast: 0.72 });
}

/** The cookies of a browser in which a user has signed in. */
async function cookieOfSignIn(port: number, emulatorUrl: string): Promise<string> {
  const browser = createBrowser(`http://localhost:${port}`);
  const { location } = await browser.get('/auth/sign_in');
  const control = emulatorControl(emulatorUrl);
  await browser.get(await control.authorize(location, { as: 'alice@example.com' }));
  return [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
}

async function measureSignIns(
  app: { child: Child<unknown>; port: number },
  minimal: { child: Child<unknown>; port: number },
  emulatorUrl: string,
) {
  const control = emulatorControl(emulatorUrl);
  const rounds = (port: number) => async () => {
    const pool = new Pool(`http://localhost:${port}`);
    for (let i = 0; i < SIGN_INS_A_ROUND; i += 1) {
      const begun = await pool.request({ path: '/auth/sign_in', method: 'GET' });
      await begun.body.dump();
      const cookie = String(begun.headers['set-cookie'] ?? '').split(';', 1)[0] ?? '';
      const location = String(begun.headers['location']);
      const callback = new URL(await control.authorize(location, { as: 'alice@example.com' }));
      const ended = await pool.request({
        path: callback.pathname + callback.search,
        method: 'GET',
        headers: { cookie },
      });
      await ended.body.dump();
      if (ended.statusCode !== 303) throw new Error(`a sign-in ended with ${ended.statusCode}`);
    }
    await pool.close();
    return SIGN_INS_A_ROUND;
  };
  const { ratio, least } = await compare('cpuMicroseconds', [
    { child: app.child, round: rounds(app.port) },
    { child: minimal.child, round: rounds(minimal.port) },
  ]);
  const [appCpu, minimalCpu] = least;
  const figures = `${(appCpu / 1000).toFixed(2)} against ${(minimalCpu / 1000).toFixed(2)} ms`;
  print('complete sign-in, CPU', `${ratio.toFixed(2)} of the minimum (${figures})`, {
    ok: ratio <= 0.95,
    text: 'at most 0.95',
  });
}

async function measureSessions(app: { child: Child<unknown>; port: number }, emulatorUrl: string) {
  const count = 500;
  const control = emulatorControl(emulatorUrl);
  const before = await app.child.ask('heapBytes');
  for (let i = 0; i < count; i += 1) {
    const browser = createBrowser(`http://localhost:${app.port}`);
    const { location } = await browser.get('/auth/sign_in');
    await browser.get(await control.authorize(location, { as: 'bob@example.com' }));
  }
  const bytes = ((await app.child.ask('heapBytes')) - before) / count;
  print('memory of one session', `${(bytes / 1024).toFixed(1)} KiB`);
}

async function measureStart(provider: {
  authority: string;
  clientId: string;
  clientSecret: string;
}) {
  const folder = mkdtempSync(path.join(tmpdir(), 'b2c-signin-'));
  const [port, minimalPort] = [await freePort(), await freePort()];
  const config = {
    listen: { port },
    tenant: { authority: provider.authority, allowPlainHttp: true },
    client: { id: provider.clientId, secret: provider.clientSecret },
    policies: { signIn: 'B2C_1_susi' },
    session: { secrets: [randomBytes(32).toString('base64url')] },
  };
  writeFileSync(path.join(folder, 'config.json'), JSON.stringify(config));
  const minimal = path.join(root, 'build/bench/minimal.js');
  const options = JSON.stringify({ ...provider, port: minimalPort });
  const { wall, cpu, least } = await compareStartUp(
    [
      { args: [path.join(root, 'dist/server.js')], cwd: folder, port },
      { args: [minimal, options], cwd: folder, port: minimalPort },
    ],
    START_UP_ROUNDS,
  );
  rmSync(folder, { recursive: true });
  const printRatio = (what: string, ratio: number, figures: (number | undefined)[]) => {
    const [appMs, minimalMs] = figures.map((figure) => figure?.toFixed(0));
    print(what, `${ratio.toFixed(2)} of minimal (${appMs} against ${minimalMs} ms)`, {
      ok: ratio <= 1.3,
      text: 'at most 1.3',
    });
  };
  const what = 'start to first page';
  printRatio(
    what,
    wall,
    least.map(({ wallMs }) => wallMs),
  );
  if (cpu === undefined) return print(`${what}, CPU`, 'not measured: there is no /proc');
  return printRatio(
    `${what}, CPU`,
    cpu,
    least.map(({ cpuMs }) => cpuMs),
  );
}

function measurePackages() {
  const listed = execFileSync('npm', ['ls', '--omit=dev', '--all', '--parseable'], {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const folders = listed.trim().split('\n').slice(1);
  const sizeOf = (folder: string): number =>
    readdirSync(folder, { withFileTypes: true }).reduce((sum, entry) => {
      const full = path.join(folder, entry.name);
      return sum + (entry.isDirectory() ? sizeOf(full) : statSync(full).size);
    }, 0);
  const bytes = folders.reduce((sum, folder) => sum + sizeOf(folder), 0);
  print('production packages', `${folders.length}, ${(bytes / 1024 / 1024).toFixed(1)} MiB`);
}

try {
  const emulator = await start<{
    url: string;
    authority: string;
    clientId: string;
    clientSecret: string;
  }>('emulator');
  const { url, ...provider } = emulator.answer;
  const [appPort, minimalPort] = [await freePort(), await freePort()];
  const app = await start('app', { ...provider, port: appPort });
  const minimal = await start('minimal', { ...provider, port: minimalPort });
  const signedIn = (port: number) => cookieOfSignIn(port, url);
  const cookie = await signedIn(appPort);

  const pages = { app, port: appPort };
  await measurePage('anonymous page', { ...pages, headers: {}, atLeast: 0.85 });
  await measurePage('signed-in page', { ...pages, headers: { cookie }, atLeast: 0.68 });
  await measurePage('gate: /auth/verify', { ...pages, ...gateRequest(cookie), atLeast: 0.88 });
  const servers = {
    app: { child: app, port: appPort, cookie },
    minimal: { child: minimal, port: minimalPort, cookie: await signedIn(minimalPort) },
  };
  await measureAgainstMinimal('signed-in page', servers, { path: '/', status: 200, atLeast: 0.95 });
  await measureAgainstMinimal('gate: /auth/verify', servers, { path: '/auth/verify', status: 202 });
  await measureGateWithRedis(provider, signedIn);
  if (wanted('sign-in')) {
    const minimalSignIn = { child: minimal, port: minimalPort };
    await measureSignIns({ child: app, port: appPort }, minimalSignIn, url);
  }
  if (wanted('scripted sign-in')) {
    const urls = { appUrl: `http://localhost:${appPort}`, emulatorUrl: url };
    await measureScriptedSignIn(urls, () => emulator.ask('cpuMicroseconds'), print);
  }
  if (wanted('memory')) await measureSessions({ child: app, port: appPort }, url);
  if (wanted('start')) {
    await measureStart(provider);
  }
  if (wanted('packages')) measurePackages();
  if (wanted('policies run')) await measurePolicyRuns(print);
  // Takes a minute of CPU time, so only when asked for.
  if (words.includes('policies')) await measurePolicies(print);
  // Takes half a minute.
  if (words.some((word) => 'policies memory'.includes(word))) await measurePolicyMemory(print);
} finally {
  for (const child of children) child.kill();
  for (const end of ends.reverse()) await end();
}
if (failures.length > 0) {
  console.error(`\nNot within bounds: ${failures.join(', ')}`);
  process.exitCode = 1;
}
