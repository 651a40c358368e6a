// The settings of the gate.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseConfig } from '../../dist/config/parse-config.js';

const parse = (more: object) =>
  parseConfig(
    {
      baseUrl: 'https://login.example.com',
      tenant: { authority: 'https://contoso.b2clogin.com/contoso.onmicrosoft.com' },
      client: { id: '11111111-1111-1111-1111-111111111111', secret: 'client-secret' },
      policies: { signIn: 'B2C_1_susi' },
      session: { secrets: ['a-secret-of-at-least-32-characters'] },
      ...more,
    },
    { env: {}, readFile: () => '', resolvePath: String, isFolder: () => true },
  );

function faultsOf(more: object): string[] {
  try {
    parse(more);
    return [];
  } catch (error) {
    return (error as Error).message.split('\n');
  }
}

test('an empty section is a gate with every default, and without it there is no gate', () => {
  assert.equal(parse({}).gate, undefined);
  assert.deepEqual(parse({ gate: {} }).gate, {
    allowedHosts: [],
    groupsClaim: 'groups',
    headers: {},
    rules: [],
    accessToken: false,
    assertion: false,
    envoy: false,
  });
});

describe('each issue names the setting and the valid values', () => {
  const rule = (value: unknown) => ({ gate: { rules: [value] } });
  const RESET = { signIn: 'B2C_1_susi', resetPassword: 'B2C_1_reset' };
  const FURTHER = {
    tenants: {
      other: {
        tenant: { kind: 'generic', issuer: 'https://other.example' },
        client: { id: 'x', secret: 'y' },
      },
    },
  };
  const rows: [string, object, RegExp][] = [
    [
      'a host with a scheme',
      { gate: { allowedHosts: ['https://a.example'] } },
      /^gate\.allowedHosts\.0: must be a host/,
    ],
    [
      'the prefix of the oauth2-proxy routes',
      { gate: {}, routes: { prefix: '/oauth2' } },
      /^routes\.prefix: must differ from \/oauth2/,
    ],
    ['a host with a path', { gate: { allowedHosts: ['a.example/x'] } }, /^gate\.allowedHosts\.0: /],
    ['upper case', { gate: { allowedHosts: ['A.example'] } }, /^gate\.allowedHosts\.0: /],
    ['every host', { gate: { allowedHosts: ['*'] } }, /^gate\.allowedHosts\.0: /],
    [
      'every host of a top-level domain',
      { gate: { allowedHosts: ['*.com'] } },
      /^gate\.allowedHosts\.0: /,
    ],
    [
      'an asterisk within a name',
      { gate: { allowedHosts: ['a*.example.com'] } },
      /^gate\.allowedHosts\.0: /,
    ],
    ['a leading dot', { gate: { allowedHosts: ['.example.com'] } }, /^gate\.allowedHosts\.0: /],
    [
      'hosts that are not a list',
      { gate: { allowedHosts: 'a.example' } },
      /^gate\.allowedHosts: must be a list/,
    ],
    [
      'a rule without a condition',
      rule({ path: '/a' }),
      /^gate\.rules\.0: must have "allow", "claims", "maxAgeSeconds" or "policy"$/,
    ],
    [
      'a step on a page for everyone',
      rule({ path: '/a', allow: 'everyone', maxAgeSeconds: 300 }),
      /^gate\.rules\.0: must not have "maxAgeSeconds" or "policy" with "allow": "everyone"$/,
    ],
    [
      'a maximum age that no user can meet',
      rule({ path: '/a', maxAgeSeconds: 5 }),
      /^gate\.rules\.0\.maxAgeSeconds: must be 30 or more$/,
    ],
    [
      'a step of an unknown policy',
      rule({ path: '/a', policy: 'editProfil' }),
      /^gate\.rules\.0\.policy: must be the name of one of the policies$/,
    ],
    [
      'a step of a policy that never runs in a session',
      { ...rule({ path: '/a', policy: 'resetPassword' }), policies: RESET },
      /^gate\.rules\.0\.policy: must be a policy that runs in a session/,
    ],
    [
      'an access token without scopes',
      { gate: { accessToken: [] } },
      /^gate\.accessToken: must contain at least one scope$/,
    ],
    [
      'an access token of another type',
      { gate: { accessToken: 'yes' } },
      /^gate\.accessToken: must be true, false or a list of scopes$/,
    ],
    [
      'a rule with both conditions',
      rule({ path: '/a', allow: 'everyone', claims: { a: ['b'] } }),
      /^gate\.rules\.0: must have one of/,
    ],
    [
      'a rule without claims',
      rule({ path: '/a', claims: {} }),
      /^gate\.rules\.0\.claims: must name at least one claim$/,
    ],
    [
      'a claim without values',
      rule({ path: '/a', claims: { role: [] } }),
      /^gate\.rules\.0\.claims\.role: must contain at least one/,
    ],
    [
      'a value that is not a list',
      rule({ path: '/a', claims: { role: 'admin' } }),
      /^gate\.rules\.0\.claims\.role: must be a list of values$/,
    ],
    [
      'a misspelled member',
      rule({ path: '/a', claim: { a: ['b'] }, allow: 'everyone' }),
      /^gate\.rules\.0\.claim: unknown setting\. Did you mean "claims"\?$/,
    ],
    [
      'an unknown value of allow',
      rule({ path: '/a', allow: 'all' }),
      /^gate\.rules\.0\.allow: must be "everyone" or "signed-in"$/,
    ],
    [
      'no path',
      rule({ allow: 'everyone' }),
      /^gate\.rules\.0\.path: is missing\. It must be a path/,
    ],
    ...[
      'admin',
      '/admin/',
      '/a%20b',
      '/a//b',
      '/a/../b',
      '/.',
      '/a;b',
      '/a?b',
      '/a#b',
      '/a\\b',
      '',
    ].map((path): [string, object, RegExp] => [
      `the path "${path}"`,
      rule({ path, allow: 'everyone' }),
      /^gate\.rules\.0\.path: must be a decoded path/,
    ]),
    [
      'a header with an underscore',
      { gate: { headers: { X_Tier: 'tier' } } },
      /^gate\.headers\.X_Tier: the name must be like "X-Tier"/,
    ],
    [
      'a header without X-',
      { gate: { headers: { Authorization: 'tier' } } },
      /^gate\.headers\.Authorization: the name must be like/,
    ],
    ...[
      'X-Auth-Request-User',
      'x-forwarded-for',
      'X-Frame-Options',
      'X-Original-URL',
      'X-B2C-Assertion',
      'X-Real-IP',
    ].map((name): [string, object, RegExp] => [
      `the header ${name}`,
      { gate: { headers: { [name]: 'tier' } } },
      /is a reserved header$/,
    ]),
    [
      'a header twice',
      { gate: { headers: { 'X-Tier': 'a', 'x-tier': 'b' } } },
      /^gate\.headers\.x-tier: is a duplicate$/,
    ],
    [
      'a header without a claim',
      { gate: { headers: { 'X-Tier': '' } } },
      /^gate\.headers\.X-Tier: must be the name of a claim$/,
    ],
    [
      'several tenants without the issuer',
      { ...FURTHER, gate: {} },
      /^gate\.headers: must contain "iss"/,
    ],
    [
      'a cookie for a top-level domain',
      { gate: { cookieDomain: 'com' } },
      /^gate\.cookieDomain: must be a domain of two parts/,
    ],
    [
      'a cookie for another domain',
      { gate: { cookieDomain: 'example.org' } },
      /^gate\.cookieDomain: must be a domain that contains the host of baseUrl$/,
    ],
    [
      'a cookie for a part of the host name',
      { gate: { cookieDomain: 'ample.com' } },
      /^gate\.cookieDomain: must be a domain that/,
    ],
    [
      'a cookie for a host below',
      { gate: { cookieDomain: 'a.login.example.com' } },
      /^gate\.cookieDomain: must be a domain that/,
    ],
    [
      'a cookie domain of localhost',
      { baseUrl: undefined, gate: { cookieDomain: 'example.com' } },
      /^gate\.cookieDomain: must be a domain that/,
    ],
    [
      'an unknown setting',
      { gate: { allowHosts: [] } },
      /^gate\.allowHosts: unknown setting\. Did you mean "allowedHosts"\?$/,
    ],
    ['a boolean as the gate', { gate: true }, /^gate: must be an object/],
    ...[
      '10.0.0.0/33',
      '10.0.0/8',
      '10.0.0.1/8/8',
      'fd00::/129',
      'proxy',
      '',
      '10.0.0.0/',
      '10.0.0.0/08',
      'fe80::1%eth0',
      '::ffff:10.0.0.0/8',
    ].map((network): [string, object, RegExp] => [
      `the network "${network}"`,
      { trustedProxies: [network] },
      /^trustedProxies\.0: must be an IP address or a network/,
    ]),
    [
      'networks that are not a list',
      { trustedProxies: '10.0.0.0/8' },
      /^trustedProxies: must be a list of networks$/,
    ],
  ];
  for (const [name, more, expected] of rows) {
    test(name, () => {
      const faults = faultsOf(more);
      assert.equal(faults.length, 1, faults.join(' | '));
      assert.match(faults[0] ?? '', expected);
    });
  }
});

test('all issues are reported at once, with those of other settings', () => {
  const gate = {
    allowedHosts: ['*'],
    headers: { 'X-Auth-Request-User': 'x' },
    cookieDomain: 'org.example',
  };
  const faults = faultsOf({ gate, trustedProxies: ['x'], policies: { signIn: 'susi' } });
  assert.equal(faults.length, 5, faults.join(' | '));
});

test('several tenants with the issuer in a header are valid', () => {
  const tenants = {
    other: {
      tenant: { kind: 'generic', issuer: 'https://other.example' },
      client: { id: 'x', secret: 'y' },
    },
  };
  assert.deepEqual(faultsOf({ tenants, gate: { headers: { 'X-Issuer': 'iss' } } }), []);
});
