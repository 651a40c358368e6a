// Mistakes in the settings of the gate.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { describeRows, emulator, type Plant, port } from './mistakes.js';
import { examined, goodConfig } from './support.js';

const gate = (settings: object, more: object = {}): Plant => {
  return (config) => ({ ...config, gate: settings, ...more });
};
const rules = (...context: object[]) => gate({ rules: context });

const ADMINS = { claims: { name: ['Alice'] } };

describeRows('trusted proxies', [
  {
    mistake: 'all of IPv4',
    plant: gate({}, { trustedProxies: ['10.0.0.0/8', '0.0.0.0/0'] }),
    id: 'gate.proxies',
    says: /^trustedProxies: 0\.0\.0\.0\/0 contains public addresses/,
  },
  {
    mistake: 'all of IPv6',
    plant: gate({}, { trustedProxies: ['::/0'] }),
    id: 'gate.proxies',
    says: /::\/0 contains public addresses/,
  },
  {
    mistake: 'half of the internet',
    plant: gate({}, { trustedProxies: ['128.0.0.0/1'] }),
    id: 'gate.proxies',
    says: /128\.0\.0\.0\/1 contains public addresses/,
  },
  {
    mistake: 'none, and other machines can reach the port',
    plant: (config) => ({ ...config, gate: {}, listen: { host: '0.0.0.0', port } }),
    id: 'gate.proxies',
    status: 'warn',
    says: /only proxies on this machine are trusted/,
  },
]);

describeRows('the rules', [
  {
    mistake: 'one is after one that allows everything',
    plant: rules({ path: '/', allow: 'everyone' }, { path: '/admin', ...ADMINS }),
    id: 'gate.rules',
    says: /^gate\.rules\.1: has no effect: the earlier rule \/ also decides for \/admin/,
  },
  {
    mistake: 'one has the path of another',
    plant: rules({ path: '/admin', allow: 'signed-in' }, { path: '/admin', ...ADMINS }),
    id: 'gate.rules',
    says: /^gate\.rules\.1: has no effect: the earlier rule \/admin also/,
  },
  {
    mistake: 'one is equivalent to an earlier one',
    plant: rules({ path: '/büro', ...ADMINS }, { path: '/büro/a', ...ADMINS }),
    id: 'gate.rules',
    status: 'warn',
    says: /^gate\.rules\.1: has no effect: the earlier rule \/büro is equivalent/,
  },
  {
    mistake: 'the path of one is similar to a protected one',
    plant: rules({ path: '/admin', ...ADMINS }, { path: '/admin.json', allow: 'everyone' }),
    id: 'gate.rules',
    says: /^gate\.rules\.1: \/admin\.json is always denied/,
  },
  {
    mistake: 'the paths of two differ only in case',
    plant: rules({ path: '/Admin', ...ADMINS }, { path: '/admin', allow: 'signed-in' }),
    id: 'gate.rules',
    says: /^gate\.rules\.1: \/admin is always denied/,
  },
  {
    mistake: 'a path ends in a dot',
    plant: rules({ path: '/a.', allow: 'everyone' }),
    id: 'gate.rules',
    says: /^gate\.rules\.0: \/a\. is always denied/,
  },
  {
    mistake: 'a path cannot be part of a URL',
    plant: rules({ path: '/\ud800', allow: 'everyone' }),
    id: 'gate.rules',
    says: /^gate\.rules\.0: .* is always denied/,
  },
]);

describeRows('the hosts', [
  {
    mistake: 'one that does not get the cookie of this host',
    plant: gate({ allowedHosts: ['localhost:8080', 'app.example.com'] }),
    id: 'gate.hosts',
    status: 'warn',
    says: /do not send the session cookie of localhost to app\.example\.com /,
  },
]);

describeRows('the claims', [
  {
    mistake: 'a rule requires one that no policy lists',
    plant: rules({ path: '/admin', claims: { extension_Rolle: ['admin'] } }),
    id: 'gate.claims',
    status: 'warn',
    says: /no policy lists extension_Rolle /,
  },
  {
    mistake: 'a header contains one that no policy lists',
    plant: gate({ headers: { 'X-Tier': 'extension_Tier' } }),
    id: 'gate.claims',
    status: 'warn',
    says: /no policy lists extension_Tier /,
  },
]);

describeRows('step-up and access tokens', [
  {
    mistake: 'the access token for the application cannot be refreshed',
    plant: gate({ accessToken: true }, { scopes: ['openid'] }),
    id: 'gate.access-token',
    status: 'warn',
    says: /does not contain offline_access, so access tokens cannot be refreshed/,
  },
]);

