/** "Run user flow" of the dashboard. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Emulator } from '../../dist/emulator/emulator.js';
import { createBrowser } from '../support/browser.js';
import {
  ALICE,
  admin,
  authorizationUrl,
  type Json,
  PASSWORD,
  requestToken,
  startEmulator,
} from './support.js';
import { type Visitor, visit } from './visitor.js';

const LOOPBACK_APPLICATION = { id: 'any-loopback', name: 'Loopback', secrets: ['s'] };
const STRICT_APPLICATION = {
  id: 'strict',
  secrets: ['s'],
  redirectUris: ['https://app.example/callback'],
};

/** Starts a policy with the form of the dashboard. */
async function run(emulator: Emulator, fields: Record<string, string> = {}) {
  const form = { policy: 'B2C_1_susi', ...fields };
  const { status, location, body } = await createBrowser(emulator.url).post('/_emulator/run', form);
  assert.equal(status, 303, body);
  return new URL(location);
}

async function signIn(emulator: Emulator, url: URL): Promise<Visitor> {
  const visitor = visit(emulator);
  await visitor.open(url.href);
  await visitor.press('next', { email: ALICE, password: PASSWORD });
  return visitor;
}

test('the result shows the decoded claims and a verified signature', async (t) => {
  const emulator = await startEmulator(t);
  const { page } = await signIn(emulator, await run(emulator));
  assert.equal(page.status, 200);
  assert.match(page.body, /<strong>Signature<\/strong> verified with/);
  assert.doesNotMatch(page.body, /<li class="bad">/);
  assert.match(page.body, />emails<\/th><td>\[&quot;alice@example\.com&quot;\]<br>/);
  assert.match(page.body, />exp<\/th><td>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC, in 60 min \(\d+\)/);
  assert.match(page.body, />tfp<\/th><td>B2C_1_susi<br><small[^>]*>Policy that issued the token/);
});

test('the result can be loaded again, and the code is redeemed once', async (t) => {
  const emulator = await startEmulator(t);
  const visitor = await signIn(emulator, await run(emulator));
  const [link = ''] = /\/_emulator\/traces\/[0-9a-f-]+/.exec(visitor.page.body) ?? [];
  assert.equal((await visitor.browser.get(link)).status, 200);
  const { body } = await admin(emulator, 'GET', 'requests');
  const state = (body['requests'] as { parameters: Json }[])
    .map(({ parameters }) => parameters['state'])
    .find((value) => value !== undefined);
  const answer = await visitor.browser.get(`/_emulator/run/result?state=${state}&code=another`);
  assert.equal(answer.location, `/_emulator/runs/${state}`);
  const again = await visitor.browser.get(answer.location);
  assert.match(again.body, /<strong>Signature<\/strong> verified with/);
});

for (const [fault, check] of Object.entries({
  tampered_signature: 'Signature',
  alg_none: 'Signature',
  unknown_kid: 'Signature',
  wrong_issuer: 'Issuer',
  wrong_audience: 'Audience',
  missing_nonce: 'Nonce',
  expired: 'Valid',
})) {
  test(`the result marks ${fault} as wrong: ${check}`, async (t) => {
    const emulator = await startEmulator(t);
    await admin(emulator, 'POST', 'faults', { fault });
    const { page } = await signIn(emulator, await run(emulator));
    const bad = [...page.body.matchAll(/<li class="bad">.*?<strong>(\w+)<\/strong>/g)];
    assert.deepEqual(
      bad.map(([, name]) => name),
      [check],
    );
  });
}

test('the result shows the error of the tenant', async (t) => {
  const emulator = await startEmulator(t);
  const visitor = visit(emulator);
  await visitor.open((await run(emulator)).href);
  await visitor.follow('forgotPassword');
  assert.match(visitor.page.body, /access_denied<\/h2><p[^>]*>AADB2C90118/);
  await admin(emulator, 'POST', 'faults', { fault: 'token_500' });
  const { page } = await signIn(emulator, await run(emulator));
  assert.match(page.body, /The token endpoint responded with 500/);
});

