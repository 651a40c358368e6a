// Claims that the provider changes or removes during a session.
import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import { mountApp } from '../support/app.js';
import {
  assertAccepted,
  type Case,
  type CaseOptions,
  startCase,
  visit,
} from '../support/check-result.js';
import type { FaultyProvider, Json } from '../support/faulty-provider.js';

const ADMIN = { role: 'admin', groups: ['staff', 'admin'] };

/** The provider's tokens have these claims from now on. */
const setClaims = (provider: FaultyProvider, changed: Json) => {
  provider.faults = { claims: (claims) => ({ ...claims, ...changed }) };
};

/** A user who has signed in as an administrator, in an application with a page for administrators. */
async function setUp(t: TestContext, options: CaseOptions = {}) {
  const given = await startCase(t, {
    faults: () => ({ claims: (claims) => ({ ...claims, ...ADMIN }) }),
    async application(app, request, response) {
      if (request.url === '/token') return void response.end(await app.accessToken(request));
      if (request.url === '/api') {
        return void response.end(await app.accessToken(request, { scopes: ['api://x/read'] }));
      }
      const guard = app.requireUser({ claims: { role: ['admin'] } });
      await guard(request, response, async () => {
        response.end(JSON.stringify((await app.userOf(request))?.claims));
      });
    },
    ...options,
  });
  const result = await visit(given);
  await assertAccepted(given, result);
  return { ...given, browser: result.browser };
}

type Signed = Awaited<ReturnType<typeof setUp>>;

/** The first refresh after the access token has expired. */
async function refresh({ browser, forwardSeconds }: Pick<Signed, 'browser' | 'forwardSeconds'>) {
  forwardSeconds(301);
  assert.match((await browser.get('/token')).body, /^marker-access-token/);
}

test('a role that the provider removes is removed with the next refresh', async (t) => {
  const signed = await setUp(t);
  assert.equal((await signed.browser.get('/admin')).status, 200);
  signed.provider.faults = {};
  assert.equal((await signed.browser.get('/admin')).status, 200, 'before the refresh');
  await refresh(signed);
  assert.equal((await signed.browser.get('/admin')).status, 403);
  assert.doesNotMatch((await signed.browser.get('/auth/token_details')).body, /admin/);
});

test('a role that the provider adds is added with the next refresh', async (t) => {
  const signed = await setUp(t, { faults: () => ({}) });
  assert.equal((await signed.browser.get('/admin')).status, 403);
  setClaims(signed.provider, ADMIN);
  await refresh(signed);
  const { status, body } = await signed.browser.get('/admin');
  assert.equal(status, 200);
  assert.deepEqual(JSON.parse(body).groups, ADMIN.groups);
});

test('a refresh does not make the authentication look recent', async (t) => {
  const signed = await setUp(t);
  const authTime = JSON.parse((await signed.browser.get('/admin')).body).auth_time;
  await refresh(signed);
  assert.equal(JSON.parse((await signed.browser.get('/admin')).body).auth_time, authTime);
});

test('at a provider with UserInfo, the claims come from there again, unless it fails', async (t) => {
  const userInfo = { sub: 'a-subject', ...ADMIN };
  const tenant = ({ issuer, authority, policy }: FaultyProvider) => ({
    ...{ kind: 'generic', issuer },
    discovery: `${authority}/${policy}/v2.0/.well-known/openid-configuration`,
  });
  const scopes = ['offline_access', 'profile'];
  const signed = await setUp(t, { tenant, scopes, faults: () => ({ userInfo }) });
  assert.equal((await signed.browser.get('/admin')).status, 200);
  // UserInfo of another user.
  signed.provider.faults = {};
  await refresh(signed);
  assert.equal((await signed.browser.get('/admin')).status, 200);
  signed.provider.faults = { userInfo: { sub: 'a-subject', role: 'reader' } };
  await refresh(signed);
  assert.equal((await signed.browser.get('/admin')).status, 403);
});

