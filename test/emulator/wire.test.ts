/** Requests in forms that B2C accepts besides those of its documentation. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  ALICE,
  admin,
  authorizationUrl,
  CLIENT_ID,
  claimsOf,
  codeOf,
  type Json,
  PASSWORD,
  REDIRECT_URI,
  signIn,
  startEmulator,
  tokensOf,
} from './support.js';
import { visit } from './visitor.js';

test('a hosted page has an x-request-id, which its transId contains; metadata has none', async (t) => {
  const { authority } = await startEmulator(t);
  const read = async (url: string) => {
    const response = await fetch(url);
    return { id: response.headers.get('x-request-id'), body: await response.text() };
  };
  const page = authorizationUrl({ authority });
  const [first, second] = [await read(page), await read(page)];
  assert.notEqual(first.id, second.id);
  const state = Buffer.from(JSON.stringify({ TID: first.id })).toString('base64url');
  assert.ok(first.body.includes(`"transId":"StateProperties=${state}"`));
  assert.equal((await read(`${authority}/B2C_1_susi/discovery/v2.0/keys`)).id, null);
});

test('a token request by GET has its parameters in the query', async (t) => {
  const emulator = await startEmulator(t);
  const query = new URLSearchParams({
    grant_type: 'authorization_code',
    client_id: CLIENT_ID,
    client_secret: 'emulator-secret',
    redirect_uri: REDIRECT_URI,
    code: codeOf(await signIn(emulator)),
  });
  const response = await fetch(`${emulator.authority}/B2C_1_susi/oauth2/v2.0/token?${query}`);
  assert.equal(response.status, 200);
  const tokens = (await response.json()) as Json;
  assert.deepEqual(claimsOf(tokens['id_token'])['emails'], [ALICE]);
  const { body } = await admin(emulator, 'GET', 'requests');
  const [logged] = body['requests'] as { parameters: Json }[];
  assert.equal(logged?.parameters['client_secret'], '…');
});

test('sign-out by POST has its parameters in the form', async (t) => {
  const emulator = await startEmulator(t);
  const visitor = visit(emulator);
  await visitor.open(authorizationUrl(emulator));
  await visitor.press('next', { email: ALICE, password: PASSWORD });
  const { id_token: idToken } = await tokensOf(emulator);
  const url = `${emulator.authority}/B2C_1_susi/oauth2/v2.0/logout`;
  const answer = await visitor.browser.post(url, {
    id_token_hint: String(idToken),
    post_logout_redirect_uri: REDIRECT_URI,
    state: 'bye',
  });
  assert.equal(answer.status, 303);
  assert.equal(answer.location, `${REDIRECT_URI}?state=bye`);
  await visitor.open(authorizationUrl(emulator));
  assert.equal(visitor.page.status, 200);
});

test('sign-out by POST checks the post-logout redirect URI', async (t) => {
  const emulator = await startEmulator(t);
  const { id_token: idToken } = await tokensOf(emulator);
  const refused = await fetch(`${emulator.authority}/B2C_1_susi/oauth2/v2.0/logout`, {
    method: 'POST',
    redirect: 'manual',
    body: new URLSearchParams({
      id_token_hint: String(idToken),
      post_logout_redirect_uri: 'https://elsewhere.example/',
    }),
  });
  assert.equal(refused.status, 400);
  assert.match(await refused.text(), /AADB2C90067/);
});

test('discovery is found under an issuer with a slash at its end', async (t) => {
  const policies = [{ name: 'B2C_1_susi', issuer: 'tfp' as const }];
  const { url, tenant } = await startEmulator(t, { policies });
  const issuer = `${url}/tfp/${tenant.id}/b2c_1_susi/v2.0/`;
  const response = await fetch(`${issuer}/.well-known/openid-configuration`);
  assert.equal(response.status, 200);
  assert.equal(((await response.json()) as Json)['issuer'], issuer);
});

const FRAME = { 'sec-fetch-dest': 'iframe', 'sec-fetch-site': 'cross-site' };
const withoutWarning: Record<string, Record<string, string>> = {
  'of the same site': { ...FRAME, 'sec-fetch-site': 'same-site' },
  'that is no frame': { ...FRAME, 'sec-fetch-dest': 'document' },
  'with the SSO cookie': { ...FRAME, cookie: 'x-ms-cpim-sso:fabrikamb2c.onmicrosoft.com_0=a' },
};

test('the request log explains a frame of another site without the SSO cookie', async (t) => {
  const emulator = await startEmulator(t);
  const url = authorizationUrl(emulator, 'B2C_1_susi', { prompt: 'none' });
  const warningsFor = async (headers: Record<string, string>) => {
    await fetch(url, { headers, redirect: 'manual' });
    const { body } = await admin(emulator, 'GET', 'requests');
    return (body['requests'] as { warnings?: string[] }[])[0]?.warnings;
  };
  assert.match(String(await warningsFor(FRAME)), /Use one host name .* localhost, or .* --https/);
  for (const [name, headers] of Object.entries(withoutWarning)) {
    assert.equal(await warningsFor(headers), undefined, `a request ${name}`);
  }
});
