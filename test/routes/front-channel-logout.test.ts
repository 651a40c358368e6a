// The frame that the provider loads when the user signs out of another application.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { settingsFor } from '../../dist/program/demo.js';
import { startEmulator } from '../emulator/support.js';
import { type RunningApp, sharedApp, startApp } from '../support/app.js';
import type { Answer, Browser } from '../support/browser.js';
import { startCase, visit } from '../support/check-result.js';
import { emulatorControl } from '../support/emulator-control.js';

describe('front-channel logout', () => {
  const started = sharedApp({ emulator: { behavior: { logoutIssuerAndSession: true } } });

  const PATH = '/auth/front_channel_logout';
  const SESSION = 'b2c-signin';
  const LOGOUT = 'b2c-signin-logout';
  const BOB = 'bob@example.com';
  const FRAME = {
    'sec-fetch-site': 'cross-site',
    'sec-fetch-mode': 'navigate',
    'sec-fetch-dest': 'iframe',
  };

  /** Alice in two browsers, Bob in one, at a tenant that gives each of its sessions an ID. */
  async function setUp(app: RunningApp) {
    const [here, there, bob] = [
      await app.signedIn(),
      await app.signedIn(),
      await app.signedIn(BOB),
    ];
    const alive = async () => {
      const pages = [here, there, bob].map((browser) => browser.get('/auth/token_details'));
      return (await Promise.all(pages)).map(({ status }) => status === 200);
    };
    const { issuer } = app.emulator;
    return { app, here, there, bob, alive, issuer, referer: { referer: `${app.emulator.url}/` } };
  }

  type Given = Awaited<ReturnType<typeof setUp>>;

  /** The response to a frame in the provider's page, which sends only the logout cookie. */
  function inFrame(
    app: RunningApp,
    browser: Browser | undefined,
    { query = '', headers = {} }: { query?: string; headers?: Record<string, string> } = {},
  ): Promise<Answer> {
    const frame = app.browser();
    const cookie = browser?.cookies.get(LOGOUT);
    if (cookie) frame.cookies.set(LOGOUT, cookie);
    return frame.get(`${PATH}${query}`, { ...FRAME, ...headers });
  }

  async function sidOf(browser: Browser): Promise<string> {
    const { user } = JSON.parse((await browser.get('/auth/me')).body);
    assert.match(user.claims.sid, /^[0-9a-f-]{36}$/);
    return user.claims.sid;
  }

  const named = (iss: string, sid: string) => `?${new URLSearchParams({ iss, sid })}`;

  test('with iss and sid, the session of that sid ends, in whichever browser the frame is', async () => {
    const { app, here, there, bob, alive, issuer } = await setUp(started());
    const answer = await inFrame(app, bob, { query: named(issuer, await sidOf(there)) });
    assert.equal(answer.status, 200);
    assert.deepEqual(await alive(), [true, false, true]);
    await inFrame(app, undefined, { query: named(issuer, await sidOf(here)) });
    assert.deepEqual(await alive(), [false, false, true]);
    assert.equal(app.log.of('sign_out').length, 2);
  });

  test('all sessions with the same sid end together', async (t) => {
    const given = await startCase(t);
    const signedInWith = async (sid: string) => {
      given.provider.faults = { claims: (claims) => ({ ...claims, sid }) };
      return (await visit(given)).browser;
    };
    const browsers = [
      await signedInWith('one-and-the-same'),
      await signedInWith('one-and-the-same'),
      await signedInWith('another'),
    ];
    const query = named(given.provider.issuer, 'one-and-the-same');
    assert.equal((await given.browser().get(PATH + query, FRAME)).status, 200);
    const pages = await Promise.all(browsers.map((browser) => browser.get('/auth/token_details')));
    assert.deepEqual(
      pages.map(({ status }) => status),
      [401, 401, 200],
    );
  });

  test('without iss and sid, the session of the logout cookie ends', async () => {
    const { app, there, alive, referer } = await setUp(started());
    const answer = await inFrame(app, there, { headers: referer });
    assert.equal(answer.status, 200);
    assert.deepEqual(await alive(), [true, false, true]);
  });

  test('a page of another tenant ends no session', async (t) => {
    const partner = await startEmulator(t);
    const app = await startApp(t, {
      config: { tenants: () => ({ partner: settingsFor(partner) }) },
    });
    const atPartner = app.browser();
    const { location } = await atPartner.get('/auth/tenant/partner/sign_in');
    await atPartner.get(await emulatorControl(partner.url).authorize(location, { as: BOB }));
    for (const [browser, own, other] of [
      [await app.signedIn(), app.emulator, partner],
      [atPartner, partner, app.emulator],
    ] as const) {
      const { body } = await inFrame(app, browser, { headers: { referer: `${other.url}/` } });
      assert.equal((await browser.get('/auth/token_details')).status, 200);
      const answer = await inFrame(app, browser, { headers: { referer: `${own.url}/` } });
      assert.deepEqual([answer.status, answer.body], [200, body]);
      assert.equal((await browser.get('/auth/token_details')).status, 401);
    }
  });

  test('the response is the same with and without a session: empty, and only the provider may frame it', async () => {
    const { app, here, issuer, referer } = await setUp(started());
    const answers = [
      await inFrame(app, here, { headers: referer }),
      await inFrame(app, here, { headers: referer }),
      await inFrame(app, undefined, {}),
      await inFrame(app, undefined, { query: named(issuer, 'an-unknown-session') }),
    ];
    const [first] = answers;
    for (const { status, body, setCookies, headers } of answers) {
      assert.equal(status, 200);
      assert.equal(body, first?.body);
      assert.deepEqual(setCookies, []);
      const { date: _, connection: _c, 'keep-alive': _k, ...own } = headers;
      assert.deepEqual(own, {
        'content-security-policy': `default-src 'none'; base-uri 'none'; frame-ancestors ${app.emulator.url}`,
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'same-origin',
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-embedder-policy': 'require-corp',
        'cross-origin-resource-policy': 'cross-origin',
        'permissions-policy':
          'accelerometer=(), camera=(), geolocation=(), microphone=(), payment=(), usb=()',
        'cache-control': 'no-store',
        vary: 'Cookie, Sec-Fetch-Site, Sec-Fetch-Mode, Sec-Fetch-Dest',
        'content-type': 'text/html; charset=utf-8',
        'content-length': String(body.length),
      });
    }
  });

  describe('no session is ended by', () => {
    interface Attack {
      status: number;
      query?: (given: Given) => Promise<string> | string;
      headers?: (given: Given) => Record<string, string>;
      method?: string;
    }
    const ownQuery = async (given: Given) => named(given.issuer, await sidOf(given.here));
    const changed = (change: (parameters: URLSearchParams, sid: string) => void) => {
      return async (given: Given) => {
        const parameters = new URLSearchParams(await ownQuery(given));
        change(parameters, await sidOf(given.bob));
        return `?${parameters}`;
      };
    };
    const dest = (value: string) => () => ({ 'sec-fetch-dest': value });
    const referer = (value: string) => () => ({ referer: value });
    const rows: Record<string, Attack> = {
      'a frame without a referrer': { status: 403, headers: () => ({}) },
      'a frame of another site': { status: 403, headers: referer('https://evil.example/') },
      'a frame of a site whose URL starts like the provider’s': {
        status: 403,
        headers: ({ app }) => ({ referer: `${app.emulator.url}@evil.example/` }),
      },
      'a frame of a site with the provider’s name in its path': {
        status: 403,
        headers: ({ app }) => ({ referer: `https://evil.example/${app.emulator.url}/` }),
      },
      'a frame of this site': { status: 403, headers: ({ app }) => ({ referer: app.url }) },
      'a referrer that is not a URL': { status: 403, headers: referer('about:client') },
      'an unknown issuer': {
        status: 400,
        query: changed((parameters) => parameters.set('iss', 'https://evil.example/v2.0/')),
      },
      'an issuer with an appended character': {
        status: 400,
        query: changed((parameters) => parameters.append('iss', `${parameters.get('iss')}1`)),
      },
      'an empty issuer': { status: 400, query: changed((all) => all.set('iss', '')) },
      'no issuer': { status: 400, query: changed((all) => all.delete('iss')) },
      'no sid': { status: 400, query: changed((all) => all.delete('sid')) },
      'an empty sid': { status: 400, query: changed((all) => all.set('sid', '')) },
      'two of each': {
        status: 400,
        query: changed((all, sid) => {
          all.append('iss', all.get('iss') ?? '');
          all.append('sid', sid);
        }),
      },
      'a sid with an appended character': {
        status: 200,
        query: changed((all) => all.set('sid', `${all.get('sid')}1`)),
      },
      'the subject as sid': {
        status: 200,
        query: async (given) => {
          const { user } = JSON.parse((await given.here.get('/auth/me')).body);
          return named(given.issuer, user.subject);
        },
      },
      'a HEAD request': { status: 204, method: 'HEAD', query: ownQuery },
      'a page navigation': { status: 403, query: ownQuery, headers: dest('document') },
      'an image': { status: 403, query: ownQuery, headers: dest('image') },
      'a script': { status: 403, query: ownQuery, headers: dest('script') },
      'a fetch': { status: 403, query: ownQuery, headers: dest('empty') },
      'an embedded object': { status: 403, query: ownQuery, headers: dest('embed') },
      'a POST': { status: 405, query: ownQuery, method: 'POST' },
    };
    for (const [name, { status, query, headers, method = 'GET' }] of Object.entries(rows)) {
      test(name, async () => {
        const given = await setUp(started());
        const { app, here, alive, referer } = given;
        const frame = app.browser();
        frame.cookies.set(LOGOUT, here.cookies.get(LOGOUT) ?? '');
        // Everything else is as in a frame of the provider.
        const own = { ...FRAME, ...(headers?.(given) ?? referer) };
        const target = `${PATH}${(await query?.(given)) ?? ''}`;
        const answer = await frame.send(method, target, { ...own, ...(query ? referer : {}) });
        assert.equal(answer.status, status, answer.body);
        assert.deepEqual(await alive(), [true, true, true]);
        assert.equal(app.log.of('sign_out').length, 0);
      });
    }
  });

  describe('the logout cookie', () => {
    test('is not accepted as session cookie', async () => {
      const { app, here } = await setUp(started());
      const thief = app.browser();
      thief.cookies.set(SESSION, here.cookies.get(LOGOUT) ?? '');
      assert.equal((await thief.get('/auth/token_details')).status, 401);
      thief.cookies.set(LOGOUT, here.cookies.get(LOGOUT) ?? '');
      for (const path of ['/auth/token_details', '/auth/sessions', '/auth/me']) {
        assert.equal((await thief.get(path)).status, 401, path);
      }
      await thief.post('/auth/sign_out');
      assert.equal((await here.get('/auth/token_details')).status, 200);
    });

    test('cannot be replaced by a session cookie, and must not be modified', async () => {
      const { app, here, alive, referer } = await setUp(started());
      const cookie = here.cookies.get(LOGOUT) ?? '';
      for (const value of [here.cookies.get(SESSION) ?? '', `${cookie}x`, cookie.slice(1), 'x.y']) {
        const frame = app.browser();
        frame.cookies.set(LOGOUT, value);
        await frame.get(PATH, { ...FRAME, ...referer });
      }
      assert.deepEqual(await alive(), [true, true, true]);
    });

    test('is Secure, HttpOnly and SameSite=None', async () => {
      const { app } = await setUp(started());
      const browser = app.browser();
      const { location } = await browser.get('/auth/sign_in');
      const { setCookies } = await browser.get(await app.control.authorize(location, { as: BOB }));
      const line = setCookies.find((cookie) => cookie.startsWith(`${LOGOUT}=`));
      assert.match(line ?? '', /^[\w-]+=[\w-]+\.[\w-]+; Path=\/; HttpOnly; Secure; SameSite=None$/);
    });
  });
});
