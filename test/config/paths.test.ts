// The paths of the routes, and the one of them that the operator chooses.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseConfig } from '../../dist/config/parse-config.js';
import { configSources } from '../../dist/program/config-file.js';

const sources = configSources('.', { env: {} });

const settings = (more: object) => ({
  tenant: { authority: 'https://contoso.b2clogin.com/contoso.onmicrosoft.com' },
  client: { id: '11111111-1111-1111-1111-111111111111', secret: 'a client secret' },
  policies: { signIn: 'B2C_1_susi', editProfile: 'B2C_1_edit', phone: 'B2C_1_phone' },
  session: { secrets: ['Mf3-Tz8_kQ1+wR6.yB9#hN4vJ7~cX2pL5'] },
  tenants: {
    other: {
      tenant: { authority: 'https://other.b2clogin.com/other.onmicrosoft.com' },
      client: { id: '22222222-2222-2222-2222-222222222222', secret: 'another client secret' },
      policies: { signIn: 'B2C_1_susi' },
    },
  },
  ...more,
});

const gate = { assertion: true, headers: { 'X-Issuer': 'iss' } };
const withCallback = (callback: string) => settings({ gate, routes: { callback } });

describe('a callback at the path of another route is rejected', () => {
  const {
    callbacks,
    policies,
    gate,
    flow: _,
    assets: __,
    home: ___,
    ...others
  } = parseConfig(withCallback('/of/its/own'), sources).paths;
  const { oauth2, ...ofGate } = gate;
  const taken = [
    ...Object.values({ ...others, ...ofGate, ...oauth2 }),
    ...policies.values(),
    String(callbacks.get('other')),
  ];
  for (const path of new Set(taken)) {
    test(path, () => {
      assert.throws(() => parseConfig(withCallback(path), sources), {
        code: 'config_invalid',
        message: `routes.callback: must differ from the paths of all other routes; ${path} is one of them`,
      });
    });
  }
});

test('a callback at the start page is rejected with the reason', () => {
  assert.throws(() => parseConfig(withCallback('/'), sources), {
    code: 'config_invalid',
    message:
      'routes.callback: must not be "/", the start page: a request for it is usually no response of the tenant. ' +
      'Register a redirect URI with another path, such as "https://HOST/auth/redirect".',
  });
});

describe('a callback may be at', () => {
  const rows: [what: string, settings: object][] = [
    ['another path', { gate, routes: { callback: '/signin-oidc' } }],
    ['a path that ends in a slash', { gate, routes: { callback: '/login/oauth2/code/' } }],
    ['the default path', { gate, routes: { callback: '/auth/redirect' } }],
    ['a path of the gate without a gate', { routes: { callback: '/auth/verify' } }],
    [
      'the path of the keys without assertions',
      { gate: { ...gate, assertion: false }, routes: { callback: '/auth/assertion_keys' } },
    ],
    ['the default path of another prefix', { routes: { prefix: '/x', callback: '/auth/me' } }],
  ];
  for (const [what, more] of rows) {
    test(what, () => {
      const config = parseConfig(settings(more), sources);
      const callback = (more as { routes: { callback: string } }).routes.callback;
      assert.equal(config.tenants[0].callbackPath, callback);
    });
  }
});
