// A tenant of the kind External ID, to rehearse a migration.
import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import type { EmulatorOptions } from '../../dist/emulator/emulator.js';
import {
  ALICE,
  admin,
  authorizationUrl,
  CLIENT_ID,
  claimsOf,
  codeOf,
  errorOf,
  type Json,
  requestToken,
  signIn,
  startEmulator,
  TENANT_ID,
} from './support.js';
import { visit } from './visitor.js';

const start = (t: TestContext, options: EmulatorOptions = {}) =>
  startEmulator(t, { ...options, tenant: { kind: 'external-id' } });

// In URLs, the tenant ID takes the place of B2C's policy.
const ID = TENANT_ID;
const scope = 'openid profile email offline_access';

test('there is one discovery document, whose issuer has another host and no trailing slash', async (t) => {
  const { url, issuer, authority } = await start(t);
  assert.equal(authority, url);
  assert.equal(issuer, `${url.replace('127.0.0.1', 'localhost')}/${ID}/v2.0`);
  const answer = await fetch(`${url}/${ID}/v2.0/.well-known/openid-configuration`);
  const metadata = (await answer.json()) as Json;
  assert.equal(metadata['issuer'], issuer);
  assert.equal(metadata['authorization_endpoint'], `${url}/${ID}/oauth2/v2.0/authorize`);
  assert.equal(metadata['token_endpoint'], `${url}/${ID}/oauth2/v2.0/token`);
  assert.equal(metadata['end_session_endpoint'], `${url}/${ID}/oauth2/v2.0/logout`);
  const keys = await fetch(String(metadata['jwks_uri']));
  assert.equal(((await keys.json()) as { keys: unknown[] }).keys.length, 1);
});

test('URLs that contain a policy get 404', async (t) => {
  const { url } = await start(t);
  for (const path of [
    `${ID}/B2C_1_user_flow/v2.0/.well-known/openid-configuration`,
    `${ID}/v2.0/.well-known/openid-configuration?p=B2C_1_user_flow`,
    `${ID}/B2C_1_user_flow/oauth2/v2.0/authorize`,
  ]) {
    assert.equal((await fetch(`${url}/${path}`)).status, 404, path);
  }
});

test('tokens have the claims of Microsoft Entra, and an access token needs no API scope', async (t) => {
  const emulator = await start(t);
  const code = codeOf(await signIn(emulator, ID, { parameters: { scope } }));
  const { body } = await requestToken(emulator, ID, { code });
  const claims = claimsOf(body['id_token']);
  const { iss, tid, email, preferred_username, ver, aud } = claims;
  assert.deepEqual(
    { iss, tid, email, preferred_username, ver, aud },
    {
      iss: emulator.issuer,
      tid: ID,
      email: ALICE,
      preferred_username: ALICE,
      ver: '2.0',
      aud: CLIENT_ID,
    },
  );
  for (const absent of ['tfp', 'acr', 'emails', 'auth_time']) {
    assert.equal(absent in claims, false, absent);
  }
  assert.notEqual(claims['sub'], claims['oid']);
  assert.notEqual(claimsOf(body['access_token'])['aud'], CLIENT_ID);
  const { refresh_token } = body;
  const renewed = await requestToken(emulator, ID, {
    grant_type: 'refresh_token',
    refresh_token: String(refresh_token),
  });
  assert.equal(claimsOf(renewed.body['id_token'])['sub'], claims['sub']);
});

describe('errors have the codes of Microsoft Entra', () => {
  test('at the token endpoint', async (t) => {
    const emulator = await start(t);
    const code = codeOf(await signIn(emulator, ID, { parameters: { scope } }));
    const { body } = await requestToken(emulator, ID, { code, client_secret: 'wrong' });
    assert.equal(body['error'], 'invalid_client');
    assert.match(
      String(body['error_description']),
      /^AADSTS7000215: .* Trace ID: \S+ Correlation ID: [0-9a-f-]{36} Timestamp: /,
    );
  });
  test('in the authorization response', async (t) => {
    const emulator = await start(t);
    const back = await signIn(emulator, ID, { parameters: { scope }, cancel: true });
    assert.equal(errorOf(back.searchParams), 'access_denied AADSTS65004');
  });
  test('on error pages', async (t) => {
    const emulator = await start(t);
    const url = authorizationUrl(emulator, ID, { redirect_uri: 'https://evil.example/' });
    const answer = await fetch(url, { redirect: 'manual' });
    assert.match(await answer.text(), /AADSTS50011: /);
  });
  test('in faults', async (t) => {
    const emulator = await start(t);
    await admin(emulator, 'POST', 'faults', { fault: 'token_400' });
    const { body } = await requestToken(emulator, ID, { code: 'x' });
    assert.equal(errorOf(body), 'invalid_grant AADSTS90023');
  });
});

test('a forgotten password is reset inline', async (t) => {
  const emulator = await start(t);
  const visitor = visit(emulator);
  await visitor.open(authorizationUrl(emulator, ID, { scope }));
  await visitor.follow('forgotPassword');
  assert.equal(visitor.page.status, 200);
  assert.match(visitor.page.body, /id="email"/);
});

test('a second policy is rejected', async (t) => {
  const policies = [{ name: 'B2C_1_susi' }, { name: 'B2C_1_edit', kind: 'editProfile' as const }];
  await assert.rejects(start(t, { policies }), {
    message: 'an External ID tenant has one policy, its user flow',
  });
});

test('the dashboard shows discovery URL and issuer', async (t) => {
  const emulator = await start(t);
  const page = await fetch(`${emulator.url}/_emulator/policies`, {
    headers: { accept: 'text/html' },
  });
  const html = await page.text();
  assert.match(html, new RegExp(`${emulator.url}/${ID}/v2.0/.well-known/openid-configuration`));
  assert.match(html, new RegExp(emulator.issuer));
});
