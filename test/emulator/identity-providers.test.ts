import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Emulator } from '../../dist/emulator/emulator.js';
import {
  admin,
  authorizationUrl,
  claimsOf,
  codeOf,
  errorOf,
  type Json,
  requestToken,
  startEmulator,
  tokensOf,
} from './support.js';
import { choose, elementById, textOf, type Visitor, visit } from './visitor.js';

const POLICY = 'B2C_1_susi_reset';

async function openProvider(emulator: Emulator, id = 'GoogleExchange'): Promise<Visitor> {
  const visitor = visit(emulator);
  await visitor.open(authorizationUrl(emulator, POLICY));
  await choose(visitor, id);
  return visitor;
}

async function claimsAfter(emulator: Emulator, visitor: Visitor): Promise<Json> {
  const { body } = await requestToken(emulator, POLICY, { code: codeOf(visitor.left()) });
  return claimsOf(body['id_token']);
}

test('a new user of an identity provider signs up, a known one signs in', async (t) => {
  const emulator = await startEmulator(t);
  const first = await openProvider(emulator);
  assert.match(first.page.body, /Google, simulated/);
  await first.press('continue', { email: 'gina@example.com', name: 'Gina' });
  assert.equal(elementById(first.page.body, 'email')['value'], 'gina@example.com');
  assert.equal(elementById(first.page.body, 'displayName')['value'], 'Gina');
  await first.press('continue', { givenName: 'Gina' });
  const claims = await claimsAfter(emulator, first);
  assert.deepEqual([claims['idp'], claims['newUser']], ['google.com', true]);
  assert.deepEqual([claims['name'], claims['given_name']], ['Gina', 'Gina']);
  const second = await openProvider(emulator);
  await second.press('known_0');
  const again = await claimsAfter(emulator, second);
  assert.equal(again['sub'], claims['sub']);
  assert.ok(!('newUser' in again));
});

test('an email address at two identity providers is two accounts', async (t) => {
  const emulator = await startEmulator(t);
  const subjects = new Set();
  for (const provider of ['GoogleExchange', 'FacebookExchange']) {
    const visitor = await openProvider(emulator, provider);
    await visitor.press('continue', { email: 'alice@example.com', name: 'Alice' });
    await visitor.press('continue');
    subjects.add((await claimsAfter(emulator, visitor))['sub']);
  }
  subjects.add('f0b6e55f-0000-4000-8000-00000000e001');
  assert.equal(subjects.size, 3);
});

const endings = {
  refuse: 'access_denied AADB2C90273',
  fail: 'server_error AADB2C90289',
};
for (const [button, expected] of Object.entries(endings)) {
  test(`the button "${button}" of the identity provider returns an error to the application`, async (t) => {
    const visitor = await openProvider(await startEmulator(t));
    await visitor.press(button);
    assert.equal(errorOf(visitor.left().searchParams), expected);
  });
}

test('an invalid email address shows the page of the identity provider again', async (t) => {
  const visitor = await openProvider(await startEmulator(t));
  await visitor.press('continue', { email: 'gina' });
  assert.match(visitor.page.body, /Please enter an email address/);
});

test('domain_hint opens the identity provider immediately', async (t) => {
  const emulator = await startEmulator(t);
  const visitor = visit(emulator);
  const hint = { domain_hint: 'facebook.com' };
  await visitor.open(authorizationUrl(emulator, POLICY, hint));
  assert.match(visitor.page.body, /Facebook, simulated/);
  // Only if the policy offers the identity provider.
  await visitor.open(authorizationUrl(emulator, 'B2C_1_susi', hint));
  assert.match(visitor.page.body, /id="localAccountForm"/);
});

test('the email address at sign-up can differ from the one at the identity provider', async (t) => {
  const emulator = await startEmulator(t);
  const visitor = await openProvider(emulator);
  await visitor.press('continue', { email: 'gina@example.com', name: 'Gina' });
  await visitor.press('continue', { email: '' });
  assert.notEqual(textOf(visitor.page.body, 'requiredFieldMissing'), '');
  await visitor.press('continue', { email: 'gina@work.example' });
  const first = await claimsAfter(emulator, visitor);
  assert.deepEqual(first['emails'], ['gina@work.example']);
  const again = await openProvider(emulator);
  await again.press('continue', { email: 'gina@example.com' });
  assert.equal((await claimsAfter(emulator, again))['sub'], first['sub']);
});

test('the redirect URI of identity providers needs a transaction', async (t) => {
  const emulator = await startEmulator(t);
  const visitor = visit(emulator);
  const address = `${emulator.authority}/oauth2/authresp?p=${POLICY}&tx=none&csrf_token=none`;
  await visitor.open(address);
  assert.match(visitor.page.body, /AADB2C90046/);
});

test('identity providers can be configured and used in scripted sign-ins', async (t) => {
  const emulator = await startEmulator(t, {
    identityProviders: [{ id: 'ContosoExchange', name: 'Contoso', issuer: 'https://idp.example' }],
    policies: [{ name: POLICY, identityProviders: ['ContosoExchange'] }],
    accounts: [{ email: 'hal@example.com', identityProvider: 'https://idp.example' }],
  });
  const visitor = await openProvider(emulator, 'ContosoExchange');
  await visitor.press('known_0');
  assert.equal((await claimsAfter(emulator, visitor))['idp'], 'https://idp.example');
  const input = { as: 'hal@example.com', identityProvider: 'https://idp.example' };
  const { id_token: idToken } = await tokensOf(emulator, POLICY, input);
  assert.equal(claimsOf(idToken)['idp'], 'https://idp.example');
  const { body } = await admin(emulator, 'GET', 'accounts');
  assert.equal((body['accounts'] as Json[])[0]?.['password'], '');
});
