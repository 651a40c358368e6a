import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { Browser } from '../support/browser.js';
import { skipWithoutNginx } from '../support/nginx.js';
import { fileScope, skipWithoutRedis, until } from '../support/redis.js';
import { nameOf, type Site, startSite } from './site.js';

const skip = skipWithoutRedis() || skipWithoutNginx();
const file = fileScope();

const TOKEN_SECONDS = 6;
// A refresh is due in the middle of such a short life.
const DUE_MS = (TOKEN_SECONDS / 2) * 1000 + 200;

describe('three processes behind a balancer', { skip }, () => {
  let site: Site;
  // Their tokens come to their end at the same time, for one test after the other.
  const waiting: Browser[] = [];
  before(async () => {
    site = await startSite(file, { processes: 3, people: 1, tokenSeconds: TOKEN_SECONDS });
    for (let i = 0; i < 3; i += 1) waiting.push(await signedIn());
  });

  const signedIn = async () => {
    const browser = site.browser();
    await site.signIn(browser, nameOf(0));
    return browser;
  };
  /** A browser whose access token is due. */
  const due = async () => {
    if (waiting.length === 3) await delay(DUE_MS);
    return waiting.pop() ?? assert.fail('not enough browsers');
  };
  const processOf = (index: number) => site.processes[index] ?? assert.fail('no such process');
  const isSignedIn = async (browser: Browser) =>
    (await browser.get('/auth/me', { accept: 'application/json' })).status === 200;

  test('make one refresh for twenty requests at the end of a token, which all get the new one', async () => {
    const browser = await due();
    const before = await site.control.count('token');
    const answers = await Promise.all(Array.from({ length: 20 }, () => browser.get('/api')));
    assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([200]));
    assert.equal(new Set(answers.map(({ body }) => body)).size, 1);
    assert.equal((await site.control.count('token')) - before, 1);
    assert.equal(await site.control.reusedTokens(), 0);
  });

  test('leave a session ended that ends at one while another is in the middle of a refresh', async () => {
    const browser = await due();
    const copy = new Map(browser.cookies);
    await site.control.fault('token_slow', { times: 1, delayMs: 1_500 });
    const asked = await site.control.count('token');
    const late = site.at(processOf(0), browser).get('/api');
    while ((await site.control.count('token')) === asked) await delay(20);
    const out = await site
      .at(processOf(1), browser)
      .post('/auth/sign_out', {}, { origin: site.url });
    assert.equal(out.status, 200);
    const { status, body } = await late;
    assert.deepEqual({ status, body }, { status: 303, body: 'not_signed_in' });
    await delay(300);
    for (const process of site.processes) {
      const again = site.at(process, browser);
      for (const [name, value] of copy) again.cookies.set(name, value);
      assert.equal(await isSignedIn(again), false);
    }
  });

  test('keep a session whose refresh dies with its process, and ask for a sign-in when the token is needed', async () => {
    const browser = await due();
    await site.control.fault('token_slow', { times: 1, delayMs: 3_000 });
    const asked = await site.control.count('token');
    const died = assert.rejects(site.at(processOf(0), browser).get('/api'));
    while ((await site.control.count('token')) === asked) await delay(20);
    await processOf(0).kill();
    await died;
    // The lock of the dead process is in the way for five seconds: had it its whole time, this were a 503.
    const answer = await browser.get('/api');
    assert.deepEqual([answer.status, answer.body], [303, 'no_refresh_token']);
    assert.equal(await isSignedIn(browser), true);
    await processOf(0).start();
    await site.signIn(browser, nameOf(0));
    assert.equal((await site.at(processOf(0), browser).get('/api')).status, 200);
  });

  test('answer while one of them is down, and return 503 when all are down', async () => {
    const browser = await signedIn();
    await processOf(1).kill();
    for (let i = 0; i < 6; i += 1) assert.equal(await isSignedIn(browser), true);
    for (const process of site.processes) await process.kill();
    const { status, headers } = await browser.get('/');
    assert.equal(status, 503);
    assert.equal(headers['retry-after'], '5');
    await Promise.all(site.processes.map((process) => process.start()));
    await until(() => isSignedIn(browser));
  });
});
