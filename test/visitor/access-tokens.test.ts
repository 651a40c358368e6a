import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import { mountApp, type RunningApp, type StartOptions, singleUse } from '../support/app.js';
import type { Browser } from '../support/browser.js';

const TASKS = 'https://fabrikamb2c.onmicrosoft.com/tasks-api/tasks.read';

interface Given {
  app: RunningApp;
  browser: Browser;
  forwardMinutes(minutes: number): void;
  /** The access token that the application got for its API, or the error code. */
  token(scopes?: string): Promise<string>;
  refreshes(): Promise<number>;
}

/** An application whose page `/token` returns an access token, and a signed-in browser. */
async function signedIn(t: TestContext, options: StartOptions = {}): Promise<Given> {
  // One clock for the application, its libraries and the tenant.
  t.mock.timers.enable({ apis: ['Date'], now: Date.now() });
  const app = await mountApp(
    t,
    async (own, request, response) => {
      const scopes = new URL(request.url ?? '', 'http://localhost').searchParams.getAll('scope');
      response.end(await own.accessToken(request, { scopes }));
    },
    { ...options, config: { session: { idleMinutes: 480 }, ...options.config } },
  );
  const browser = await app.signedIn();
  const signInCalls = await app.control.count('token');
  return {
    app,
    browser,
    forwardMinutes: (minutes) => t.mock.timers.setTime(Date.now() + minutes * 60_000),
    async token(scopes = '') {
      const query = scopes ? `?scope=${encodeURIComponent(scopes)}` : '';
      return (await browser.get(`/token${query}`)).body;
    },
    refreshes: async () => (await app.control.count('token')) - signInCalls,
  };
}

const claimsOf = (token: string): Record<string, unknown> =>
  JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString() || '{}');

test('the token of the sign-in is used until shortly before it expires', async (t) => {
  const { token, forwardMinutes, refreshes } = await signedIn(t);
  const first = await token();
  assert.equal(claimsOf(first)['tfp'], 'B2C_1_susi');
  forwardMinutes(58);
  assert.equal(await token(), first);
  assert.equal(await refreshes(), 0);
  forwardMinutes(1.5);
  const second = await token();
  assert.notEqual(second, first);
  assert.equal(await token(), second);
  assert.equal(await refreshes(), 1);
});

test('after an edit, twenty concurrent requests for an expired token share one refresh', async (t) => {
  const { app, browser, token, forwardMinutes, refreshes } = await signedIn(t, singleUse);
  const { location } = await browser.get('/auth/edit_profile');
  const claims = { name: 'Alice Liddell' };
  const edited = await app.control.authorize(location, { as: 'alice@example.com', claims });
  assert.equal((await browser.get(edited)).status, 303);
  const editCalls = await refreshes();
  const before = await token();
  assert.equal(claimsOf(before)['tfp'], 'B2C_1_susi', 'the edit has left its own token');
  forwardMinutes(60);
  const tokens = await Promise.all(Array.from({ length: 20 }, () => token()));
  assert.equal(new Set(tokens).size, 1);
  assert.equal(claimsOf(tokens[0] ?? '')['tfp'], 'B2C_1_susi');
  assert.notEqual(tokens[0], before);
  assert.equal((await refreshes()) - editCalls, 1);
  // The refresh does not undo the edit.
  assert.match((await browser.get('/auth/token_details')).body, /Alice Liddell/);
  // The next refresh uses the refresh token of this one.
  forwardMinutes(60);
  assert.notEqual(await token(), tokens[0]);
});

test('another API has a separate token, which is kept in addition to the first', async (t) => {
  const { token, forwardMinutes, refreshes } = await signedIn(t, singleUse);
  const own = await token();
  const tasks = await token(TASKS);
  assert.equal(claimsOf(tasks)['scp'], 'tasks.read');
  assert.notEqual(claimsOf(tasks)['aud'], claimsOf(own)['aud']);
  assert.deepEqual([await token(TASKS), await token()], [tasks, own]);
  assert.equal(await refreshes(), 1);
  forwardMinutes(60);
  const both = await Promise.all([token(TASKS), token(), token(TASKS), token()]);
  assert.deepEqual(
    both.map((one) => claimsOf(one)['aud']),
    [tasks, own, tasks, own].map((one) => claimsOf(one)['aud']),
  );
  assert.equal(await refreshes(), 3);
});

