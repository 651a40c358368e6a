// A certified provider of another project, at which a custom policy signs users in.
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { startFederation } from '../emulator/policy/federation.js';
import { freePort } from '../support/free-port.js';
import { skipWithoutProvider as options } from './certified-provider.js';
import { startProgram } from './client.js';

const CLIENT = { id: 'the policy', secret: 'a secret of the policy' };

async function start(t: TestContext, metadata: Record<string, string>) {
  const port = await freePort();
  const issuer = `http://127.0.0.1:${await freePort()}`;
  const redirectUri = `http://127.0.0.1:${port}/fabrikamb2c.onmicrosoft.com/oauth2/authresp`;
  const stop = await startProgram('oidc-provider.js', {
    ISSUER: issuer,
    CLIENT_ID: CLIENT.id,
    CLIENT_SECRET: CLIENT.secret,
    REDIRECT_URI: redirectUri,
    POST_SIGN_OUT_URI: redirectUri,
    CLIENT_METADATA: JSON.stringify({ token_endpoint_auth_method: 'client_secret_post' }),
  });
  t.after(stop);
  const isOpenId = 'METADATA' in metadata;
  const absolute = Object.entries(metadata).map(([name, value]) => [
    name,
    value.startsWith('/') ? `${issuer}${value}` : value,
  ]);
  return startFederation(t, {
    protocol: isOpenId ? 'OpenIdConnect' : 'OAuth2',
    port,
    secret: CLIENT.secret,
    outputs: [
      ...['partnerId PartnerClaimType="sub"', 'partnerName PartnerClaimType="name"'],
      'partnerToken PartnerClaimType="{oauth2:access_token}"',
    ],
    metadata: { client_id: CLIENT.id, ...Object.fromEntries(absolute) },
  });
}

async function signIn({ open, visitor }: Awaited<ReturnType<typeof start>>): Promise<void> {
  await open();
  assert.match(visitor.page.body, /Enter any login/);
  await visitor.send({ login: 'ada', password: 'any' });
  assert.match(visitor.page.body, /Authorize/);
  await visitor.send();
}

test('a custom policy signs users in at a certified OpenID provider', options, async (t) => {
  const started = await start(t, {
    METADATA: '/.well-known/openid-configuration',
    scope: 'openid profile',
    response_mode: 'query',
    ClaimsEndpoint: '/me',
    BearerTokenTransmissionMethod: 'AuthorizationHeader',
  });
  await signIn(started);
  const { sub, partnerName, partnerToken } = await started.claims();
  assert.deepEqual([sub, partnerName], ['ada', 'ada Example']);
  assert.ok(partnerToken);
});

test('a custom policy signs users in at a certified OAuth 2.0 server', options, async (t) => {
  const started = await start(t, {
    authorization_endpoint: '/auth',
    AccessTokenEndpoint: '/token',
    ClaimsEndpoint: '/me',
    BearerTokenTransmissionMethod: 'AuthorizationHeader',
    scope: 'openid profile',
  });
  await signIn(started);
  const { sub, partnerName } = await started.claims();
  assert.deepEqual([sub, partnerName], ['ada', 'ada Example']);
});

test('a user who cancels at a certified provider is AADB2C90273', options, async (t) => {
  const started = await start(t, {
    METADATA: '/.well-known/openid-configuration',
    response_mode: 'query',
  });
  const { open, visitor, left } = started;
  await open();
  const [, abort = ''] = /<a href="([^"]*abort)"/.exec(visitor.page.body) ?? [];
  await visitor.open(new URL(abort, visitor.page.url).href);
  assert.match(left().get('error_description') ?? '', /^AADB2C90273: .*access_denied/);
});
