// Measures the cost of one session and one request, in memory and in store commands, for
// docs/capacity.md.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { createBrowser } from '../support/browser.js';
import { emulatorControl } from '../support/emulator-control.js';
import { freePort } from '../support/free-port.js';
import { flood, getRequest } from '../support/load.js';
import type { RedisServer } from '../support/redis.js';
import { nameOf, type Site, startSite } from './site.js';

const SESSIONS = 300;
const PAGES = 10_000;
const TOKEN_SECONDS = 8;
const ends: (() => Promise<void> | void)[] = [];
const scope = { after: (end: () => Promise<void> | void) => ends.push(end) };

const print = (what: string, figure: string) => console.log(`${what.padEnd(44)} ${figure}`);
const perSecond = (cpuMs: number) => Math.round(1000 / cpuMs).toLocaleString('en');
const kib = (bytes: number) => `${(bytes / 1024).toFixed(1)} KiB`;

async function measureStore(site: Site): Promise<void> {
  const used = async () => {
    const info = await site.redis.cli('info', 'memory');
    return Number(/used_memory:(\d+)/.exec(info)?.[1]);
  };
  const before = await used();
  for (let i = 0; i < SESSIONS; i += 1) await site.signIn(site.browser(), nameOf(i));
  print('a session in Redis, all told', kib(((await used()) - before) / SESSIONS));
  const keys = (await site.redis.cli('keys', 'b2c-signin:*')).split('\n');
  for (const [kind, what] of [
    ['session', '  of that its record'],
    ['group', '  of that the index of its user'],
  ]) {
    const own = keys.filter((key) => key.startsWith(`b2c-signin:${kind}:`));
    let bytes = 0;
    for (const key of own) bytes += Number(await site.redis.cli('memory', 'usage', key));
    print(String(what), kib(bytes / own.length));
  }
}

/** Counts the store commands of one user action, without those inside scripts. */
async function measureCommands(site: Site): Promise<void> {
  const commands = await watch(site.redis);
  const browser = site.browser();
  const get = (path: string) => async () => {
    const { status } = await browser.get(path);
    if (status !== 200) throw new Error(`${path}: ${status}`);
  };
  const measure = async (what: string, act: () => Promise<unknown>) => {
    commands.length = 0;
    await act();
    await delay(100);
    print(`commands of ${what}`, `${commands.length} (${commands.join(' ')})`);
  };
  await measure('a page for nobody', async () => site.browser().get('/'));
  await measure('a sign-in', () => site.signIn(browser, nameOf(0)));
  await measure('a page', get('/'));
  await measure('a call for an access token', get('/api'));
  await delay((TOKEN_SECONDS / 2) * 1000);
  await measure('a call that refreshes it', get('/api'));
  await measure('a sign-out', () => browser.post('/auth/sign_out'));
}

/** Measures the cost of a signed-in page for a process that uses the store. */
async function measurePages({ processes: [first], ...site }: Site): Promise<void> {
  if (!first) throw new Error('no process');
  const browser = site.browser();
  await site.signIn(browser, nameOf(0));
  const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  const request = getRequest('/', { cookie });
  const load = { port: first.port, request, count: PAGES, isMeasured: true };
  await flood(load);
  const before = await first.cpuMs();
  const answers = await flood(load);
  if (answers['200'] !== PAGES) throw new Error(JSON.stringify(answers));
  const cpuMs = ((await first.cpuMs()) - before) / PAGES;
  print('CPU of a page', `${cpuMs.toFixed(2)} ms: ${perSecond(cpuMs)} a second`);
}

async function watch({ port }: RedisServer): Promise<string[]> {
  const commands: string[] = [];
  const socket = connect(port, '127.0.0.1');
  socket.setEncoding('latin1').write('MONITOR\r\n');
  scope.after(() => void socket.destroy());
  let rest = '';
  socket.on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\r\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const [, from, command] = /^\+[\d.]+ \[\d+ (\S+)\] "(\w+)"/.exec(line) ?? [];
      if (command && from !== 'lua') commands.push(command.toUpperCase());
    }
  });
  await once(socket, 'data');
  return commands;
}

/** One process that keeps its sessions itself, and what it has used up. */
async function measureProcess(): Promise<void> {
  const file = fileURLToPath(new URL('../bench/child.js', import.meta.url));
  const start = async (name: string, options = {}): Promise<[ChildProcess, unknown]> => {
    const child = fork(file, [name, JSON.stringify(options)], { execArgv: ['--expose-gc'] });
    scope.after(() => void child.kill('SIGKILL'));
    return [child, (await once(child, 'message'))[0]];
  };
  const [, answer] = await start('emulator');
  const tenant = answer as { url: string };
  const port = await freePort();
  const [app] = await start('app', { ...tenant, port });
  const ask = async (question: string) => {
    app.send(question);
    return Number((await once(app, 'message'))[0]);
  };
  const control = emulatorControl(tenant.url);
  const signIn = async () => {
    const browser = createBrowser(`http://localhost:${port}`);
    const { location } = await browser.get('/auth/sign_in');
    await browser.get(await control.authorize(location, { as: 'bob@example.com' }));
  };
  // The first ones compile what the others run.
  for (let i = 0; i < SESSIONS; i += 1) await signIn();
  const before = { heap: await ask('heapBytes'), cpu: await ask('cpuMicroseconds') };
  for (let i = 0; i < SESSIONS; i += 1) await signIn();
  const cpuMs = ((await ask('cpuMicroseconds')) - before.cpu) / SESSIONS / 1000;
  const heap = ((await ask('heapBytes')) - before.heap) / SESSIONS;
  print('a session in the memory of a process', kib(heap));
  print('CPU of a sign-in', `${cpuMs.toFixed(1)} ms: ${perSecond(cpuMs)} a second`);
}

try {
  console.log(`Node ${process.versions.node}, ${SESSIONS} sessions of as many people\n`);
  const options = { processes: 1, people: SESSIONS, tokenSeconds: TOKEN_SECONDS };
  const site = await startSite(scope, options);
  await measureStore(site);
  await measurePages(site);
  await measureCommands(site);
  await measureProcess();
} finally {
  for (const end of ends.reverse()) await end();
}
process.exit();