test('a tenant without the policy of a step-up rule is named', async (t) => {
  const { tenant, client, policies, ...others } = goodConfig(emulator, port);
  const checks = await examined(t, {
    ...{ ...others, tenant, client },
    policies: { ...policies, phone: 'B2C_1_susi' },
    tenants: { guests: { tenant, client, policies } },
    gate: { headers: { 'X-Issuer': 'iss' }, rules: [{ path: '/pay', policy: 'phone' }] },
  });
  const check = checks.find(({ id }) => id === 'gate.step-up');
  assert.equal(check?.status, 'warn');
  assert.equal(check.target, 'gate.rules.0');
  assert.match(
    check.detail,
    /^tenants\.guests has no policy phone, so its users are always denied/,
  );
});

test('step-up that every user can meet passes, and needs auth_time', async (t) => {
  const config = {
    ...goodConfig(emulator, port),
    gate: { rules: [{ path: '/pay', maxAgeSeconds: 300, policy: 'editProfile' }] },
  };
  const checks = await examined(t, config);
  const ids = ['gate.step-up', 'sign-in.re-authentication'];
  const found = checks.filter(({ id }) => ids.includes(id));
  assert.deepEqual(
    found.map(({ id, status }) => [id, status]),
    ids.map((id) => [id, 'ok']),
  );
});

const typed = (claimTypes: object, claims: object): Plant =>
  gate({ rules: [{ path: '/admin', claims }] }, { claimTypes });

describeRows('the types of claims', [
  {
    mistake: 'an attribute of a user flow is compared with true, and is text',
    plant: typed({}, { extension_isAdmin: [true] }),
    id: 'claims.types',
    status: 'warn',
    says: /^gate\.rules\.0: extension_isAdmin is compared with true .*"extension_isAdmin": "boolean"/,
  },
  {
    mistake: 'a boolean is compared with text',
    plant: typed({ extension_isAdmin: 'boolean' }, { extension_isAdmin: [true, 'true'] }),
    id: 'claims.types',
    status: 'warn',
    says: /extension_isAdmin never has the value "true", because of its type/,
  },
  {
    mistake: 'a list is compared with several items at once',
    plant: typed({ extension_Roles: { list: ',' } }, { extension_Roles: ['user,admin'] }),
    id: 'claims.types',
    status: 'warn',
    says: /extension_Roles never has the value "user,admin".*one by one/,
  },
  {
    mistake: 'no policy lists one',
    plant: (config) => ({ ...config, claimTypes: { extension_Rolle: 'json' } }),
    id: 'claims.listed',
    status: 'warn',
    says: /no policy lists extension_Rolle .*claimTypes/,
  },
]);

describe('no problem is reported for', () => {
  test('rules that fit the types of their claims', async (t) => {
    const config = {
      ...goodConfig(emulator, port),
      claimTypes: { name: { list: ',' }, given_name: 'boolean', family_name: 'json' },
      gate: {
        rules: [
          { path: '/', claims: { name: ['a', 1], given_name: [true], family_name: [true, 'a,b'] } },
        ],
      },
    };
    const checks = await examined(t, config);
    const types = checks.filter(({ id }) => id.startsWith('claims.'));
    assert.deepEqual(
      types.map(({ id, status }) => [id, status]),
      [
        ['claims.types', 'ok'],
        ['claims.listed', 'ok'],
      ],
    );
  });

  const good = {
    'a gate without settings': { gate: {} },
    'a gate with all of them': {
      trustedProxies: ['10.0.0.0/8', 'fd00::/8', '127.0.0.1'],
      gate: {
        allowedHosts: ['localhost:8080'],
        headers: { 'X-Issuer': 'iss', 'X-Given-Name': 'given_name' },
        rules: [
          { path: '/public', allow: 'everyone' },
          { path: '/admin/help', allow: 'signed-in' },
          { path: '/admin', ...ADMINS },
          { path: '/administrators', allow: 'signed-in' },
          { path: '/büro-[1]', claims: { name: ['Alice'] } },
          { path: '/', allow: 'signed-in' },
        ],
      },
    },
  };
  for (const [name, more] of Object.entries(good)) {
    test(name, async (t) => {
      const checks = await examined(t, { ...goodConfig(emulator, port), ...more });
      const ofGate = checks.filter(({ id }) => id.startsWith('gate.'));
      assert.ok(ofGate.length >= 3);
      assert.deepEqual(
        ofGate.filter(({ status }) => status !== 'ok'),
        [],
      );
    });
  }

  test('a configuration without a gate, which is not checked for one', async (t) => {
    const config = { ...goodConfig(emulator, port), trustedProxies: ['0.0.0.0/0'] };
    const checks = await examined(t, config);
    assert.deepEqual(
      checks.filter(({ id }) => id.startsWith('gate.')),
      [],
    );
  });
});
