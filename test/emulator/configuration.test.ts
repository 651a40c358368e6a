import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { ConfigurationError } from '../../dist/emulator/definition/configuration-fault.js';
import { parseConfiguration } from '../../dist/emulator/definition/parse-configuration.js';
import { configurationSchemaText } from '../../dist/emulator/definition/schema.js';
import { createEmulator, type EmulatorOptions } from '../../dist/emulator/emulator.js';

function findFaults(configuration: unknown): string[] {
  try {
    parseConfiguration(JSON.stringify(configuration));
    return [];
  } catch (error) {
    assert.ok(error instanceof ConfigurationError);
    return error.message.split('\n');
  }
}

test('all faults are reported at once, with their settings', () => {
  assert.deepEqual(
    findFaults({
      port: 70_000,
      publicUrl: 'https://tenant.example/path',
      tls: 'maybe',
      colour: 'red',
      poorts: 3001,
      tenant: { id: 'f0b6e55f' },
      policies: [
        { name: 'susi', session: { scope: 'world', lifetimeMinutes: 1 } },
        { kind: 'signIn', claims: [], attributes: ['displayName', { input: 'text' }] },
        { name: 'B2C_1_x', page: { ids: { identifier: 'an id' } }, passwordRules: 'weak' },
      ],
      applications: [{ id: '', redirectUris: ['/callback'], logoutUrl: 'javascript:1' }],
      accounts: [{ email: 'alice', disabled: 'no' }],
      behavior: { lockout: { failures: 0 } },
      identityProviders: {},
    }),
    [
      'port: must be a whole number from 0 to 65535',
      'publicUrl: must be an http or https URL without a path',
      'tls: must be one of self-signed',
      'tenant.id: must be a GUID',
      'policies[0].name: must be B2C_1_… for a user flow or B2C_1A_… for a custom policy',
      'policies[0].session.scope: must be one of tenant, application, policy, suppressed',
      'policies[0].session.lifetimeMinutes: must be a whole number from 15 to 1440',
      'policies[1].name: is missing',
      'policies[1].attributes[1].id: is missing',
      'policies[1].claims: must be an object',
      'policies[2].passwordRules: must be one of simple, strong',
      'policies[2].page.ids.identifier: must be an element ID',
      'applications[0].id: must be text',
      'applications[0].redirectUris[0]: must be an absolute URI',
      'applications[0].logoutUrl: must be an http or https URL',
      'accounts[0].email: must be an email address',
      'accounts[0].disabled: must be true or false',
      'identityProviders: must be a list',
      'behavior.lockout.failures: must be a whole number from 1 to 1000',
      'behavior.lockout.seconds: is missing',
      'colour: is not a setting',
      'poorts: is not a setting; did you mean "port"?',
    ],
  );
});

test('an old name of a setting or value is an error that names the new one', () => {
  assert.deepEqual(
    findFaults({
      tenant: { shape: 'external-id' },
      behaviour: {},
      policies: [
        { name: 'B2C_1_a', forgotPassword: 'returnsError' },
        { name: 'B2C_1_b', forgotPassword: 'resetsInside' },
        { name: 'B2C_1_c', passwordRules: { minLength: 8, maxLength: 64, kinds: 3 } },
      ],
    }),
    [
      'behaviour: was renamed: use behavior',
      'tenant.shape: was renamed: use tenant.kind',
      'policies[0].forgotPassword: "returnsError" was renamed: use "returnError"',
      'policies[1].forgotPassword: "resetsInside" was renamed: use "inline"',
      'policies[2].passwordRules.kinds: was renamed: use policies[2].passwordRules.characterClasses',
      'policies[2].passwordRules.characterClasses: is missing',
    ],
  );
});

test('an old name in the options of createEmulator is an error too', async () => {
  const options = { behaviour: { accessTokenWithoutResource: true } };
  await assert.rejects(createEmulator(options as EmulatorOptions), {
    message: 'behaviour was renamed: use behavior',
  });
});

test('repeated names and unknown identity providers are faults', () => {
  assert.deepEqual(
    findFaults({
      policies: [
        { name: 'B2C_1_x', identityProviders: ['GoogleExchange', 'NoneExchange'] },
        { name: 'b2c_1_X' },
      ],
      applications: [{ id: 'a' }, { id: 'A' }],
      accounts: [
        { email: 'a@example.com' },
        { email: 'a@example.com', identityProvider: 'google.com' },
        { email: 'A@example.com' },
      ],
    }),
    [
      'policies[1].name: is used more than once',
      'applications[1].id: is used more than once',
      'accounts[2].email: is used more than once',
      'policies[0].identityProviders[1]: must be one of GoogleExchange, FacebookExchange',
    ],
  );
});

test('a file that is not an object or not JSON is one fault', () => {
  assert.deepEqual(findFaults([]), ['the configuration: must be an object']);
  assert.throws(() => parseConfiguration('{'), { message: 'the file: is not JSON' });
});

test('an empty object, also with a byte order mark, is a valid configuration', () => {
  assert.deepEqual(parseConfiguration('\uFEFF{}'), {});
});

test('docs/emulator.schema.json is up to date', () => {
  const file = new URL('../../docs/emulator.schema.json', import.meta.url);
  assert.equal(readFileSync(file, 'utf8'), configurationSchemaText());
});
