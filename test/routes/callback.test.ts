import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type RunningApp, sharedApp, startApp } from '../support/app.js';
import type { Answer, Browser } from '../support/browser.js';
import { flood, getRequest } from '../support/load.js';

describe('the callback', () => {
  const started = sharedApp();

  const SESSION = 'b2c-signin';

  async function begin(app: RunningApp, path = '/auth/sign_in?return_to=/auth/token_details') {
    const browser = app.browser();
    const { location } = await browser.get(path);
    const callback = await app.control.authorize(location, { as: 'alice@example.com' });
    return { browser, callback };
  }

  /** Asserts: no session, an error page in our words, and one log line with the same correlation ID. */
  function assertRefused(
    app: RunningApp,
    answer: Answer,
    browser: Browser,
    status: number,
    code: string,
  ) {
    assert.equal(answer.status, status, answer.body);
    assert.equal(browser.cookies.has(SESSION), false, 'a session has started');
    assert.equal(answer.headers['cache-control'], 'no-store');
    const lines = app.log.of('sign_in_failed').concat(app.log.of('request_failed'));
    const line = lines.at(-1);
    assert.equal(line?.['code'], code, JSON.stringify(lines));
    assert.match(answer.body, new RegExp(String(line?.['correlationId'])));
  }

  async function assertNoLeak(app: RunningApp, text: string, callback: string) {
    const { searchParams } = new URL(callback);
    const [application] = app.emulator.applications;
    const secrets = [...searchParams.values(), application?.secrets[0], 'emulator-secret', 'eyJ'];
    for (const secret of secrets.filter((value) => value && value.length > 2)) {
      assert.equal(text.includes(String(secret)), false, `leaks ${String(secret).slice(0, 20)}`);
    }
  }

  async function assertGoodSignIn(app: RunningApp) {
    const { browser, callback } = await begin(app);
    const answer = await browser.get(callback);
    assert.equal(answer.status, 303, answer.body);
    assert.equal((await browser.get('/auth/token_details')).status, 200);
  }

  test('a valid response starts a session and redirects to the return path', async () => {
    const app = started();
    const { browser, callback } = await begin(app);
    const answer = await browser.get(callback);
    assert.equal(answer.status, 303);
    assert.equal(answer.location, '/auth/token_details');
    const cookie = answer.setCookies.find((line) => line.startsWith(`${SESSION}=`)) ?? '';
    assert.match(cookie, /^b2c-signin=[\w-]{43}\.[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax$/);
    assert.deepEqual(
      [...browser.cookies.keys()],
      [SESSION, 'b2c-signin-logout'],
      'the attempt cookie is deleted',
    );
    const page = await browser.get(answer.location);
    assert.equal(page.status, 200);
    assert.match(page.body, /alice@example\.com/);
  });

  describe('an invalid token or callback is rejected', () => {
    const rows: [fault: string, status: number, code: string][] = [
      ['tampered_signature', 502, 'id_token_refused'],
      ['tampered_claims', 502, 'id_token_refused'],
      ['wrong_key', 502, 'id_token_refused'],
      ['unknown_kid', 502, 'id_token_refused'],
      ['alg_none', 502, 'id_token_refused'],
      ['hs256', 502, 'id_token_refused'],
      ['hs256_public_key', 502, 'id_token_refused'],
      ['wrong_issuer', 502, 'id_token_refused'],
      ['wrong_audience', 502, 'id_token_refused'],
      ['extra_audience', 502, 'id_token_refused'],
      ['wrong_azp', 502, 'id_token_refused'],
      ['wrong_nonce', 502, 'id_token_refused'],
      ['missing_nonce', 502, 'id_token_refused'],
      ['expired', 502, 'id_token_refused'],
      ['future', 502, 'id_token_refused'],
      ['missing_subject', 502, 'id_token_refused'],
      ['empty_subject', 502, 'id_token_refused'],
      ['wrong_policy', 502, 'policy_mismatch'],
      ['missing_policy', 502, 'policy_mismatch'],
      ['no_id_token', 502, 'provider_response_invalid'],
      ['token_400', 502, 'registration_refused'],
      ['token_garbage', 502, 'provider_response_invalid'],
      ['token_huge', 502, 'provider_response_invalid'],
      ['token_redirect', 502, 'provider_response_invalid'],
      ['token_429', 503, 'provider_unreachable'],
      ['token_500', 503, 'provider_unreachable'],
      ['callback_missing_state', 400, 'sign_in_not_started'],
      ['callback_duplicate_state', 400, 'callback_malformed'],
      ['callback_modified_state', 400, 'callback_without_attempt'],
      ['callback_missing_code', 400, 'callback_malformed'],
      ['callback_duplicate_code', 400, 'callback_malformed'],
    ];
    for (const [fault, status, code] of rows) {
      test(`${fault}, and the next sign-in works`, async () => {
        const app = started();
        await app.control.fault(fault, { times: 1 });
        const { browser, callback } = await begin(app);
        const answer = await browser.get(callback);
        assertRefused(app, answer, browser, status, code);
        await assertNoLeak(app, answer.body + app.log.lines.join(''), callback);
        assert.equal(await app.control.followedRedirects(), 0);
        if (fault.startsWith('callback')) assert.equal(await app.control.count('token'), 0);
        await app.control.noFaults();
        await assertGoodSignIn(app);
      });
    }
  });

  test('a redirect URI that ends in a slash is matched exactly', async (t) => {
    const app = await startApp(t, { config: { routes: { callback: '/login/oauth2/code/' } } });
    const browser = app.browser();
    const { location } = await browser.get('/auth/sign_in?return_to=/auth/token_details');
    const redirectUri = new URL(location).searchParams.get('redirect_uri');
    assert.equal(redirectUri, `${app.url}/login/oauth2/code/`);
    const callback = await app.control.authorize(location, { as: 'alice@example.com' });
    const without = callback.replace('/code/?', '/code?');
    assert.equal((await browser.get(without)).status, 404);
    assert.equal((await browser.get(callback)).location, '/auth/token_details');
    const flow = await browser.get('/auth/sign_in?return_to=/login/oauth2/code/');
    const end = await app.control.authorize(flow.location, { as: 'alice@example.com' });
    assert.equal((await browser.get(end)).location, '/', 'it is no return path');
  });

  describe('the log names the invalid claim, without its value', () => {
    const rows = Object.entries({
      ...{ wrong_issuer: 'iss', wrong_audience: 'aud', extra_audience: 'aud', wrong_azp: 'azp' },
      ...{ wrong_nonce: 'nonce', expired: 'exp', future: 'nbf', missing_subject: 'sub is missing' },
      ...{ empty_subject: 'sub', alg_none: 'its header' },
    });
    for (const [fault, claim] of rows) {
      test(fault, async () => {
        const app = started();
        await app.control.fault(fault, { times: 1 });
        const { browser, callback } = await begin(app);
        await browser.get(callback);
        const detail = String(app.log.of('sign_in_failed')[0]?.['detail']);
        assert.match(detail, new RegExp(`^the ID token is refused: ${claim}( \\(OAUTH_\\w+\\))?$`));
      });
    }
  });

  describe('a response that this browser did not request is not redeemed', () => {
    const assertNotRedeemed = async (
      code: string,
      change: (callback: URL, app: RunningApp) => Promise<Browser> | Browser | undefined,
    ) => {
      const app = started();
      const { browser, callback } = await begin(app);
      const url = new URL(callback);
      const other = (await change(url, app)) ?? browser;
      const answer = await other.get(url);
      assertRefused(app, answer, other, 400, code);
      assert.equal(await app.control.count('token'), 0);
      await assertGoodSignIn(app);
    };
    const parameter = (name: string, value: string) => (url: URL) => {
      url.searchParams.set(name, value);
      return undefined;
    };
    const renamed = (name: string, other: string) => (url: URL) => {
      url.searchParams.set(other, url.searchParams.get(name) ?? '');
      url.searchParams.delete(name);
      return undefined;
    };
    const rows: [string, string, Parameters<typeof assertNotRedeemed>[1]][] = [
      ['in a browser without the attempt', 'callback_without_attempt', (_, app) => app.browser()],
      ['with a forged state', 'callback_without_attempt', parameter('state', 'A'.repeat(43))],
      ['with a short state', 'callback_without_attempt', parameter('state', 'x')],
      ['with an empty state', 'callback_malformed', parameter('state', '')],
      [
        'with a state that only starts like the right one',
        'state_mismatch',
        (url) => {
          const state = url.searchParams.get('state') ?? '';
          url.searchParams.set('state', state.slice(0, 11) + 'A'.repeat(32));
          return undefined;
        },
      ],
      ['with an empty code', 'callback_malformed', parameter('code', '')],
      ['with a code of 9 kB', 'callback_malformed', parameter('code', 'x'.repeat(9_000))],
      ['with a code of 15 kB', 'callback_malformed', parameter('code', 'x'.repeat(15_000))],
      ['with a code under another name', 'callback_malformed', renamed('code', 'code[]')],
      ['with a state under another name', 'sign_in_not_started', renamed('state', 'state[]')],
      [
        'with 64 unknown parameters',
        'callback_malformed',
        (url) => {
          for (let i = 0; i < 62; i += 1) url.searchParams.set(`p${i}`, 'x'.repeat(200));
          return undefined;
        },
      ],
      [
        'with a state that is not UTF-8',
        'callback_without_attempt',
        (url) => {
          url.search = '?code=%00%ff%fe&state=%00%ff%fe%0d%0a';
          return undefined;
        },
      ],
      [
        'with an error given twice',
        'callback_malformed',
        (url) => {
          url.search += '&error=a&error=b';
          return undefined;
        },
      ],
      [
        'with the attempt of another browser',
        'callback_without_attempt',
        async (_, app) => (await begin(app)).browser,
      ],
      [
        'with a modified attempt cookie',
        'callback_without_attempt',
        (url, app) => {
          const browser = app.browser();
          const id = url.searchParams.get('state')?.slice(0, 11);
          browser.cookies.set(`b2c-attempt-${id}`, `a.${'A'.repeat(400)}`);
          return browser;
        },
      ],
    ];
    for (const [name, code, change] of rows) test(name, () => assertNotRedeemed(code, change));

    test('with a session cookie as attempt cookie', async () => {
      const app = started();
      const signedIn = await app.signedIn();
      const { callback } = await begin(app);
      const id = new URL(callback).searchParams.get('state')?.slice(0, 11);
      const browser = app.browser();
      browser.cookies.set(`b2c-attempt-${id}`, `a.${signedIn.cookies.get(SESSION)}`);
      const answer = await browser.get(callback);
      assertRefused(app, answer, browser, 400, 'callback_without_attempt');
    });
  });

  test('an attempt cookie is not valid under the name of another attempt', async () => {
    const app = started();
    const one = await begin(app);
    const other = await begin(app);
    const [value = ''] = one.browser.cookies.values();
    const [name = ''] = other.browser.cookies.keys();
    other.browser.cookies.set(name, value);
    assert.equal((await other.browser.get(other.callback)).status, 400);
    assert.equal(await app.control.count('token'), 0);
  });

  test('unknown parameters are ignored', async () => {
    const app = started();
    const { browser, callback } = await begin(app);
    const more = '&session_state=x&code[]=y&__proto__=z&constructor[prototype]=a&=b';
    assert.equal((await browser.get(callback + more)).status, 303);
    assert.equal((await browser.get('/auth/token_details')).status, 200);
  });

  test('twenty parallel requests of one callback make one token request and one session, which stays', async () => {
    const app = started();
    const { browser, callback } = await begin(app);
    const answers = await Promise.all(Array.from({ length: 20 }, () => browser.get(callback)));
    // In any order of the responses, the failures do not change the new session cookie.
    assert.equal((await browser.get('/auth/token_details')).status, 200);
    const statuses = answers.map(({ status }) => status).sort();
    assert.deepEqual(statuses, [303, ...Array(19).fill(400)]);
    assert.equal(await app.control.count('token'), 1);
    const sessions = answers.filter(({ setCookies }) =>
      setCookies.some((line) => line.startsWith(`${SESSION}=`)),
    );
    assert.equal(sessions.length, 1);
  });

  test('a repeated callback keeps the session and redirects to the return path', async () => {
    const app = started();
    const { browser, callback } = await begin(app);
    await browser.get(callback);
    const session = browser.cookies.get(SESSION);
    const again = await browser.get(callback);
    assert.equal(again.status, 303);
    assert.equal(again.location, '/auth/token_details');
    assert.deepEqual(again.setCookies, []);
    assert.equal(browser.cookies.get(SESSION), session);
    assert.equal((await browser.get('/auth/token_details')).status, 200);
    assert.equal(await app.control.count('token'), 1);
  });

  test('a forged callback does not sign out the user', async () => {
    const app = started();
    const browser = await app.signedIn();
    const rows = ['', '?state=x&code=y', '?error=access_denied', '?state=x&error=server_error'];
    for (const query of rows)
      assert.equal((await browser.get(`/auth/redirect${query}`)).status, 400);
    assert.equal((await browser.get('/auth/token_details')).status, 200);
  });

  test('an attempt expires after 15 minutes', async (t) => {
    let offset = 0;
    const app = await startApp(t, { now: () => Date.now() + offset });
    const { browser, callback } = await begin(app);
    offset = 15 * 60_000 + 1_000;
    const answer = await browser.get(callback);
    assertRefused(app, answer, browser, 400, 'attempt_expired');
    assert.equal(await app.control.count('token'), 0);
  });

  test('only GET redeems a code, also with a method override header', async () => {
    const app = started();
    const { browser, callback } = await begin(app);
    const override = { 'x-http-method-override': 'GET', 'x-method-override': 'GET' };
    for (const method of ['HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'TRACE', 'PATCH']) {
      const answer = await browser.send(method, callback, override);
      assert.equal(answer.status, 405, method);
      assert.equal(answer.headers['allow'], 'GET');
      assert.deepEqual(answer.setCookies, []);
    }
    assert.equal(await app.control.count('token'), 0);
    assert.equal((await browser.get(callback)).status, 303);
  });

  test('every sign-in gets a new session ID, and the previous session ends', async () => {
    const app = started();
    const { browser, callback } = await begin(app);
    browser.cookies.set(SESSION, 'planted.by-an-attacker');
    await browser.get(callback);
    const first = browser.cookies.get(SESSION) ?? '';
    const start = await browser.get('/auth/sign_in');
    await browser.get(await app.control.authorize(start.location, { as: 'bob@example.com' }));
    assert.notEqual(browser.cookies.get(SESSION), first);
    assert.match((await browser.get('/auth/token_details')).body, /bob@example\.com/);
    const thief = app.browser();
    thief.cookies.set(SESSION, first);
    assert.equal((await thief.get('/auth/token_details')).status, 401);
  });

  test('an unknown provider error gives an error page in our words, with its code in the log only', async () => {
    const app = started();
    const { browser, callback } = await begin(app);
    const url = new URL(callback);
    url.searchParams.delete('code');
    url.searchParams.set('error', 'server_error');
    const guid = '675c4ad8-eb39-4b4d-9e41-852a2aac9f19';
    const text = `AADB2C90037: <script>alert(1)</script>\r\nCorrelation ID: ${guid}\r\n`;
    url.searchParams.set('error_description', text);
    const answer = await browser.get(url);
    assertRefused(app, answer, browser, 400, 'provider_refused');
    assert.doesNotMatch(answer.body, /AADB2C|alert/);
    assert.match(answer.body, new RegExp(guid));
    const line = app.log.of('sign_in_failed').at(-1);
    assert.equal(line?.['providerCode'], 'AADB2C90037');
    assert.equal(line?.['providerCorrelationId'], guid);
    await assertGoodSignIn(app);
  });

  test('an access_denied without a provider code is a 403', async () => {
    const app = started();
    const { browser, callback } = await begin(app);
    const url = new URL(callback);
    url.searchParams.delete('code');
    url.searchParams.set('error', 'access_denied');
    assertRefused(app, await browser.get(url), browser, 403, 'sign_in_refused');
  });

  test('an empty error parameter next to a code is still an error', async () => {
    const app = started();
    const { browser, callback } = await begin(app);
    const answer = await browser.get(`${callback}&error=`);
    assertRefused(app, answer, browser, 400, 'provider_refused');
    assert.equal(await app.control.count('token'), 0);
  });

  test('a flood of unrequested callbacks makes no token request', async () => {
    const app = started();
    const { browser, callback } = await begin(app);
    const state = new URL(callback).searchParams.get('state') ?? '';
    for (const query of [
      '',
      `state=${'A'.repeat(43)}&code=x`,
      `state=${state}&code=x`,
      'error=x',
    ]) {
      const request = getRequest(`/auth/redirect?${query}`);
      assert.deepEqual(await flood({ port: app.port, request, count: 300 }), { 400: 300 });
    }
    assert.equal(await app.control.count('token'), 0);
    // A sign-in in progress still completes, and is logged.
    assert.equal((await browser.get(callback)).status, 303);
    assert.equal(app.log.of('sign_in_completed').length, 1);
  });
});
