// How tenants of the kinds "generic" and "external-id" differ from those of B2C, over HTTP.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, test } from 'node:test';
import {
  assertVerdict,
  type CaseOptions,
  startCase,
  type Verdict,
  visit,
} from '../support/check-result.js';
import type { Faults, FaultyProvider, Json } from '../support/faulty-provider.js';

const ALICE = { sub: 'a-subject', name: 'Alice Example', address: { locality: 'Palma' } };
const STOP = 'stop before the authorization request';
const ON_WIRE = 'reject';

const discoveryOf = ({ authority, policy }: FaultyProvider) =>
  `${authority}/${policy}/v2.0/.well-known/openid-configuration`;
const generic = (provider: FaultyProvider) => ({
  kind: 'generic',
  issuer: provider.issuer,
  discovery: discoveryOf(provider),
});
const tenantIdOf = ({ authority }: FaultyProvider) => new URL(authority).pathname.slice(1);
const externalId = (provider: FaultyProvider) => ({
  kind: 'external-id',
  authority: provider.origin,
  tenantId: tenantIdOf(provider),
  issuer: provider.issuer,
  discovery: discoveryOf(provider),
});

/** Replaces the host by another name of the same server. */
const byName = (address: unknown) => String(address).replace('127.0.0.1', 'localhost');
const metadata = (change: (right: Json) => Json): Faults => ({
  userInfo: ALICE,
  metadata: (right) => ({ ...right, ...change(right) }),
});
const claims = (change: Json): Faults => ({
  userInfo: ALICE,
  claims: ({ tfp: _, ...right }) => ({ ...right, ...change }),
});

type Row = [
  name: string,
  tenant: (provider: FaultyProvider) => Record<string, unknown>,
  faults: (provider: FaultyProvider) => Faults,
  verdict: Verdict,
];

const GENERIC: Row[] = [
  ['a token without a policy', generic, () => claims({}), 'accept'],
  ['a token with any tid', generic, () => claims({ tid: randomUUID() }), 'accept'],
  [
    'an issuer without its trailing slash',
    generic,
    () => metadata(({ issuer }) => ({ issuer: String(issuer).slice(0, -1) })),
    STOP,
  ],
  [
    'an issuer in another spelling than the configured one',
    (provider) => ({ ...generic(provider), issuer: provider.issuer.replace('v2.0', 'V2.0') }),
    () => ({ userInfo: ALICE }),
    STOP,
  ],
  [
    'a token of another issuer than the metadata',
    generic,
    ({ issuer }) => claims({ iss: `${issuer}x` }),
    ON_WIRE,
  ],
  ['UserInfo of another user', generic, () => ({}), ON_WIRE],
  ['UserInfo without sub', generic, () => ({ userInfo: { name: 'Alice Example' } }), ON_WIRE],
  [
    'UserInfo of 70 kB',
    generic,
    () => ({ userInfo: { ...ALICE, more: 'x'.repeat(70_000) } }),
    ON_WIRE,
  ],
  [
    'UserInfo that contradicts the ID token',
    generic,
    () => ({ userInfo: { ...ALICE, name: 'Mallory', iss: 'https://evil.example' } }),
    'accept',
  ],
  [
    'no UserInfo endpoint',
    generic,
    () => metadata(() => ({ userinfo_endpoint: undefined })),
    'accept',
  ],
  ...['authorization_endpoint', 'token_endpoint', 'jwks_uri', 'userinfo_endpoint'].flatMap(
    (name): Row[] => {
      const elsewhere = () => metadata((right) => ({ [name]: byName(right[name]) }));
      return [
        [`${name} on an origin that is not configured`, generic, elsewhere, STOP],
        [
          `${name} on an origin that is configured`,
          (provider) => ({ ...generic(provider), endpointOrigins: [byName(provider.origin)] }),
          elsewhere,
          'accept',
        ],
      ];
    },
  ),
  [
    'endpoints on the origin of the issuer',
    (provider) => ({ ...generic(provider), issuer: byName(provider.issuer) }),
    ({ issuer }) => ({
      ...metadata((right) => ({ issuer: byName(issuer), jwks_uri: byName(right['jwks_uri']) })),
      claims: (right) => ({ ...right, iss: byName(issuer) }),
    }),
    'accept',
  ],
];

const EXTERNAL_ID: Row[] = [
  ['a token without tid', externalId, () => claims({}), 'accept'],
  ['a token with its tid', externalId, (it) => claims({ tid: tenantIdOf(it) }), 'accept'],
  ['a token with another tid', externalId, () => claims({ tid: randomUUID() }), ON_WIRE],
  ['a token with a list of tids', externalId, (it) => claims({ tid: [tenantIdOf(it)] }), ON_WIRE],
  [
    'UserInfo on another host, which is not requested',
    externalId,
    () => metadata(() => ({ userinfo_endpoint: 'https://graph.microsoft.com/oidc/userinfo' })),
    'accept',
  ],
  [
    'the default issuer of its tenant ID, if another is configured',
    externalId,
    (it) => metadata(() => ({ issuer: `https://${tenantIdOf(it)}.ciamlogin.com/` })),
    STOP,
  ],
];

