import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Emulator } from '../../dist/emulator/emulator.js';
import {
  ALICE,
  authorizationUrl,
  claimsOf,
  codeOf,
  requestToken,
  startEmulator,
  tokensOf,
} from './support.js';
import { elementById, type Visitor, visit } from './visitor.js';

const CODE = '123456';
const NEW = 'Another#1';

async function verifyAndReset(visitor: Visitor): Promise<void> {
  await visitor.press('emailVerificationControl_but_send_code', { email: ALICE });
  await visitor.press('emailVerificationControl_but_verify_code', { emailVerificationCode: CODE });
  await visitor.press('continue');
  await visitor.press('continue', { newPassword: NEW, reenterPassword: NEW });
}

async function claimsAfter(emulator: Emulator, policy: string, visitor: Visitor) {
  const { body } = await requestToken(emulator, policy, { code: codeOf(visitor.left()) });
  return claimsOf(body['id_token']);
}

test('the reset policy changes the password, and the token names it', async (t) => {
  const emulator = await startEmulator(t, { verificationCode: CODE });
  const visitor = visit(emulator);
  await visitor.open(authorizationUrl(emulator, 'B2C_1_reset'));
  await verifyAndReset(visitor);
  const claims = await claimsAfter(emulator, 'B2C_1_reset', visitor);
  assert.equal(claims['tfp'], 'B2C_1_reset');
  const signIn = visit(emulator);
  await signIn.open(authorizationUrl(emulator));
  await signIn.press('next', { email: ALICE, password: NEW });
  assert.ok(codeOf(signIn.left()));
});

test('with an inline reset, the sign-in policy returns the claim isForgotPassword', async (t) => {
  const emulator = await startEmulator(t, { verificationCode: CODE });
  const visitor = visit(emulator);
  await visitor.open(authorizationUrl(emulator, 'B2C_1_susi_reset'));
  await visitor.follow('forgotPassword');
  await verifyAndReset(visitor);
  const claims = await claimsAfter(emulator, 'B2C_1_susi_reset', visitor);
  assert.equal(claims['tfp'], 'B2C_1_susi_reset');
  assert.equal(claims['isForgotPassword'], true);
});

test('an unknown email address is rejected after its verification', async (t) => {
  const emulator = await startEmulator(t, { verificationCode: CODE });
  const visitor = visit(emulator);
  await visitor.open(authorizationUrl(emulator, 'B2C_1_reset'));
  const email = 'unknown@example.com';
  await visitor.press('emailVerificationControl_but_send_code', { email });
  await visitor.press('emailVerificationControl_but_verify_code', { emailVerificationCode: CODE });
  await visitor.press('continue');
  const refusal = elementById(visitor.page.body, 'claimVerificationServerError');
  assert.equal(refusal['aria-hidden'], 'false');
});

test('a new password revokes earlier refresh tokens', async (t) => {
  let time = Date.now();
  const emulator = await startEmulator(t, { verificationCode: CODE, now: () => time });
  const { refresh_token: refreshToken } = await tokensOf(emulator);
  time += 1000;
  const visitor = visit(emulator);
  await visitor.open(authorizationUrl(emulator, 'B2C_1_reset'));
  await verifyAndReset(visitor);
  const { status, body } = await requestToken(emulator, 'B2C_1_susi', {
    grant_type: 'refresh_token',
    refresh_token: String(refreshToken),
  });
  assert.equal(status, 400);
  assert.match(String(body['error_description']), /^AADB2C90129: /);
});