describe('after a profile edit at the emulator, and the loss of a role, a refreshed token', () => {
  const ALICE = 'alice@example.com';
  const rows = [
    ['repeats the claims of the sign-in, as user flows do: the edit stays', 'repeat', 'admin'],
    ['has the current claims, as custom policies do: the role is removed', 'current', undefined],
  ] as const;
  for (const [name, refreshedClaims, role] of rows) {
    test(name, async (t) => {
      t.mock.timers.enable({ apis: ['Date'], now: Date.now() });
      const policies = [
        { name: 'B2C_1_susi', refreshedClaims },
        { name: 'B2C_1_edit_profile', kind: 'editProfile' as const },
      ];
      const app = await mountApp(
        t,
        async (own, request, response) => {
          await own.accessToken(request);
          response.end(JSON.stringify((await own.userOf(request))?.claims));
        },
        { emulator: { policies }, config: { session: { idleMinutes: 480 } } },
      );
      await app.control.changeAccount(ALICE, { claims: { role: 'admin' } });
      const browser = await app.signedIn(ALICE);
      const claimsNow = async () => JSON.parse((await browser.get('/claims')).body);
      assert.equal((await claimsNow()).role, 'admin');
      const { location } = await browser.get('/auth/edit_profile');
      await app.control.changeAccount(ALICE, { displayName: 'Alice Liddell' });
      await browser.get(await app.control.authorize(location, { as: ALICE }));
      await app.control.changeAccount(ALICE, { claims: { role: null } });
      t.mock.timers.setTime(Date.now() + 60 * 60_000);
      const claims = await claimsNow();
      assert.deepEqual([claims.name, claims.role], ['Alice Liddell', role]);
    });
  }
});

describe('gate.refreshClaimsSeconds', () => {
  const gate = {
    refreshClaimsSeconds: 60,
    rules: [{ path: '/', claims: { role: ['admin'] } }],
  };
  const verify = async ({ browser }: Pick<Signed, 'browser'>) => {
    const headers = { 'x-forwarded-uri': '/', 'x-forwarded-host': 'localhost' };
    return (await browser.get('/auth/verify', headers)).status;
  };
  const refreshes = ({ provider }: Pick<Case, 'provider'>) => provider.counts.refresh;

  test('without it, the gate never refreshes', async (t) => {
    const signed = await setUp(t, { gate: { rules: gate.rules } });
    signed.provider.faults = {};
    signed.forwardSeconds(1_000);
    assert.equal(await verify(signed), 202);
    assert.equal(refreshes(signed), 0);
  });

  test('the gate refreshes claims of that age, once for concurrent requests, and denies access', async (t) => {
    const signed = await setUp(t, { gate });
    signed.provider.faults = {};
    signed.forwardSeconds(59);
    assert.equal(await verify(signed), 202);
    assert.equal(refreshes(signed), 0);
    signed.forwardSeconds(1);
    const statuses = await Promise.all(Array.from({ length: 10 }, () => verify(signed)));
    assert.deepEqual(new Set(statuses), new Set([403]));
    assert.equal(refreshes(signed), 1);
    assert.equal(await verify(signed), 403);
    assert.equal(refreshes(signed), 1);
  });

  test('a rejected refresh token ends the session', async (t) => {
    const signed = await setUp(t, { gate });
    signed.provider.faults = {
      wire: {
        token(response) {
          response.writeHead(400, { 'content-type': 'application/json' });
          response.end('{"error":"invalid_grant"}');
        },
      },
    };
    signed.forwardSeconds(60);
    assert.equal(await verify(signed), 401);
    assert.equal(signed.log.of('session_expired').at(-1)?.['code'], 'grant_refused');
  });

  test('during an outage of the provider, the claims stay, with one attempt in ten seconds', async (t) => {
    const signed = await setUp(t, { gate });
    signed.provider.faults = { wire: { token: (response) => response.destroy() } };
    signed.forwardSeconds(60);
    for (let i = 0; i < 5; i += 1) assert.equal(await verify(signed), 202);
    assert.equal(refreshes(signed), 1);
    assert.equal(signed.log.of('claims_refresh_failed').length, 1);
    signed.provider.faults = {};
    signed.forwardSeconds(10);
    assert.equal(await verify(signed), 403);
    assert.equal(refreshes(signed), 2);
  });

  test('without a refresh token, the claims of the sign-in stay', async (t) => {
    const faults = () => ({
      claims: (claims: Json) => ({ ...claims, ...ADMIN }),
      token: ({ refresh_token: _, ...response }: Json) => response,
    });
    const signed = await setUp(t, { gate, faults });
    signed.forwardSeconds(600);
    assert.equal(await verify(signed), 202);
    assert.equal(refreshes(signed), 0);
  });
});
