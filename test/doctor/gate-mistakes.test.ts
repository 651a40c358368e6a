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

describeRows('the proxies that are believed', [
  {
    mistake: 'everybody with an address of IPv4',
    plant: gate({}, { trustedProxies: ['10.0.0.0/8', '0.0.0.0/0'] }),
    id: 'gate.proxies',
    says: /^trustedProxies: 0\.0\.0\.0\/0 holds strangers/,
  },
  {
    mistake: 'everybody with an address of IPv6',
    plant: gate({}, { trustedProxies: ['::/0'] }),
    id: 'gate.proxies',
    says: /::\/0 holds strangers/,
  },
  {
    mistake: 'half of the internet',
    plant: gate({}, { trustedProxies: ['128.0.0.0/1'] }),
    id: 'gate.proxies',
    says: /128\.0\.0\.0\/1 holds strangers/,
  },
  {
    mistake: 'none, and the port can be reached from elsewhere',
    plant: (config) => ({ ...config, gate: {}, listen: { host: '0.0.0.0', port } }),
    id: 'gate.proxies',
    status: 'warn',
    says: /only a proxy on this machine is believed/,
  },
]);

describeRows('the rules', [
  {
    mistake: 'one stands behind one that opens everything',
    plant: rules({ path: '/', allow: 'everyone' }, { path: '/admin', ...ADMINS }),
    id: 'gate.rules',
    says: /^gate\.rules\.1: never decides: \/, before it, decides on \/admin too/,
  },
  {
    mistake: 'one has the path of another',
    plant: rules({ path: '/admin', allow: 'signed-in' }, { path: '/admin', ...ADMINS }),
    id: 'gate.rules',
    says: /^gate\.rules\.1: never decides: \/admin, before it/,
  },
  {
    mistake: 'one says what another has said',
    plant: rules({ path: '/büro', ...ADMINS }, { path: '/büro/a', ...ADMINS }),
    id: 'gate.rules',
    status: 'warn',
    says: /^gate\.rules\.1: never decides: \/büro, before it, says the same/,
  },
  {
    mistake: 'one is nearly below one that guards',
    plant: rules({ path: '/admin', ...ADMINS }, { path: '/admin.json', allow: 'everyone' }),
    id: 'gate.rules',
    says: /^gate\.rules\.1: \/admin\.json is refused to everybody/,
  },
  {
    mistake: 'one is the other in another letter case',
    plant: rules({ path: '/Admin', ...ADMINS }, { path: '/admin', allow: 'signed-in' }),
    id: 'gate.rules',
    says: /^gate\.rules\.1: \/admin is refused to everybody/,
  },
  {
    mistake: 'a path ends in a dot',
    plant: rules({ path: '/a.', allow: 'everyone' }),
    id: 'gate.rules',
    says: /^gate\.rules\.0: \/a\. is refused to everybody/,
  },
  {
    mistake: 'a path is no text that an address can hold',
    plant: rules({ path: '/\ud800', allow: 'everyone' }),
    id: 'gate.rules',
    says: /^gate\.rules\.0: .* is refused to everybody/,
  },
]);

describeRows('the hosts', [
  {
    mistake: 'one that the cookie of this host does not come to',
    plant: gate({ allowedHosts: ['localhost:8080', 'app.example.com'] }),
    id: 'gate.hosts',
    status: 'warn',
    says: /cookie of localhost does not come to app\.example\.com /,
  },
]);

describeRows('the claims', [
  {
    mistake: 'a rule asks for one that no policy announces',
    plant: rules({ path: '/admin', claims: { extension_Rolle: ['admin'] } }),
    id: 'gate.claims',
    status: 'warn',
    says: /no policy announces extension_Rolle /,
  },
  {
    mistake: 'a header hands on one that no policy announces',
    plant: gate({ headers: { 'X-Tier': 'extension_Tier' } }),
    id: 'gate.claims',
    status: 'warn',
    says: /no policy announces extension_Tier /,
  },
]);

describe('nothing is said against', () => {
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

  test('a configuration without a gate, in which nobody looks for one', async (t) => {
    const config = { ...goodConfig(emulator, port), trustedProxies: ['0.0.0.0/0'] };
    const checks = await examined(t, config);
    assert.deepEqual(
      checks.filter(({ id }) => id.startsWith('gate.')),
      [],
    );
  });
});
