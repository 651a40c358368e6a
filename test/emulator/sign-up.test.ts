import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Emulator } from '../../dist/emulator/emulator.js';
import {
  ALICE,
  admin,
  authorizationUrl,
  claimsOf,
  codeOf,
  requestToken,
  startEmulator,
} from './support.js';
import { elementById, textOf, type Visitor, visit } from './visitor.js';

const CONTROL = 'emailVerificationControl';
const NEW_PASSWORD = { newPassword: 'Another#1', reenterPassword: 'Another#1' };

async function openSignUp(emulator: Emulator, policy = 'B2C_1_susi'): Promise<Visitor> {
  const visitor = visit(emulator);
  await visitor.open(authorizationUrl(emulator, policy));
  await visitor.follow('createAccount');
  return visitor;
}

async function mailedCode(emulator: Emulator, email: string): Promise<string> {
  const { body } = await admin(emulator, 'GET', `mailbox?email=${encodeURIComponent(email)}`);
  return (body['messages'] as { code: string }[])[0]?.code ?? '';
}

async function verify(emulator: Emulator, visitor: Visitor, email: string): Promise<void> {
  await visitor.press(`${CONTROL}_but_send_code`, { email });
  const emailVerificationCode = await mailedCode(emulator, email);
  await visitor.press(`${CONTROL}_but_verify_code`, { emailVerificationCode });
}

test('a user signs up with a code from the mailbox, and newUser is set once', async (t) => {
  const emulator = await startEmulator(t);
  const visitor = await openSignUp(emulator);
  const email = 'carol@example.com';
  await verify(emulator, visitor, email);
  await visitor.press('continue', { ...NEW_PASSWORD, displayName: 'Carol', givenName: 'Carol' });
  const { body } = await requestToken(emulator, 'B2C_1_susi', { code: codeOf(visitor.left()) });
  const claims = claimsOf(body['id_token']);
  assert.deepEqual(claims['emails'], [email]);
  assert.equal(claims['name'], 'Carol');
  assert.equal(claims['family_name'], undefined);
  assert.equal(claims['newUser'], true);
  const again = await requestToken(emulator, 'B2C_1_susi', {
    grant_type: 'refresh_token',
    refresh_token: String(body['refresh_token']),
  });
  assert.equal(claimsOf(again.body['id_token'])['newUser'], undefined);
});

test('the display control shows the buttons of each state', async (t) => {
  const emulator = await startEmulator(t);
  const visitor = await openSignUp(emulator);
  const shown = (id: string) => elementById(visitor.page.body, id)['aria-hidden'] === 'false';
  const buttons = () =>
    ['send_code', 'verify_code', 'send_new_code', 'change_claims'].filter((name) =>
      shown(`${CONTROL}_but_${name}`),
    );
  assert.deepEqual(buttons(), ['send_code']);
  assert.equal(elementById(visitor.page.body, 'continue')['aria-disabled'], 'true');
  await visitor.press(`${CONTROL}_but_send_code`, { email: 'carol@example.com' });
  assert.deepEqual(buttons(), ['verify_code', 'send_new_code']);
  assert.ok(shown(`${CONTROL}_success_message`));
  await visitor.press(`${CONTROL}_but_verify_code`, { emailVerificationCode: 'wrong' });
  assert.ok(shown(`${CONTROL}_error_message`));
  const emailVerificationCode = await mailedCode(emulator, 'carol@example.com');
  await visitor.press(`${CONTROL}_but_verify_code`, { emailVerificationCode });
  assert.deepEqual(buttons(), ['change_claims']);
  assert.equal(elementById(visitor.page.body, 'continue')['aria-disabled'], 'false');
  await visitor.press(`${CONTROL}_but_change_claims`);
  assert.deepEqual(buttons(), ['send_code']);
});

const refused = {
  'without a verified address': { verified: '', fields: {}, id: 'claimVerificationServerError' },
  'with the address of another account': {
    verified: ALICE,
    fields: { ...NEW_PASSWORD, displayName: 'Alice' },
    id: 'claimVerificationServerError',
  },
  'without a name': {
    verified: 'carol@example.com',
    fields: NEW_PASSWORD,
    id: 'requiredFieldMissing',
  },
  'with a weak password': {
    verified: 'carol@example.com',
    fields: { newPassword: 'weak', reenterPassword: 'weak', displayName: 'Carol' },
    id: 'fieldIncorrect',
  },
  'with two different passwords': {
    verified: 'carol@example.com',
    fields: { newPassword: 'Another#1', reenterPassword: 'Another#2', displayName: 'Carol' },
    id: 'passwordEntryMismatch',
  },
};
for (const [how, { verified, fields, id }] of Object.entries(refused)) {
  test(`sign-up ${how} is rejected`, async (t) => {
    const emulator = await startEmulator(t);
    const visitor = await openSignUp(emulator);
    if (verified) await verify(emulator, visitor, verified);
    await visitor.press('continue', fields);
    assert.equal(elementById(visitor.page.body, id)['aria-hidden'], 'false');
    assert.notEqual(textOf(visitor.page.body, id), '');
  });
}

test('a custom policy has the built-in verification', async (t) => {
  const emulator = await startEmulator(t);
  const visitor = await openSignUp(emulator, 'B2C_1A_signup_signin');
  const email = 'carol@example.com';
  await visitor.press('email_ver_but_send', { email });
  await visitor.press('email_ver_but_verify', {
    email_ver_input: await mailedCode(emulator, email),
  });
  assert.equal(elementById(visitor.page.body, 'email_success')['aria-hidden'], 'false');
  await visitor.press('continue', { ...NEW_PASSWORD, displayName: 'Carol' });
  assert.ok(codeOf(visitor.left()));
});

test('Cancel returns AADB2C90091', async (t) => {
  const emulator = await startEmulator(t);
  const visitor = await openSignUp(emulator);
  await visitor.press('cancel');
  const { searchParams } = visitor.left();
  assert.equal(searchParams.get('error'), 'access_denied');
  assert.match(searchParams.get('error_description') ?? '', /^AADB2C90091: /);
  assert.equal(searchParams.get('state'), 'the-state');
});
