import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  ALICE,
  authorizationUrl,
  claimsOf,
  codeOf,
  PASSWORD,
  requestToken,
  startEmulator,
} from './support.js';
import { elementById, visit } from './visitor.js';

test('with SSO, the profile form opens immediately, with the current values', async (t) => {
  const emulator = await startEmulator(t);
  const visitor = visit(emulator);
  await visitor.open(authorizationUrl(emulator));
  await visitor.press('next', { email: ALICE, password: PASSWORD });
  await visitor.open(authorizationUrl(emulator, 'B2C_1_edit_profile'));
  assert.equal(elementById(visitor.page.body, 'displayName')['value'], 'Alice Example');
  await visitor.press('continue', { displayName: 'Alice A. Example', surname: '' });
  const { body } = await requestToken(emulator, 'B2C_1_edit_profile', {
    code: codeOf(visitor.left()),
  });
  const claims = claimsOf(body['id_token']);
  assert.equal(claims['tfp'], 'B2C_1_edit_profile');
  assert.equal(claims['name'], 'Alice A. Example');
  assert.equal(claims['given_name'], 'Alice');
  assert.equal(claims['family_name'], undefined);
});

test('without SSO, the user signs in first', async (t) => {
  const emulator = await startEmulator(t);
  const visitor = visit(emulator);
  await visitor.open(authorizationUrl(emulator, 'B2C_1_edit_profile'));
  await visitor.press('next', { email: ALICE, password: PASSWORD });
  assert.equal(elementById(visitor.page.body, 'givenName')['value'], 'Alice');
  await visitor.press('cancel');
  assert.match(visitor.left().searchParams.get('error_description') ?? '', /^AADB2C90091/);
});