for (const [kind, rows] of [
  ['generic', GENERIC],
  ['external-id', EXTERNAL_ID],
] as const) {
  describe(`a tenant of kind ${kind}`, () => {
    for (const [name, tenant, faults, verdict] of rows) {
      test(`${name}: ${verdict}`, async (t) => {
        const given = await startCase(t, { tenant, faults });
        await assertVerdict(given, verdict);
        if (kind === 'external-id') assert.equal(given.provider.counts.userinfo, 0);
      });
    }
  });
}

test('claims of UserInfo are added to those of the ID token, which take precedence', async (t) => {
  const userInfo = { ...ALICE, name: 'Mallory', zoneinfo: 'Europe/Madrid' };
  const given = await startCase(t, { tenant: generic, faults: () => ({ userInfo }) });
  const { browser } = await visit(given);
  const { body } = await browser.get('/auth/token_details');
  assert.match(body, /Europe\/Madrid/);
  assert.doesNotMatch(body, /Mallory/);
});

test('UserInfo cannot change when and how the user has signed in', async (t) => {
  const future = 9_999_999_999;
  const userInfo = {
    ...ALICE,
    auth_time: future,
    sid: 'x',
    tfp: 'B2C_1_x',
    acr: 'x',
    amr: ['mfa'],
  };
  const faults = () => ({ ...claims({}), userInfo });
  const given = await startCase(t, {
    ...{ tenant: generic, faults },
    async application(app, request, response) {
      const guard = app.requireUser({ maxAgeSeconds: 60 });
      await guard(request, response, async () => {
        response.end(JSON.stringify((await app.userOf(request))?.claims));
      });
    },
  });
  const { browser } = await visit(given);
  const { user } = JSON.parse((await browser.get('/auth/me')).body);
  for (const name of ['sid', 'tfp', 'acr', 'amr']) assert.equal(name in user.claims, false, name);
  assert.notEqual(user.claims.auth_time, future);
  // The ID token has no `auth_time`, or it is too old soon.
  given.forwardSeconds(600);
  assert.match((await browser.get('/page')).location, /prompt=login/);
});

describe('a sign-in requests', () => {
  const rows: [string, CaseOptions, Record<string, string | null>][] = [
    ['a token of the application itself at B2C', {}, { scope: 'offline_access', prompt: null }],
    [
      'profile and email at External ID',
      { tenant: externalId },
      { scope: 'offline_access profile email' },
    ],
    [
      'profile and email at other providers',
      { tenant: generic },
      { scope: 'profile email', prompt: null },
    ],
    [
      'consent at other providers if the scopes include offline_access',
      { tenant: generic, scopes: ['offline_access'] },
      { scope: 'offline_access', prompt: 'consent' },
    ],
  ];
  for (const [name, options, { scope, prompt = null }] of rows) {
    test(name, async (t) => {
      const given = await startCase(t, options);
      const { location } = await given.browser().get('/auth/sign_in');
      const asked = new URL(location).searchParams;
      const own = options.tenant ? '' : ` ${given.provider.client.id}`;
      assert.equal(asked.get('scope'), `openid ${scope}${own}`);
      assert.equal(asked.get('prompt'), prompt);
    });
  }
  test('re-authentication with max_age too at other providers, which send auth_time only then', async (t) => {
    const given = await startCase(t, { tenant: generic, scopes: ['offline_access'] });
    const { location } = await given.browser().get('/auth/sign_in?prompt=login');
    const asked = new URL(location).searchParams;
    assert.equal(asked.get('prompt'), 'login consent');
    assert.equal(asked.get('max_age'), '0');
  });
});

describe('an error code of B2C', () => {
  for (const [name, tenant] of [
    ['other providers', generic],
    ['External ID', externalId],
  ] as const) {
    test(`has no meaning at ${name}`, async (t) => {
      const faults = (): Faults => ({
        callback: (parameters) => {
          parameters.delete('code');
          parameters.set('error', 'access_denied');
          parameters.set('error_description', 'AADB2C90091: The user has cancelled.');
        },
      });
      const given = await startCase(t, { tenant, faults });
      const { answer } = await visit(given);
      assert.equal(answer.status, 403);
      const [failure] = given.log.of('sign_in_failed');
      assert.equal(failure?.['code'], 'sign_in_refused');
      assert.equal(given.provider.counts.token, 0);
    });
  }
});