test('with the scope of an API in the configuration, the sign-in gets its token', async (t) => {
  const scopes = ['offline_access', TASKS];
  const { app, token, forwardMinutes } = await signedIn(t, { config: { scopes } });
  const { location } = await app.browser().get('/auth/sign_in');
  // The client ID would be a second resource, which B2C rejects.
  assert.equal(new URL(location).searchParams.get('scope'), `openid offline_access ${TASKS}`);
  const first = await token();
  assert.equal(claimsOf(first)['scp'], 'tasks.read');
  forwardMinutes(60);
  assert.equal(claimsOf(await token())['scp'], 'tasks.read');
});

describe('the session ends if', () => {
  test('the account has been disabled', async (t) => {
    const { app, browser, token, forwardMinutes } = await signedIn(t);
    await app.control.disable('alice@example.com');
    forwardMinutes(60);
    assert.equal(await token(), 'not_signed_in');
    assert.equal((await browser.get('/auth/token_details')).status, 401);
    const line = app.log.of('session_expired').at(-1);
    assert.equal(line?.['code'], 'grant_refused');
    assert.match(String(line?.['providerCode']), /^AADB2C9012[89]$/);
    assert.equal(line?.['providerError'], 'invalid_grant');
    assert.match(String(line?.['providerCorrelationId']), /^[0-9a-f-]{36}$/);
  });

  test('the refreshed ID token is of another user', async (t) => {
    const { app, browser, token, forwardMinutes } = await signedIn(t);
    await app.control.fault('other_subject');
    forwardMinutes(60);
    assert.equal(await token(), 'subject_mismatch');
    assert.equal((await browser.get('/auth/token_details')).status, 401);
  });
});

describe('a refresh fails and the session stays with the fault', () => {
  const rows: [fault: string, code: string][] = [
    ['wrong_policy', 'policy_mismatch'],
    ['wrong_issuer', 'id_token_refused'],
    ['wrong_audience', 'id_token_refused'],
    ['wrong_nonce', 'id_token_refused'],
    ['tampered_signature', 'id_token_refused'],
    ['wrong_key', 'id_token_refused'],
    ['expired', 'id_token_refused'],
    ['no_access_token', 'provider_response_invalid'],
    ['token_500', 'provider_unreachable'],
    ['token_429', 'provider_unreachable'],
    ['token_garbage', 'provider_response_invalid'],
    ['token_redirect', 'provider_response_invalid'],
  ];
  for (const [fault, code] of rows) {
    test(fault, async (t) => {
      // The provider replaces the refresh token with each use. The new one must be kept even if the rest of
      // the response is invalid. Without a response there is nothing to keep.
      const nothingCame = fault.startsWith('token_');
      const given = await signedIn(t, nothingCame ? {} : singleUse);
      const { app, browser, token, forwardMinutes } = given;
      forwardMinutes(60);
      await app.control.fault(fault, { times: 1 });
      assert.equal(await token(), code);
      assert.equal((await browser.get('/auth/token_details')).status, 200);
      assert.match(await token(), /^eyJ/);
    });
  }
});

test('an outage of the JWKS during a refresh loses no refresh token', async (t) => {
  const { app, token, forwardMinutes } = await signedIn(t, singleUse);
  await app.control.rotateKeys(false);
  await app.control.fault('keys_500');
  forwardMinutes(60);
  assert.equal(await token(), 'id_token_refused');
  await app.control.noFaults();
  // After the pause between two requests for keys.
  forwardMinutes(1);
  assert.match(await token(), /^eyJ/);
});