test('options become parameters of the authorization request', async (t) => {
  const emulator = await startEmulator(t);
  const { searchParams } = await run(emulator, {
    login_hint: ALICE,
    ui_locales: 'de',
    prompt: 'login',
    parameters: 'campaignId=web&client_id=other',
  });
  const names = ['login_hint', 'ui_locales', 'prompt', 'campaignId', 'scope'];
  assert.deepEqual(
    names.map((name) => searchParams.get(name)),
    [ALICE, 'de', 'login', 'web', 'openid offline_access'],
  );
  assert.equal(searchParams.getAll('client_id').length, 1);
});

test('an application with a matching redirect URI gets its tokens shown', async (t) => {
  const emulator = await startEmulator(t, { applications: [LOOPBACK_APPLICATION] });
  const { page } = await signIn(emulator, await run(emulator, { application: 'any-loopback' }));
  assert.match(page.body, />aud<\/th><td>any-loopback/);
  assert.match(page.body, /<strong>Audience<\/strong> as expected/);
});

test('an application with fixed redirect URIs gets the response there, and nowhere else', async (t) => {
  const emulator = await startEmulator(t, { applications: [STRICT_APPLICATION] });
  const page = await createBrowser(emulator.url).get('/_emulator/policies');
  const [, value = ''] = /<option value="(application=strict[^"]*)"/.exec(page.body) ?? [];
  const target = value.replaceAll('&amp;', '&');
  assert.equal(new URLSearchParams(target).get('redirectUri'), 'https://app.example/callback');
  const visitor = await signIn(emulator, await run(emulator, { target }));
  const { origin, searchParams } = visitor.left();
  assert.equal(origin, 'https://app.example');
  assert.notEqual(searchParams.get('code'), null);
  // Without a choice, the redirect URI would be that of the dashboard, which is not registered.
  const refused = visit(emulator);
  await refused.open((await run(emulator, { application: 'strict' })).href);
  assert.match(refused.left().searchParams.get('error_description') ?? '', /^AADB2C90006/);
});

test('the application of the dashboard is closed to others', async (t) => {
  const emulator = await startEmulator(t, { policies: [{ name: 'B2C_1_susi' }] });
  const { body: before } = await admin(emulator, 'GET', '');
  const url = await run(emulator);
  const clientId = url.searchParams.get('client_id') ?? '';
  assert.ok(!emulator.applications.some(({ id }) => id === clientId));
  assert.ok(!JSON.stringify(before).includes(clientId));
  for (const redirectUri of [
    'http://localhost:3000/auth/redirect',
    `${emulator.url}/_emulator/run/result/`,
    `${emulator.url}/_emulator/reset`,
  ]) {
    const other = new URL(url);
    other.searchParams.set('redirect_uri', redirectUri);
    const visitor = visit(emulator);
    await visitor.open(other.href);
    assert.doesNotMatch(visitor.page.body, /id="password"/, redirectUri);
  }
  const visitor = await signIn(emulator, url);
  assert.equal(visitor.page.status, 200);
  const parameters = { client_id: clientId, client_secret: 'emulator-secret', code: 'x' };
  const tokens = await requestToken(emulator, 'B2C_1_susi', parameters);
  assert.match(String(tokens.body['error_description']), /^AADB2C90081/);
  const credentials = { ...parameters, grant_type: 'client_credentials', scope: 'x/.default' };
  assert.equal((await requestToken(emulator, 'B2C_1_susi', credentials)).status, 400);
});

test('an authorization response that no run expects is not redeemed', async (t) => {
  const emulator = await startEmulator(t);
  const url = await run(emulator);
  const foreign = authorizationUrl(emulator, 'B2C_1_susi', {
    client_id: url.searchParams.get('client_id') ?? '',
    redirect_uri: `${emulator.url}/_emulator/run/result`,
    scope: 'openid',
    state: 'chosen-by-another-site',
  });
  const { page } = await signIn(emulator, new URL(foreign));
  assert.equal(page.status, 404);
  assert.match(page.body, /This run is unknown/);
});

test('a policy of an External ID tenant can be run', async (t) => {
  const tenant = { kind: 'external-id' as const };
  const emulator = await startEmulator(t, { tenant });
  const url = await run(emulator, { policy: 'B2C_1_user_flow' });
  const visitor = visit(emulator);
  await visitor.open(url.href);
  await visitor.press('next', { email: ALICE, password: PASSWORD });
  assert.match(visitor.page.body, /<strong>Issuer<\/strong> as expected/);
});
