// Two tenants side by side, as during a migration: Azure AD B2C first, External ID as "external".
import assert from 'node:assert/strict';
import { beforeEach, describe, test } from 'node:test';
import { createEmulator, type Emulator } from '../../dist/emulator/emulator.js';
import { mountApp, type RunningApp, type StartOptions } from '../support/app.js';
import type { Browser } from '../support/browser.js';
import { type EmulatorControl, emulatorControl } from '../support/emulator-control.js';
import { type Scope, shared } from '../support/shared.js';
import { sharedKeys } from '../support/signing-keys.js';

describe('two tenants', () => {
  const started = shared((scope) => start(scope));
  beforeEach(async () => {
    await started().app.reset();
    await started().externalControl.reset();
  });

  const ALICE = 'alice@example.com';
  const SECRET = 'another-secret-of-the-second-tenant';

  interface Given {
    app: RunningApp;
    /** The second tenant, of External ID. */
    external: Emulator;
    externalControl: EmulatorControl;
    signIn(browser: Browser, tenant: 'b2c' | 'external', claims?: object): Promise<void>;
  }

  async function start(t: Scope, options: StartOptions = {}): Promise<Given> {
    const id = 'f0b6e55f-0000-4000-8000-00000000b001';
    // Not one that tests share: a test stops it.
    const external = await createEmulator({
      keys: await sharedKeys(),
      tenant: { kind: 'external-id', id: '22222222-2222-4222-8222-222222222222' },
      applications: [{ id, secrets: [SECRET] }],
    });
    t.after(() => external.close());
    const { authority, issuer, tenant } = external;
    const app = await mountApp(
      t,
      async (own, request, response) => {
        if (request.url === '/token') return void response.end(await own.accessToken(request));
        if (request.url !== '/orders') return own.listener(request, response);
        await own.requireUser({ maxAgeSeconds: 60 })(request, response, () =>
          response.end('fresh'),
        );
      },
      {
        ...options,
        config: {
          tenants: () => ({
            external: {
              tenant: {
                kind: 'external-id',
                authority,
                issuer,
                tenantId: tenant.id,
                allowPlainHttp: true,
              },
              client: { id, secret: SECRET },
              label: 'Sign in with your new account',
            },
          }),
          ...options.config,
        },
      },
    );
    const externalControl = emulatorControl(external.url);
    return {
      app,
      external,
      externalControl,
      async signIn(browser, which, claims) {
        const path = which === 'b2c' ? '/auth/sign_in' : '/auth/tenant/external/sign_in';
        const { location } = await browser.get(path);
        const control = which === 'b2c' ? app.control : externalControl;
        const callback = await control.authorize(location, {
          as: ALICE,
          ...(claims ? { claims } : {}),
        });
        assert.equal((await browser.get(callback)).status, 303);
      },
    };
  }

  const me = async (browser: Browser) => JSON.parse((await browser.get('/auth/me')).body);

  test('users sign in at either tenant, each with its own redirect URI', async () => {
    const { app, external, signIn } = started();
    const [first, second] = [app.browser(), app.browser()];
    const redirectUri = async (path: string) =>
      new URL((await app.browser().get(path)).location).searchParams.get('redirect_uri');
    assert.equal(await redirectUri('/auth/sign_in'), `${app.url}/auth/redirect`);
    assert.equal(
      await redirectUri('/auth/tenant/external/sign_in'),
      `${app.url}/auth/tenant/external/redirect`,
    );
    await signIn(first, 'b2c');
    await signIn(second, 'external');
    assert.equal((await me(first)).user.claims.iss, app.emulator.issuer);
    assert.equal((await me(second)).user.claims.iss, external.issuer);
  });

  test('tokens are refreshed and sessions ended at the tenant of the session', async (t) => {
    t.mock.timers.enable({ apis: ['Date'], now: Date.now() });
    const { app, external, externalControl, signIn } = await start(t, {
      config: { session: { idleMinutes: 480 } },
    });
    const browser = app.browser();
    await signIn(browser, 'external');
    t.mock.timers.setTime(Date.now() + 60 * 60_000);
    assert.match((await browser.get('/token')).body, /^eyJ/);
    assert.equal(await externalControl.count('token'), 2);
    assert.equal(await app.control.count('token'), 0);
    const { body } = await browser.post('/auth/sign_out');
    assert.match(body, new RegExp(`${external.url}/[^"]*/logout`));
  });

  test('a response at the redirect URI of the other tenant is rejected before any token request', async () => {
    const { app, externalControl } = started();
    for (const [path, right, wrong, control] of [
      ['/auth/sign_in', '/auth/redirect', '/auth/tenant/external/redirect', app.control],
      [
        '/auth/tenant/external/sign_in',
        '/auth/tenant/external/redirect',
        '/auth/redirect',
        externalControl,
      ],
    ] as const) {
      const browser = app.browser();
      const { location } = await browser.get(path);
      const callback = await control.authorize(location, { as: ALICE });
      const moved = callback.replace(right, wrong);
      assert.notEqual(moved, callback);
      const page = await browser.get(moved);
      assert.equal(page.status, 400);
      assert.match(page.body, new RegExp(`href="${path}[?"]`));
      assert.equal(browser.cookies.has('b2c-signin'), false);
      assert.equal((await browser.get(callback)).status, 400, 'the attempt can be used once');
    }
    assert.deepEqual(
      app.log.of('sign_in_failed').map(({ code }) => code),
      ['state_mismatch', 'callback_without_attempt', 'state_mismatch', 'callback_without_attempt'],
    );
    assert.equal(await app.control.count('token'), 0);
    assert.equal(await externalControl.count('token'), 0);
  });

  test('the same sub at two tenants is two users', async () => {
    const { app, signIn } = started();
    const sub = 'the-same-sub';
    const [first, second] = [app.browser(), app.browser()];
    await signIn(first, 'b2c', { sub });
    await signIn(second, 'external', { sub });
    for (const browser of [first, second]) {
      const { body } = await browser.get('/auth/sessions');
      assert.equal(body.match(/<time/g)?.length, 1, body);
    }
    await first.post('/auth/sessions', { end: 'all' });
    assert.equal((await me(second)).signedIn, true);
    const { location } = await second.get('/auth/edit_profile');
    const callback = await app.control.authorize(location, { as: ALICE, claims: { sub } });
    assert.equal((await second.get(callback)).status, 403);
    assert.deepEqual(
      app.log.of('sign_in_failed').map(({ code }) => code),
      ['subject_mismatch'],
    );
  });

  test('a frame of one tenant ends no session of the other, even with the same sid', async () => {
    const { app, external, signIn } = started();
    const sid = 'the-same-sid';
    const [first, second] = [app.browser(), app.browser()];
    await signIn(first, 'b2c', { sid });
    await signIn(second, 'external', { sid });
    const iss = encodeURIComponent(external.issuer);
    await app.browser().get(`/auth/front_channel_logout?iss=${iss}&sid=${sid}`, {
      'sec-fetch-dest': 'iframe',
      'sec-fetch-site': 'cross-site',
    });
    assert.equal((await me(first)).signedIn, true);
    assert.equal((await me(second)).signedIn, false);
  });

  test('re-authentication uses the tenant of the session', async () => {
    const { app, external, signIn } = started();
    const browser = app.browser();
    await signIn(browser, 'external');
    const { location } = await browser.get('/orders');
    assert.match(location, /^\/auth\/tenant\/external\/sign_in\?return_to=%2Forders&prompt=login/);
    assert.ok((await browser.get(location)).location.startsWith(external.url));
  });

  test('pages show the sign-in links of all tenants, and after sign-in the links of the user’s tenant', async () => {
    const { app, signIn } = started();
    const browser = app.browser();
    const link =
      /href="\/auth\/tenant\/external\/sign_in\?return_to=%2F"><bdi>Sign in with your new/;
    assert.match((await browser.get('/')).body, link);
    assert.match(
      (await browser.get('/auth/token_details')).body,
      /href="\/auth\/tenant\/external\/sign_in\?return_to=%2Fauth%2Ftoken_details"/,
    );
    await signIn(browser, 'external');
    assert.doesNotMatch((await browser.get('/')).body, /edit_profile|tenant\/external\/sign/);
    await signIn(browser, 'b2c');
    assert.match((await browser.get('/')).body, /edit_profile/);
  });

  test('a tenant that is down does not affect the other', async (t) => {
    const { app, external, signIn } = await start(t);
    await external.close();
    const browser = app.browser();
    assert.equal((await browser.get('/auth/tenant/external/sign_in')).status, 503);
    await signIn(browser, 'b2c');
    const { status, body } = await browser.get('/readyz');
    assert.equal(status, 503);
    assert.deepEqual(JSON.parse(body).policies.includes('external/signIn'), true);
  });
});