test('during an outage of the provider, a token is used until it expires, without a refresh per request', async (t) => {
  const { app, token, forwardMinutes, refreshes } = await signedIn(t);
  const first = await token();
  await app.control.fault('token_500');
  forwardMinutes(59.5);
  for (let i = 0; i < 10; i += 1) assert.equal(await token(), first);
  assert.equal(await refreshes(), 1);
  forwardMinutes(1);
  assert.equal(await token(), 'provider_unreachable');
});

test('concurrent requests during an outage of the provider share one refresh', async (t) => {
  const given = await signedIn(t, { providerTimeoutMs: 1_000 });
  const { app, token, forwardMinutes, refreshes } = given;
  await app.control.fault('token_hang');
  forwardMinutes(61);
  const answers = await Promise.all(Array.from({ length: 10 }, () => token()));
  assert.deepEqual(new Set(answers), new Set(['provider_unreachable']));
  assert.equal(await refreshes(), 1);
});

describe('after a refresh without a response', () => {
  const withoutAnswer = async (t: TestContext, options: StartOptions) => {
    const given = await signedIn(t, { ...options, providerTimeoutMs: 300 });
    given.forwardMinutes(61);
    await given.app.control.fault('token_slow', { times: 1, delayMs: 1_000 });
    assert.equal(await given.token(), 'provider_unreachable');
    return given;
  };

  test('the session stays, and a provider with single-use refresh tokens gets no further request', async (t) => {
    const { app, browser, token, refreshes } = await withoutAnswer(t, singleUse);
    assert.equal(await token(), 'no_refresh_token');
    assert.equal((await browser.get('/auth/token_details')).status, 200);
    assert.equal(app.log.of('refresh_token_lost').length, 1);
    assert.equal(app.log.of('session_expired').length, 0);
    const asked = await refreshes();
    assert.equal(await token(), 'no_refresh_token');
    assert.equal(await refreshes(), asked);
    const { location } = await browser.get('/auth/sign_in');
    await browser.get(await app.control.authorize(location, { as: 'alice@example.com' }));
    assert.match(await token(), /^eyJ/);
  });

  test('a provider with reusable refresh tokens issues another token, and a later rejection ends the session', async (t) => {
    const { app, browser, token, forwardMinutes } = await withoutAnswer(t, {});
    assert.match(await token(), /^eyJ/);
    await app.control.disable('alice@example.com');
    forwardMinutes(61);
    assert.equal(await token(), 'not_signed_in');
    assert.equal((await browser.get('/auth/token_details')).status, 401);
  });
});

test('a refresh does not restore a session that was signed out in the meantime', async (t) => {
  const { app, browser, token, forwardMinutes, refreshes } = await signedIn(t);
  await app.control.fault('token_slow', { times: 1 });
  forwardMinutes(61);
  const copy = browser.cookies.get('b2c-signin') ?? '';
  const asked = await refreshes();
  const late = token();
  while ((await refreshes()) === asked) await new Promise(setImmediate);
  await browser.post('/auth/sign_out');
  assert.equal(await late, 'not_signed_in');
  browser.cookies.set('b2c-signin', copy);
  assert.equal((await browser.get('/auth/token_details')).status, 401);
});

test('without a refresh token, an expired access token requires a new sign-in', async (t) => {
  const { browser, token, forwardMinutes } = await signedIn(t, {
    config: { session: { idleMinutes: 480 }, scopes: [] },
  });
  assert.match(await token(), /^eyJ/);
  forwardMinutes(60);
  assert.equal(await token(), 'no_refresh_token');
  assert.equal((await browser.get('/auth/token_details')).status, 200);
});

test('an unauthenticated request gets no token', async (t) => {
  const { app } = await signedIn(t);
  assert.equal((await app.browser().get('/token')).body, 'not_signed_in');
});

test('two concurrent users each get their own token', async (t) => {
  const { app, token, forwardMinutes } = await signedIn(t);
  const bob = await app.signedIn('bob@example.com');
  forwardMinutes(61);
  const [alices, bobs] = await Promise.all([token(), bob.get('/token')]);
  assert.equal(claimsOf(alices)['name'], 'Alice Example');
  assert.equal(claimsOf(bobs.body)['name'], 'Bob Example');
});
