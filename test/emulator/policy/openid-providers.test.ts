/** A second emulator is the OpenID provider of a custom policy. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { ALICE, admin, errorOf, PASSWORD, startEmulator } from '../support.js';
import {
  type Federation,
  PARTNER_ID,
  PARTNER_SECRET,
  type ProviderProfile,
  startFederation,
} from './federation.js';

const OUTPUTS = [
  ...['partnerId PartnerClaimType="sub"', 'partnerName PartnerClaimType="name"'],
  'partnerMail PartnerClaimType="emails"',
];

async function start(
  t: TestContext,
  {
    metadata = {},
    ...more
  }: Partial<ProviderProfile> & { implicit?: { idToken: boolean; accessToken: boolean } } = {},
) {
  const { implicit, ...profile } = more;
  const provider = await startEmulator(t, {
    tenant: { domain: 'partner.onmicrosoft.com' },
    applications: [
      { id: PARTNER_ID, secrets: [PARTNER_SECRET], ...(implicit ? { implicit } : {}) },
    ],
  });
  const federation = await startFederation(t, {
    protocol: 'OpenIdConnect',
    outputs: OUTPUTS,
    ...profile,
    metadata: {
      METADATA: `${provider.authority}/B2C_1_susi/v2.0/.well-known/openid-configuration`,
      scope: 'openid',
      ...metadata,
    },
  });
  return { provider, ...federation };
}

async function signIn({ visitor, open }: Federation): Promise<void> {
  await open();
  await visitor.press('next', { email: ALICE, password: PASSWORD });
}

const authorizationRequest = ({ visitor }: Federation): URLSearchParams => {
  const found = visitor.visited.find((url) => url.includes('partner.onmicrosoft.com'));
  return new URL(found ?? '').searchParams;
};

const callbackOf = ({ emulator, visitor }: Federation) =>
  new URL(
    visitor.visited.find((url) => url.startsWith(emulator.url) && url.includes('authresp')) ?? '',
  );

test('a policy signs users in at another tenant, which responds by form_post', async (t) => {
  const started = await start(t);
  await signIn(started);
  const { sub, partnerName } = await started.claims();
  assert.deepEqual([sub, partnerName], ['f0b6e55f-0000-4000-8000-00000000e001', 'Alice Example']);
  const sent = authorizationRequest(started);
  assert.equal(sent.get('client_id'), PARTNER_ID);
  assert.equal(sent.get('response_mode'), 'form_post');
  assert.equal(sent.get('response_type'), 'code');
  const { url } = started.emulator;
  assert.equal(sent.get('redirect_uri'), `${url}/fabrikamb2c.onmicrosoft.com/oauth2/authresp`);
  assert.ok(sent.get('state') && sent.get('nonce'));
});

const ways: [what: string, metadata: Record<string, string>, path: RegExp][] = [
  ['response_mode query', { response_mode: 'query' }, /^\/fabrikamb2c\.onmicrosoft\.com\/oauth2/],
  ['client_secret_basic', { token_endpoint_auth_method: 'client_secret_basic' }, /authresp/],
  [
    'a redirect URI with the policy',
    { UsePolicyInRedirectUri: 'true' },
    /\.com\/b2c_1a_own\/oauth2/,
  ],
  ['IdTokenAudience', { IdTokenAudience: PARTNER_ID }, /authresp/],
  ['ValidTokenIssuerPrefixes', { ValidTokenIssuerPrefixes: 'https://a.example/,http://127' }, /./],
];

for (const [what, metadata, path] of ways) {
  test(`a provider with ${what}`, async (t) => {
    const started = await start(t, { metadata });
    await signIn(started);
    assert.equal((await started.claims())['partnerName'], 'Alice Example');
    assert.match(callbackOf(started).pathname, path);
  });
}

test('an ID token without a code is enough with response_types id_token', async (t) => {
  const started = await start(t, {
    metadata: { response_types: 'id_token' },
    implicit: { idToken: true, accessToken: false },
  });
  await signIn(started);
  assert.equal((await started.claims())['partnerName'], 'Alice Example');
  const { body } = await admin(started.provider, 'GET', 'requests');
  assert.equal((body['counts'] as Record<string, number>)['token'], undefined);
});

test('input claims are parameters of the authorization request', async (t) => {
  const started = await start(t, {
    metadata: { IncludeClaimResolvingInClaimsHandling: 'true' },
    inputs: [
      'hint PartnerClaimType="login_hint" DefaultValue="{OIDC:LoginHint}" AlwaysUseDefaultValue="true"',
    ],
  });
  await started.open({ login_hint: 'ada@example.com' });
  assert.equal(authorizationRequest(started).get('login_hint'), 'ada@example.com');
});

test('a provider whose address is mapped to this computer is real', async (t) => {
  const provider = await startEmulator(t, {
    tenant: { domain: 'partner.onmicrosoft.com' },
    applications: [{ id: PARTNER_ID, secrets: [PARTNER_SECRET] }],
  });
  const started = await startFederation(t, {
    protocol: 'OpenIdConnect',
    outputs: OUTPUTS,
    rest: { 'https://login.partner.example': provider.url },
    metadata: {
      METADATA: `https://login.partner.example/{tenant}/../partner.onmicrosoft.com/B2C_1_susi/v2.0/.well-known/openid-configuration`,
      scope: 'openid',
    },
  });
  await signIn(started);
  assert.equal((await started.claims())['partnerName'], 'Alice Example');
});

test('the tokens of the provider are claims, and secrets do not get into the trace', async (t) => {
  const started = await start(t, {
    metadata: { scope: `openid ${PARTNER_ID}` },
    outputs: [...OUTPUTS, 'partnerToken PartnerClaimType="{oauth2:access_token}"'],
  });
  await signIn(started);
  assert.match(String((await started.claims())['partnerToken']), /^eyJ/);
  const { body } = await admin(started.emulator, 'GET', 'traces');
  const [{ id }] = body['traces'] as [{ id: string }];
  const trace = JSON.stringify((await admin(started.emulator, 'GET', `traces/${id}`)).body);
  for (const part of ['authorize?', 'oauth2/v2.0/token', 'redirect_uri=', '"status":200']) {
    assert.ok(trace.includes(part), part);
  }
  assert.doesNotMatch(trace, /eyJ[\w-]+\.eyJ|a\+secret\+of|a secret of/);
});

const refusals: [fault: string, error: string][] = [
  ['wrong_issuer', 'server_error AADB2C90238'],
  ['wrong_audience', 'server_error AADB2C90237'],
  ['expired', 'server_error AADB2C90235'],
  ['tampered_signature', 'server_error AADB2C90239'],
  ['tampered_claims', 'server_error AADB2C90239'],
  ['wrong_key', 'server_error AADB2C90239'],
  ['unknown_kid', 'server_error AADB2C90239'],
  ['alg_none', 'server_error AADB2C90240'],
  ['hs256', 'server_error AADB2C90240'],
  ['hs256_public_key', 'server_error AADB2C90240'],
  ['wrong_nonce', 'server_error AADB2C90240'],
  ['missing_nonce', 'server_error AADB2C90240'],
  ['no_id_token', 'server_error AADB2C90240'],
  ['token_400', 'access_denied AADB2C90273'],
  ['token_500', 'access_denied AADB2C90273'],
  ['callback_missing_code', 'access_denied AADB2C90273'],
  ['keys_500', 'server_error AADB2C90037'],
];

for (const [fault, error] of refusals) {
  test(`the fault ${fault} of a provider is ${error}`, async (t) => {
    const started = await start(t);
    await admin(started.provider, 'POST', 'faults', { fault });
    await signIn(started);
    assert.equal(errorOf(started.left()), error);
  });
}

test('an issuer outside of ValidTokenIssuerPrefixes is refused', async (t) => {
  const started = await start(t, { metadata: { ValidTokenIssuerPrefixes: 'https://a.example/' } });
  await signIn(started);
  assert.equal(errorOf(started.left()), 'server_error AADB2C90238');
});

test('a wrong client secret is AADB2C90243', async (t) => {
  const started = await start(t, { secret: 'another secret' });
  await signIn(started);
  assert.match(errorOf(started.left()), /AADB2C90243/);
});

test('a user who cancels at the provider is AADB2C90273', async (t) => {
  const started = await start(t);
  await started.open();
  await started.visitor.follow('createAccount');
  await started.visitor.press('cancel');
  assert.equal(errorOf(started.left()), 'access_denied AADB2C90273');
});

test('a provider that is down is AADB2C90289', async (t) => {
  const started = await startFederation(t, {
    protocol: 'OpenIdConnect',
    outputs: OUTPUTS,
    metadata: { METADATA: 'http://127.0.0.1:1/.well-known/openid-configuration' },
  });
  await started.open();
  assert.equal(errorOf(started.left()), 'server_error AADB2C90289');
});

test('a response with an unknown state, of another browser or a second time is rejected', async (t) => {
  const started = await start(t);
  const { emulator, visitor, open } = started;
  await open();
  const state = authorizationRequest(started).get('state') ?? '';
  const callback = `${emulator.authority}/oauth2/authresp?code=a`;
  const lost = /AADB2C90046/;
  for (const url of [`${callback}&state=unknown`, callback]) {
    assert.match(await (await fetch(url)).text(), lost);
  }
  const other = await fetch(`${callback}&state=${encodeURIComponent(state)}`);
  assert.match(await other.text(), lost);
  await open();
  await visitor.press('next', { email: ALICE, password: PASSWORD });
  await started.claims();
  await visitor.open(
    callbackOf(started).href.replace(/\?.*/, '') +
      new URL(visitor.visited.findLast((url) => url.includes('authresp?')) ?? '').search,
  );
  assert.match(visitor.page.body, lost);
});
