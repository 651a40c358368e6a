import { setTimeout as delay } from 'node:timers/promises';
import type { Scope } from '../support/redis.js';
import { nameOf, type Site, startSite } from './site.js';
import { createSeen, type Seen, type Visitor, visit } from './visitors.js';

export interface RunOptions {
  visitors: number;
  /** The minimum; the run continues until all kills are done. */
  seconds: number;
  /** How many times one process after the other is killed, and how often. */
  kills: number;
  killEverySeconds: number;
  /** When the store is killed, from the start. */
  storeAtSeconds: number;
  tokenSeconds: number;
  /** How long a user reads a page. */
  thinkMs: number;
}

export interface Outcome {
  seen: Seen;
  storeAwayMs: number;
  /** Refreshes that were under way in all processes when one of them was killed. */
  cutOff: number;
  refreshes: number;
  /** Sign-ins whose refresh tokens the tenant has revoked, because one came twice. */
  revokedFamilies: number;
  lostSessions: number;
  /** Why it is no success; empty when it is. */
  breaches: string[];
}

// How long a process or the store stays down.
const DOWN_MS = 700;
// A 503 is short when it is over so soon after the store is back, on a machine with other work too.
const SHORT_MS = 10_000;
const SIGN_INS_AT_ONCE = 8;

/** Simulates users while processes and the store crash and restart. */
export async function run(scope: Scope, options: RunOptions): Promise<Outcome> {
  const { visitors: count, seconds, tokenSeconds, thinkMs } = options;
  const site = await startSite(scope, { processes: 3, people: count, tokenSeconds });
  const visitors = await signAllIn(site, count);
  const cookies = visitors.map(sessionCookie);
  const before = await site.control.count('token');
  const seen = createSeen();
  let over = false;
  const isOver = () => over;
  const atWork = visitors.map((visitor) => visit(site, visitor, { seen, thinkMs, isOver }));
  const [storeAwayMs, cutOff] = await Promise.all([
    restartStore(site, options),
    killInTurns(site, options),
    delay(seconds * 1000),
  ]);
  over = true;
  await Promise.all(atWork);
  const refreshes = (await site.control.count('token')) - before - seen.signInsAgain;
  let lostSessions = 0;
  let renewed = 0;
  for (const [i, visitor] of visitors.entries()) {
    if (!(await isSignedIn(visitor))) lostSessions += 1;
    if (sessionCookie(visitor) !== cookies[i]) renewed += 1;
  }
  const revokedFamilies = await site.control.reusedTokens();
  const outcome = { seen, storeAwayMs, cutOff, refreshes, revokedFamilies, lostSessions };
  return { ...outcome, breaches: breachesOf(outcome, { options, site, renewed }) };
}

function breachesOf(
  {
    seen,
    storeAwayMs,
    cutOff,
    refreshes,
    revokedFamilies,
    lostSessions,
  }: Omit<Outcome, 'breaches'>,
  { options, site, renewed }: { options: RunOptions; site: Site; renewed: number },
): string[] {
  const logged = (event: string) => site.events.get(event) ?? 0;
  const rules: [string, boolean][] = [
    ['a user has lost a session', lostSessions === 0 && logged('session_expired') === 0],
    ['a user got a wrong response', seen.wrong.length === 0],
    ['a user got 503 for too long', seen.longest503Ms < storeAwayMs + SHORT_MS],
    // A process that is killed between the tenant's answer and the store's takes one along.
    ['refresh tokens were used twice', revokedFamilies <= cutOff],
    ['a session was exchanged without need', renewed <= logged('refresh_token_lost')],
    ['an error was not caught', logged('unexpected_error') === 0],
    // Else all this has shown nothing.
    ['no request met a store that was down', logged('store_unreachable') > 0],
    ['hardly any token was refreshed', refreshes >= (options.visitors * options.seconds) / 60],
  ];
  return rules.filter(([, isKept]) => !isKept).map(([what]) => what);
}

async function signAllIn(site: Site, count: number): Promise<Visitor[]> {
  const visitors: Visitor[] = Array.from({ length: count }, (_, i) => ({
    name: nameOf(i),
    browser: site.browser(),
  }));
  const rest = visitors.values();
  const workers = Array.from({ length: SIGN_INS_AT_ONCE }, async () => {
    for (const { browser, name } of rest) await site.signIn(browser, name);
  });
  await Promise.all(workers);
  return visitors;
}

/** Gives how many refreshes were under way at the kills. */
async function killInTurns(
  { processes, redis }: Site,
  { kills, killEverySeconds }: RunOptions,
): Promise<number> {
  let cutOff = 0;
  for (let i = 0; i < kills; i += 1) {
    await delay(killEverySeconds * 1000 - DOWN_MS);
    const victim = processes[i % processes.length];
    const locks = await redis.cli('keys', 'b2c-signin:lock:*').catch(() => '');
    cutOff += locks.split('\n').filter((key) => key.startsWith('b2c-signin:')).length;
    await victim?.kill();
    await delay(DOWN_MS);
    await victim?.start();
  }
  return cutOff;
}

async function restartStore({ redis }: Site, { storeAtSeconds }: RunOptions): Promise<number> {
  await delay(storeAtSeconds * 1000);
  const begun = performance.now();
  await redis.kill();
  await delay(DOWN_MS);
  await redis.start();
  return performance.now() - begun;
}

const sessionCookie = ({ browser }: Visitor) => browser.cookies.get('__Host-b2c-signin');

async function isSignedIn({ browser, name }: Visitor): Promise<boolean> {
  const { status, body } = await browser.get('/auth/me', { accept: 'application/json' });
  return status === 200 && body.includes(name);
}
