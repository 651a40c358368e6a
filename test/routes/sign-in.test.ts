import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, test } from 'node:test';
import { sharedApp, startApp } from '../support/app.js';

describe('sign-in', () => {
  const started = sharedApp();

  test('redirects to the policy with PKCE, nonce, state and the right scopes', async () => {
    const app = started();
    const browser = app.browser();
    const answer = await browser.get('/auth/sign_in');
    assert.equal(answer.status, 302);
    const url = new URL(answer.location);
    const clientId = app.emulator.applications[0]?.id ?? '';
    assert.equal(
      url.origin + url.pathname,
      `${app.emulator.authority}/b2c_1_susi/oauth2/v2.0/authorize`,
    );
    const query = Object.fromEntries(url.searchParams);
    assert.equal(query['client_id'], clientId);
    assert.equal(query['response_type'], 'code');
    assert.equal(query['redirect_uri'], `${app.url}/auth/redirect`);
    assert.equal(query['scope'], `openid offline_access ${clientId}`);
    assert.equal(query['code_challenge_method'], 'S256');
    for (const name of ['state', 'nonce', 'code_challenge'])
      assert.match(query[name] ?? '', /^[\w-]{43}$/);
    assert.equal(new Set(['state', 'nonce', 'code_challenge'].map((name) => query[name])).size, 3);
    assert.equal(answer.headers['cache-control'], 'no-store');
  });

  test('attempts never share state, nonce or challenge', async () => {
    const app = started();
    const seen = new Set<string>();
    for (let i = 0; i < 50; i += 1) {
      const { location } = await app.browser().get('/auth/sign_in');
      const { searchParams } = new URL(location);
      for (const name of ['state', 'nonce', 'code_challenge'])
        seen.add(searchParams.get(name) ?? '');
    }
    assert.equal(seen.size, 150);
  });

  test('the attempt cookie is encrypted, HttpOnly and Lax, and expires after an hour', async () => {
    const app = started();
    const browser = app.browser();
    const { location, setCookies } = await browser.get('/auth/sign_in?return_to=/secret-place');
    assert.equal(setCookies.length, 1);
    const state = new URL(location).searchParams.get('state') ?? '';
    const [cookie = ''] = setCookies;
    assert.match(
      cookie,
      /^b2c-attempt-[\w-]{11}=[\w-]+\.[\w-]+; Max-Age=3600; Path=\/; HttpOnly; SameSite=Lax$/,
    );
    assert.equal(cookie.includes(state), false);
    const [, sealed = ''] = (browser.cookies.values().next().value ?? '').split('.');
    assert.doesNotMatch(Buffer.from(sealed, 'base64url').toString('latin1'), /secret-place|signIn/);
  });

  describe('the longest attempt cookie is below 4096 bytes, the limit of browsers,', () => {
    const longest = `/${'a'.repeat(2047)}`;
    const rows: Record<string, [uiLocales: string, passed: boolean]> = {
      'with the longest languages': ['a'.repeat(256), true],
      'with languages that are not language tags': ['字'.repeat(256), false],
    };
    for (const [name, [uiLocales, passed]] of Object.entries(rows)) {
      test(name, async () => {
        const app = started();
        const query = new URLSearchParams({
          return_to: longest,
          ui_locales: uiLocales,
          login_hint: '字'.repeat(256),
          prompt: 'login',
          max_age: '99999999',
        });
        const { status, location, setCookies } = await app.browser().get(`/auth/sign_in?${query}`);
        assert.equal(status, 302);
        assert.equal(new URL(location).searchParams.has('ui_locales'), passed);
        assert.equal(setCookies.length, 1);
        // Name, value and attributes: some browsers count them all.
        const length = setCookies[0]?.length ?? 0;
        assert.ok(length > 2_048 && length < 4_096, `${length}`);
      });
    }
  });

  test('each policy has a route that redirects to its own authorization endpoint', async () => {
    const app = started();
    const rows = [
      ['/auth/edit_profile', 'b2c_1_edit_profile'],
      ['/auth/reset_password', 'b2c_1_reset'],
    ];
    for (const [path = '', policy = ''] of rows) {
      assert.match((await app.browser().get(path)).location, new RegExp(`/${policy}/oauth2/`));
    }
  });

  test('policies that are not configured have no route', async (t) => {
    const policies = { editProfile: undefined, resetPassword: undefined };
    const app = await startApp(t, { config: { policies } });
    for (const path of ['/auth/edit_profile', '/auth/reset_password', '/auth/policy/x']) {
      assert.equal((await app.browser().get(path)).status, 404);
    }
  });

  test('an additional policy has a route with its name', async (t) => {
    const policies = { custom: { name: 'B2C_1A_signup_signin', signsIn: true, label: 'Come in' } };
    const app = await startApp(t, { config: { policies } });
    const browser = app.browser();
    const { location } = await browser.get('/auth/policy/custom?return_to=/auth/token_details');
    assert.match(location, /\/b2c_1a_signup_signin\/oauth2\//);
    const end = await browser.get(await app.control.authorize(location, { as: 'bob@example.com' }));
    assert.equal(end.status, 303, end.body);
    assert.match((await browser.get(end.location)).body, /b2c_1a_signup_signin/);
  });

  describe('the sign-in URL forwards', () => {
    const rows: [string, string, Record<string, string | undefined>][] = [
      [
        'hints and prompt=login',
        'login_hint=a%40example.com&domain_hint=google.com&ui_locales=de&acr_values=mfa%20pwd&prompt=login',
        {
          login_hint: 'a@example.com',
          domain_hint: 'google.com',
          ui_locales: 'de',
          acr_values: 'mfa pwd',
          prompt: 'login',
        },
      ],
      ['no other prompt', 'prompt=none', { prompt: undefined }],
      [
        'no protocol parameter',
        'client_id=x&redirect_uri=https://evil.example&state=x&p=y',
        {
          p: undefined,
        },
      ],
      ['no repeated parameter', 'login_hint=a&login_hint=b', { login_hint: undefined }],
      ['no long value', `login_hint=${'a'.repeat(257)}`, { login_hint: undefined }],
      [
        'no markup or control character',
        'login_hint=%3Cb&ui_locales=a%0d',
        {
          login_hint: undefined,
          ui_locales: undefined,
        },
      ],
    ];
    for (const [name, query, expected] of rows) {
      test(name, async () => {
        const app = started();
        const plain = new URL((await app.browser().get('/auth/sign_in')).location).searchParams;
        const { location } = await app.browser().get(`/auth/sign_in?${query}`);
        const { searchParams } = new URL(location);
        for (const [key, value] of Object.entries(expected)) {
          assert.equal(searchParams.get(key) ?? undefined, value, key);
        }
        for (const key of ['client_id', 'redirect_uri', 'scope', 'response_type']) {
          assert.deepEqual(searchParams.getAll(key), plain.getAll(key));
        }
        assert.equal(searchParams.getAll('state').length, 1);
      });
    }
  });

  describe('the return path after a sign-in', () => {
    const rows: [string, string, string][] = [
      ['is kept', '/a?b=c%20d&e=https://x.example/', '/a?b=c%20d&e=https://x.example/'],
      ['is the start page for another site', '//evil.example', '/'],
      ['is the start page for an absolute URL', 'https://evil.example', '/'],
      ['is the start page for the sign-out page', '/auth/sign_out', '/'],
      ['is the start page for another sign-in', '/auth/sign_in?return_to=/auth/sign_in', '/'],
      ['is the start page for the callback', '/auth/redirect?code=x', '/'],
      ['is the start page if it is missing', '', '/'],
    ];
    for (const [name, returnTo, expected] of rows) {
      test(name, async () => {
        const app = started();
        const browser = app.browser();
        const { location } = await browser.get(
          `/auth/sign_in?return_to=${encodeURIComponent(returnTo)}`,
        );
        const end = await browser.get(
          await app.control.authorize(location, { as: 'alice@example.com' }),
        );
        assert.equal(end.location, expected);
      });
    }
  });

  test('ten tabs can sign in at once and finish in reverse order', async () => {
    const app = started();
    const browser = app.browser();
    const callbacks: string[] = [];
    for (let i = 0; i < 10; i += 1) {
      const { location } = await browser.get(`/auth/sign_in?return_to=/tab-${i}`);
      callbacks.unshift(await app.control.authorize(location, { as: 'alice@example.com' }));
    }
    assert.equal(browser.cookies.size, 10);
    for (const [i, callback] of callbacks.entries()) {
      assert.equal((await browser.get(callback)).location, `/tab-${9 - i}`);
    }
  });

  test('an eleventh attempt replaces the oldest one', async (t) => {
    let time = Date.now();
    const app = await startApp(t, { now: () => time });
    const browser = app.browser();
    const names: string[][] = [];
    for (let i = 0; i < 13; i += 1) {
      time += 1_000;
      await browser.get('/auth/sign_in');
      names.push([...browser.cookies.keys()]);
    }
    assert.equal(browser.cookies.size, 10);
    const firstThree = names[2] ?? [];
    for (const name of firstThree) assert.equal(browser.cookies.has(name), false);
  });

  test('the cookies of attempts with long return paths stay below the limits of proxies and browsers', async (t) => {
    let time = Date.now();
    const app = await startApp(t, { now: () => time });
    const browser = app.browser();
    for (let i = 0; i < 12; i += 1) {
      time += 1_000;
      await browser.get(`/auth/sign_in?return_to=/${i}${'a'.repeat(1_900)}`);
      const total = [...browser.cookies].reduce((sum, [n, v]) => sum + n.length + v.length, 0);
      assert.ok(total <= 6_000 && browser.cookies.size >= 1, `${total} bytes`);
      // The limit of browsers for one cookie (RFC 6265bis, 5.6), with room for `__Host-`.
      for (const [n, v] of browser.cookies) assert.ok(n.length + v.length <= 4_096 - 7);
    }
  });

  test('hundreds of planted attempt cookies do not prevent a sign-in, and keep responses short', async () => {
    const app = started();
    const browser = app.browser();
    for (let i = 0; i < 300; i += 1) browser.cookies.set(`b2c-attempt-${i}`, 'zzzzzzzz.x');
    const { location, setCookies } = await browser.get('/auth/sign_in');
    assert.equal(setCookies.length, 11);
    const end = await browser.get(await app.control.authorize(location, { as: 'bob@example.com' }));
    assert.equal(end.status, 303);
  });

  test('HEAD starts no attempt', async () => {
    const app = started();
    const answer = await app.browser().send('HEAD', '/auth/sign_in');
    assert.equal(answer.status, 204);
    assert.deepEqual(answer.setCookies, []);
  });

  test('client_secret_basic sends the secret in the header', async (t) => {
    const app = await startApp(t, { config: { client: { authMethod: 'client_secret_basic' } } });
    await app.signedIn();
  });

  test('a wrong client secret is logged and not shown to users', async (t) => {
    const app = await startApp(t, { config: { client: { secret: 'not-the-secret' } } });
    const browser = app.browser();
    const { location } = await browser.get('/auth/sign_in');
    const end = await browser.get(
      await app.control.authorize(location, { as: 'alice@example.com' }),
    );
    assert.equal(end.status, 502);
    const line = app.log.of('sign_in_failed').at(-1);
    assert.equal(line?.['code'], 'client_refused');
    assert.equal(line?.['providerCode'], 'AADB2C90081');
  });

  test('each attempt has its own code verifier', async () => {
    // The emulator rejects a wrong verifier.
    const app = started();
    const browser = app.browser();
    const first = new URL((await browser.get('/auth/sign_in')).location);
    const second = new URL((await browser.get('/auth/sign_in')).location);
    const challenge = createHash('sha256').update('another verifier').digest('base64url');
    second.searchParams.set('code_challenge', challenge);
    first.searchParams.set('code_challenge', challenge);
    for (const url of [first, second]) {
      const callback = await app.control.authorize(url.href, { as: 'alice@example.com' });
      assert.equal((await browser.get(callback)).status, 400);
    }
  });
});
