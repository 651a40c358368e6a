// A tenant of Entra External ID through the whole application.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { beforeEach, describe, test } from 'node:test';
import type { Emulator } from '../../dist/emulator/emulator.js';
import { mountApp, type RunningApp, type StartOptions } from '../support/app.js';
import { type Scope, shared } from '../support/shared.js';

describe('a tenant of Entra External ID', () => {
  const started = shared((scope) => start(scope));
  beforeEach(() => started().reset());

  const TENANT_ID = 'f0b6e55f-0000-4000-8000-000000000001';

  /** The application at an External ID emulator; its page `/token` returns an access token. */
  async function start(
    t: Scope,
    tenant: Record<string, unknown> = {},
    options: StartOptions = {},
  ): Promise<RunningApp> {
    const app = await mountApp(
      t,
      async (own, request, response) => {
        response.end(await own.accessToken(request));
      },
      {
        ...options,
        emulator: { tenant: { kind: 'external-id', id: TENANT_ID } },
        config: {
          policies: undefined,
          tenant: ({ authority, issuer }: Emulator) => ({
            kind: 'external-id',
            authority,
            issuer,
            tenantId: TENANT_ID,
            allowPlainHttp: true,
            ...tenant,
          }),
          ...options.config,
        },
      },
    );
    return app;
  }

  test('a user signs in and has the claims of External ID', async () => {
    const app = started();
    const browser = await app.signedIn();
    const { user } = JSON.parse((await browser.get('/auth/me')).body);
    assert.equal(user.email, 'alice@example.com');
    assert.equal(user.name, 'Alice Example');
    assert.equal(user.claims.tid, TENANT_ID);
    assert.equal('tfp' in user.claims, false);
  });

  test('there are no policies: no routes, no links, no scope of the application itself', async () => {
    const app = started();
    const browser = await app.signedIn();
    assert.doesNotMatch((await browser.get('/')).body, /edit_profile|reset_password/);
    for (const path of ['/auth/edit_profile', '/auth/reset_password']) {
      assert.notEqual((await browser.get(path)).status, 302, path);
    }
    const { location } = await browser.get('/auth/sign_in');
    assert.equal(
      new URL(location).searchParams.get('scope'),
      'openid offline_access profile email',
    );
  });

  test('access tokens are refreshed', async (t) => {
    t.mock.timers.enable({ apis: ['Date'], now: Date.now() });
    const app = await start(t, {}, { config: { session: { idleMinutes: 480 } } });
    const browser = await app.signedIn();
    const first = (await browser.get('/token')).body;
    t.mock.timers.setTime(Date.now() + 60 * 60_000);
    const second = (await browser.get('/token')).body;
    assert.notEqual(second, first);
    assert.match(second, /^eyJ/);
  });

  test('sign-out continues at the tenant', async () => {
    const app = started();
    const browser = await app.signedIn();
    const page = await browser.post('/auth/sign_out');
    assert.match(page.body, new RegExp(`${app.emulator.url}/${TENANT_ID}/oauth2/v2.0/logout`));
  });

  test('errors give an error page, with the code in the log', async () => {
    const app = started();
    const browser = app.browser();
    const { location } = await browser.get('/auth/sign_in');
    const back = await app.control.authorize(location, { as: 'alice@example.com', cancel: true });
    const page = await browser.get(back);
    assert.equal(page.status, 403);
    assert.doesNotMatch(page.body, /AADSTS/);
    const [failure] = app.log.of('sign_in_failed');
    assert.equal(failure?.['code'], 'sign_in_refused');
    assert.equal(failure?.['providerCode'], 'AADSTS65004');
    assert.match(String(failure?.['providerCorrelationId']), /^[0-9a-f-]{36}$/);
  });

  test('errors can redirect back for a code', async (t) => {
    const errors = { AADSTS65004: { goBack: true } };
    const app = await start(t, {}, { config: { errors } });
    const browser = app.browser();
    const { location } = await browser.get('/auth/sign_in?return_to=/sign_in_status');
    const back = await app.control.authorize(location, { as: 'alice@example.com', cancel: true });
    assert.equal((await browser.get(back)).location, '/sign_in_status');
  });

  test('the issuer of another tenant is rejected', async (t) => {
    const app = await start(t, { tenantId: randomUUID() });
    assert.equal((await app.browser().get('/auth/sign_in')).status, 502);
  });
});
