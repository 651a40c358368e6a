import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { ClaimValue } from '../../../dist/emulator/policy/claims-bag.js';
import { resolve } from '../../../dist/emulator/policy/resolvers.js';
import { createRun } from './journey-run.js';

const PARAMETERS = new Map(
  Object.entries({
    acr_values: 'mfa',
    client_id: 'app',
    domain_hint: 'facebook.com',
    login_hint: 'someone@contoso.com',
    max_age: '60',
    nonce: 'n1',
    password: 'secret',
    prompt: 'login',
    redirect_uri: 'https://jwt.ms',
    resource: 'api',
    scope: 'openid profile',
    username: 'emily',
    campaignid: 'Hawaii',
  }),
);

const { request } = createRun();
const run = createRun({
  request: { ...request, parameters: PARAMETERS },
  language: 'en-GB',
  memory: new Map([['oauth2:access_token', 'token of the provider']]),
});
const bag = new Map<string, ClaimValue>([
  ['displayname', 'Emily'],
  ['othermails', ['a@b.c', 'd@e.f']],
]);

/** Resolver, value. */
const ROWS: readonly (readonly [string, string])[] = [
  ['{OIDC:AuthenticationContextReferences}', 'mfa'],
  ['{OIDC:ClientId}', 'app'],
  ['{OIDC:DomainHint}', 'facebook.com'],
  ['{OIDC:LoginHint}', 'someone@contoso.com'],
  ['{OIDC:MaxAge}', '60'],
  ['{OIDC:Nonce}', 'n1'],
  ['{OIDC:Password}', 'secret'],
  ['{OIDC:Prompt}', 'login'],
  ['{OIDC:RedirectUri}', 'https://jwt.ms'],
  ['{OIDC:Resource}', 'api'],
  ['{oidc:scope}', 'openid profile'],
  ['{OIDC:Username}', 'emily'],
  ['{OAUTH-KV:campaignId}', 'Hawaii'],
  ['{OAUTH-KV:missing}', ''],
  ['{Policy:PolicyId}', 'B2C_1A_signup_signin'],
  ['{Policy:RelyingPartyTenantId}', 'contoso.onmicrosoft.com'],
  ['{Policy:TenantObjectId}', '11111111-2222-3333-4444-555555555555'],
  ['{Policy:TrustFrameworkTenantId}', 'contoso.onmicrosoft.com'],
  ['{Context:BuildNumber}', '1.0.0.0'],
  ['{Context:CorrelationId}', 'c0ffee00-0000-4000-8000-000000000000'],
  ['{Context:DateTimeInUtc}', '3/5/2026 1:05:09 PM'],
  ['{Context:DeploymentMode}', 'Production'],
  ['{Context:HostName}', 'contoso.b2clogin.com'],
  ['{Context:IPAddress}', '192.0.2.7'],
  ['{CONTEXT:KMSI}', 'false'],
  ['{Culture:LanguageName}', 'en'],
  ['{Culture:LCID}', '2057'],
  ['{Culture:RegionName}', 'GB'],
  ['{Culture:RFC5646}', 'en-GB'],
  ['{Claim:displayName}', 'Emily'],
  ['{claim:otherMails}', 'a@b.c,d@e.f'],
  ['{Claim:unknown}', ''],
  ['{oauth2:access_token}', 'token of the provider'],
  ['{oauth2:refresh_token}', ''],
  ['{SAML:Subject}', ''],
  ['a {OIDC:Nonce}/{Policy:PolicyId} b', 'a n1/B2C_1A_signup_signin b'],
  ['{0} {RelyingPartyTenantId}', '{0} {RelyingPartyTenantId}'],
];

describe('claim resolvers', () => {
  for (const [text, expected] of ROWS) {
    test(text, () => assert.equal(resolve(text, { run, bag }), expected));
  }

  test('an unknown resolver stays in the text and is noted', () => {
    const notes: string[] = [];
    const context = { run, bag, note: (text: string) => notes.push(text) };
    const text = '{OIDC:Unknown} {Context:Unknown} {service:te} {OIDC:Nonce}';
    assert.equal(resolve(text, context), '{OIDC:Unknown} {Context:Unknown} {service:te} n1');
    assert.equal(notes.length, 3);
    assert.match(notes[0] ?? '', /\{OIDC:Unknown\}/);
  });
});

describe('culture', () => {
  const rows: readonly (readonly [string, string])[] = [
    ['en', 'en 1033 US en-US'],
    ['de', 'de 1031 DE de-DE'],
    ['zh-Hans', 'zh 2052 CN zh-CN'],
    ['pt', 'pt 1046 BR pt-BR'],
    ['tlh', 'tlh 4096  tlh'],
    ['%00', '%00 4096  %00'],
    ['en-NZ', 'en 4096 NZ en-NZ'],
  ];
  const text = '{Culture:LanguageName} {Culture:LCID} {Culture:RegionName} {Culture:RFC5646}';
  for (const [language, expected] of rows) {
    test(language, () =>
      assert.equal(resolve(text, { run: createRun({ language }), bag }), expected),
    );
  }
});
