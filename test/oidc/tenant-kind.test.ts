// In what tenants of the kinds "generic" and "external-id" differ from those of B2C, over HTTP.
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

/** The same server under its other name. */
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
  ['a token that names no policy', generic, () => claims({}), 'accept'],
  ['a token of any tid', generic, () => claims({ tid: randomUUID() }), 'accept'],
  [
    'an issuer without the slash at its end',
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
  ['UserInfo about somebody else', generic, () => ({}), ON_WIRE],
  ['UserInfo about nobody', generic, () => ({ userInfo: { name: 'Alice Example' } }), ON_WIRE],
  [
    'UserInfo without end',
    generic,
    () => ({ userInfo: { ...ALICE, more: 'x'.repeat(70_000) } }),
    ON_WIRE,
  ],
  [
    'UserInfo that denies what the ID token says',
    generic,
    () => ({ userInfo: { ...ALICE, name: 'Mallory', iss: 'https://evil.example' } }),
    'accept',
  ],
  ['no UserInfo', generic, () => metadata(() => ({ userinfo_endpoint: undefined })), 'accept'],
  ...['authorization_endpoint', 'token_endpoint', 'jwks_uri', 'userinfo_endpoint'].flatMap(
    (name): Row[] => {
      const elsewhere = () => metadata((right) => ({ [name]: byName(right[name]) }));
      return [
        [`${name} on an origin that is nowhere configured`, generic, elsewhere, STOP],
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
  ['a token of its tid', externalId, (it) => claims({ tid: tenantIdOf(it) }), 'accept'],
  ['a token of another tid', externalId, () => claims({ tid: randomUUID() }), ON_WIRE],
  ['a token of a list of tids', externalId, (it) => claims({ tid: [tenantIdOf(it)] }), ON_WIRE],
  [
    'UserInfo elsewhere, which is not asked',
    externalId,
    () => metadata(() => ({ userinfo_endpoint: 'https://graph.microsoft.com/oidc/userinfo' })),
    'accept',
  ],
  [
    'the issuer that is usual for its id, where another is configured',
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

test('what UserInfo says besides the ID token is shown, and the ID token counts where both say something', async (t) => {
  const userInfo = { ...ALICE, name: 'Mallory', zoneinfo: 'Europe/Madrid' };
  const given = await startCase(t, { tenant: generic, faults: () => ({ userInfo }) });
  const { browser } = await visit(given);
  const { body } = await browser.get('/auth/token_details');
  assert.match(body, /Europe\/Madrid/);
  assert.doesNotMatch(body, /Mallory/);
});

describe('a sign-in asks for', () => {
  const rows: [string, CaseOptions, Record<string, string | null>][] = [
    ['a token of the application itself at B2C', {}, { scope: 'offline_access', prompt: null }],
    ['names at External ID', { tenant: externalId }, { scope: 'offline_access profile email' }],
    ['names at any provider', { tenant: generic }, { scope: 'profile email', prompt: null }],
    [
      'consent at any provider when refresh tokens are wanted',
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
  test('a fresh authentication with max_age too at any provider, which tells the time only then', async (t) => {
    const given = await startCase(t, { tenant: generic, scopes: ['offline_access'] });
    const { location } = await given.browser().get('/auth/sign_in?prompt=login');
    const asked = new URL(location).searchParams;
    assert.equal(asked.get('prompt'), 'login consent');
    assert.equal(asked.get('max_age'), '0');
  });
});

describe('a code of B2C', () => {
  for (const [name, tenant] of [
    ['any provider', generic],
    ['External ID', externalId],
  ] as const) {
    test(`means nothing from ${name}`, async (t) => {
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
