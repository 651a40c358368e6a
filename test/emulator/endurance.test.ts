/** The state of a long-running emulator is limited: expired entries are removed, lists are bounded. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { scriptedSignIn } from '../../dist/emulator/admin/scripted-sign-in.js';
import { createOutsideWorld } from '../../dist/emulator/custom-policies/outside-world.js';
import { findPolicy } from '../../dist/emulator/definition/policy.js';
import { defineTenant } from '../../dist/emulator/definition/tenant.js';
import { createLocalTenant } from '../../dist/emulator/endpoints/local-tenant.js';
import { handleTokenRequest } from '../../dist/emulator/endpoints/token.js';
import type { ExpiringMap } from '../../dist/emulator/state/expiring-map.js';
import { type Mailbox, sendVerificationCode } from '../../dist/emulator/state/mailbox.js';
import { createRequestLog, recordRequest } from '../../dist/emulator/state/request-log.js';
import { sharedKeys } from '../support/signing-keys.js';
import {
  ALICE,
  admin,
  authorizationUrl,
  CLIENT_ID,
  REDIRECT_URI,
  startEmulator,
} from './support.js';
import { visit } from './visitor.js';

const SIGN_INS = 100;
// Longer than the lifetime of refresh tokens (90 days) and SSO sessions.
const YEAR_SECONDS = 365 * 24 * 3600;

const origin = 'http://127.0.0.1:1';

async function createTenant() {
  const definition = defineTenant({});
  const tenant = createLocalTenant({
    definition,
    keys: await sharedKeys(),
    now: Date.now,
    fixedVerificationCode: undefined,
    publicUrl: origin,
    allowOtherHosts: false,
    outside: createOutsideWorld({}),
  });
  const policy = findPolicy(definition.policies, 'B2C_1_susi');
  assert.ok(policy);
  const url = authorizationUrl({ authority: `${origin}/${definition.tenant.domain}` });
  const signIn = async () => {
    const { location } = scriptedSignIn(tenant, { url, as: ALICE });
    const parameters = new URLSearchParams({
      grant_type: 'authorization_code',
      client_id: CLIENT_ID,
      client_secret: 'emulator-secret',
      redirect_uri: REDIRECT_URI,
      code: new URL(location).searchParams.get('code') ?? '',
    });
    const request = { parameters, authorization: undefined, policy, origin };
    assert.equal((await handleTokenRequest(tenant, request)).status, 200);
  };
  return { tenant, signIn };
}

/** The sizes of all expiring maps in the tenant, by name. */
const sizes = (tenant: object): Record<string, number> =>
  Object.fromEntries(
    Object.entries(tenant)
      .filter(([, value]) => typeof (value as Partial<ExpiringMap<unknown>>)?.size === 'function')
      .map(([name, value]) => [name, (value as ExpiringMap<unknown>).size()]),
  );

test('codes and refresh tokens are removed after they expire', async () => {
  const { tenant, signIn } = await createTenant();
  for (let count = 0; count < SIGN_INS; count += 1) await signIn();
  const none = { transactions: 0, ssoSessions: 0, policyRuns: 0 };
  assert.deepEqual(sizes(tenant), { ...none, codes: SIGN_INS, refreshTokens: SIGN_INS });
  tenant.clockOffsetMs = YEAR_SECONDS * 1000;
  await signIn();
  assert.deepEqual(sizes(tenant), { ...none, codes: 1, refreshTokens: 1 });
});

test('the request log keeps the newest 200 requests', () => {
  const log = createRequestLog();
  const request = { time: '', method: 'GET', path: '/', endpoint: 'unknown' };
  for (let count = 0; count < 210; count += 1) recordRequest(log, request);
  assert.deepEqual([log.requests.length, log.requests[0]?.number], [200, 210]);
  assert.deepEqual(log.counts, { unknown: 210 });
});

test('pages and SSO sessions are removed after they expire', async (t) => {
  const emulator = await startEmulator(t);
  const visitor = visit(emulator);
  await visitor.open(authorizationUrl(emulator));
  const opened = visitor.page;
  await admin(emulator, 'POST', 'clock', { offsetSeconds: YEAR_SECONDS });
  visitor.page = opened;
  await visitor.press('next', { email: ALICE, password: 'wrong' });
  assert.match(visitor.page.body, /AADB2C90046/);
});

test('the mailbox keeps the newest 100 messages', () => {
  const mailbox: Mailbox = [];
  for (let count = 1; count <= 110; count += 1) {
    const message = { email: ALICE, policy: 'B2C_1_susi', now: count, fixedCode: String(count) };
    sendVerificationCode(mailbox, message);
  }
  assert.deepEqual([mailbox.length, mailbox[0]?.code, mailbox[99]?.code], [100, '110', '11']);
});
