// `gate.accessToken`: the application receives an access token of the user.
import assert from 'node:assert/strict';
import { beforeEach, describe, test } from 'node:test';
import { sharedApp, startApp } from '../support/app.js';
import type { Answer, Browser } from '../support/browser.js';

const NAMES = ['x-auth-request-access-token', 'x-forwarded-access-token'];
const gate = { accessToken: true, rules: [{ path: '/public', allow: 'everyone' }] };

const verify = (browser: Browser, path = '/orders', headers: Record<string, string> = {}) =>
  browser.get('/auth/verify', { 'x-original-url': `http://localhost${path}`, ...headers });
const tokensIn = ({ headers }: Answer) => NAMES.map((name) => headers[name]);
const claimsOf = (token: unknown) =>
  JSON.parse(Buffer.from(String(token).split('.')[1] ?? '', 'base64url').toString());

let offsetMs = 0;

describe('with gate.accessToken', () => {
  const app = sharedApp({
    config: { gate, session: { idleMinutes: 480 } },
    now: () => Date.now() + offsetMs,
  });
  const setClock = async (seconds: number) => {
    offsetMs = seconds * 1_000;
    await app().control.clock(seconds);
  };
  beforeEach(() => setClock(0));
  /** A user who signed in some time ago: the library does not accept tokens of the future. */
  const signedInBefore = async (seconds: number) => {
    await setClock(-seconds);
    const browser = await app().signedIn();
    const [token] = tokensIn(await verify(browser));
    await setClock(0);
    return { browser, token };
  };

  test('both headers have the token of the sign-in', async () => {
    const browser = await app().signedIn();
    const [first, second] = tokensIn(await verify(browser));
    assert.equal(first, second);
    const { aud, exp } = claimsOf(first);
    assert.equal(aud, app().emulator.applications[0]?.id);
    assert.ok(exp * 1_000 > Date.now());
    const forwarded = await browser.get('/auth/forward', {
      'x-forwarded-host': 'localhost',
      'x-forwarded-uri': '/orders',
    });
    assert.deepEqual(tokensIn(forwarded), [first, second]);
  });

  test('the token is refreshed once, for all concurrent requests', async () => {
    const { browser, token: before } = await signedInBefore(3_580);
    const count = await app().control.count('token');
    const answers = await Promise.all(Array.from({ length: 5 }, () => verify(browser)));
    const tokens = new Set(answers.flatMap(tokensIn));
    assert.equal(tokens.size, 1);
    assert.notEqual([...tokens][0], before);
    assert.equal(await app().control.count('token'), count + 1);
  });

  test('visitors of a public page have empty headers, which overwrite those of the client', async () => {
    const forged = Object.fromEntries(NAMES.map((name) => [name, 'forged']));
    assert.deepEqual(tokensIn(await verify(app().browser(), '/public', forged)), ['', '']);
    const denied = await verify(app().browser());
    assert.equal(denied.status, 401);
    assert.deepEqual(tokensIn(denied), [undefined, undefined]);
  });

  test('another spelling of the headers is refused', async () => {
    const browser = await app().signedIn();
    for (const name of NAMES) {
      const forged = { [name.replaceAll('-', '~')]: 'forged' };
      assert.equal((await verify(browser, '/orders', forged)).status, 403, name);
    }
  });

  test('a user whose refresh token is rejected signs in again; a public page has no token', async () => {
    const { browser } = await signedInBefore(3_605);
    await app().control.fault('token_400', { times: 1 });
    assert.deepEqual(tokensIn(await verify(browser, '/public')), ['', '']);
    assert.equal((await verify(browser)).status, 401);
  });

  test('while the provider is down, an expired token is a 503, and the session stays', async () => {
    const { browser } = await signedInBefore(3_610);
    await app().control.fault('token_500', { times: 2 });
    assert.equal((await verify(browser)).status, 503);
    assert.deepEqual(tokensIn(await verify(browser, '/public')), ['', '']);
    await app().control.noFaults();
    assert.equal((await verify(browser)).status, 202);
  });
});

test('a list of scopes gives the token of that API', async (t) => {
  const uri = 'https://fabrikamb2c.onmicrosoft.com/tasks-api';
  const app = await startApp(t, {
    config: { gate: { accessToken: [`${uri}/tasks.read`] } },
    emulator: {
      applications: [
        { id: 'f0b6e55f-0000-4000-8000-00000000a001', secrets: ['emulator-secret'] },
        { id: 'f0b6e55f-0000-4000-8000-00000000a002', api: { uri, scopes: ['tasks.read'] } },
      ],
    },
  });
  const [token] = tokensIn(await verify(await app.signedIn()));
  const { aud, scp } = claimsOf(token);
  assert.deepEqual([aud, scp], ['f0b6e55f-0000-4000-8000-00000000a002', 'tasks.read']);
});

test('a user without a refresh token signs in again when the token has expired', async (t) => {
  let offset = -3_600_000;
  const app = await startApp(t, {
    config: { gate: { accessToken: true }, scopes: [], session: { idleMinutes: 480 } },
    now: () => Date.now() + offset,
  });
  await app.control.clock(-3_600);
  const browser = await app.signedIn();
  assert.equal((await verify(browser)).status, 202);
  offset = 5_000;
  assert.equal((await verify(browser)).status, 401);
});

test('without the setting, no response has the headers', async (t) => {
  const app = await startApp(t, { config: { gate: {} } });
  assert.deepEqual(tokensIn(await verify(await app.signedIn())), [undefined, undefined]);
});
