import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Emulator } from '../../dist/emulator/emulator.js';
import { totpAt } from '../../dist/emulator/tokens/totp.js';
import {
  ALICE,
  admin,
  authorizationUrl,
  codeOf,
  type Json,
  PASSWORD,
  startEmulator,
} from './support.js';
import { elementById, textOf, type Visitor, visit } from './visitor.js';

const ALICE_PATH = 'accounts/f0b6e55f-0000-4000-8000-00000000e001';

async function firstFactor(emulator: Emulator): Promise<Visitor> {
  const visitor = visit(emulator);
  await visitor.open(authorizationUrl(emulator, 'B2C_1_mfa'));
  await visitor.press('next', { email: ALICE, password: PASSWORD });
  return visitor;
}

const withFactor = (secondFactor: 'phone' | 'email' | 'totp', more: Json = {}) => ({
  policies: [{ name: 'B2C_1_mfa', secondFactor, ...more }],
});

async function newestMessage(emulator: Emulator): Promise<{ email: string; code: string }> {
  const { body } = await admin(emulator, 'GET', 'mailbox');
  const [newest] = body['messages'] as { email: string; code: string }[];
  return newest ?? { email: '', code: '' };
}

test('the phone number is requested once, and its codes are sent to the mailbox', async (t) => {
  const emulator = await startEmulator(t, withFactor('phone'));
  const visitor = await firstFactor(emulator);
  await visitor.press('sendCode', { number: '12' });
  assert.notEqual(textOf(visitor.page.body, 'errorMessage'), '');
  await visitor.press('sendCode', { number: '0 151 2345-6789' });
  const { email: number, code } = await newestMessage(emulator);
  assert.equal(number, '+115123456789');
  await visitor.press('verifyCode', { verificationCode: 'wrong' });
  assert.match(textOf(visitor.page.body, 'errorMessage'), /incorrect/);
  await visitor.press('verifyCode', { verificationCode: code });
  assert.ok(codeOf(visitor.left()));

  const again = await firstFactor(emulator);
  assert.match(again.page.body, /class="phoneNumber">XXX-XXX-6789</);
  await again.press('sendCode');
  await again.press('retryCode');
  await again.press('verifyCode', { verificationCode: (await newestMessage(emulator)).code });
  assert.ok(codeOf(again.left()));
});

test('the phone page can have one button, and another ID of the number', async (t) => {
  const page = { singlePhoneButton: true, ids: { phoneNumber: 'localNumber' } };
  const emulator = await startEmulator(t, withFactor('phone', { page }));
  const visitor = await firstFactor(emulator);
  await visitor.press('verifyCode', { localNumber: '+49 30 1234567' });
  const { email, code } = await newestMessage(emulator);
  assert.equal(email, '+49301234567');
  await visitor.press('verifyCode', { verificationCode: code });
  assert.ok(codeOf(visitor.left()));
});

test('the phone page can be canceled', async (t) => {
  const visitor = await firstFactor(await startEmulator(t, withFactor('phone')));
  await visitor.press('cancel');
  assert.match(visitor.left().searchParams.get('error_description') ?? '', /^AADB2C90091/);
});

test('an email code is sent to the address of the account only', async (t) => {
  const emulator = await startEmulator(t, withFactor('email'));
  const visitor = await firstFactor(emulator);
  const control = 'emailVerificationControl';
  await visitor.press('continue');
  assert.notEqual(textOf(visitor.page.body, 'claimVerificationServerError'), '');
  await visitor.press(`${control}_but_send_code`, { email: 'mallory@example.com' });
  const { email, code } = await newestMessage(emulator);
  assert.equal(email, ALICE);
  await visitor.press(`${control}_but_verify_code`, { emailVerificationCode: code });
  await visitor.press('continue');
  assert.ok(codeOf(visitor.left()));
});

test('an authenticator app is added once', async (t) => {
  // A fixed clock: otherwise a slow machine could reach the next code.
  const now = Date.now();
  const emulator = await startEmulator(t, { ...withFactor('totp'), now: () => now });
  const visitor = await firstFactor(emulator);
  const [, secret = ''] = /secret=([A-Z2-7]{32})/.exec(visitor.page.body) ?? [];
  await visitor.press('continue', { otpCode: '000000' });
  assert.notEqual(textOf(visitor.page.body, 'claimVerificationServerError'), '');
  await visitor.press('continue', { otpCode: totpAt(secret, now) });
  assert.ok(codeOf(visitor.left()));
  const again = await firstFactor(emulator);
  assert.doesNotMatch(again.page.body, /secret=/);
  assert.equal(elementById(again.page.body, 'otpCode')['name'], 'otpCode');
  await again.press('continue', { otpCode: totpAt(secret, now - 30_000) });
  assert.ok(codeOf(again.left()));
});

test('TOTP codes match RFC 6238, appendix B', () => {
  // "12345678901234567890" in base32
  const secret = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
  assert.equal(totpAt(secret, 59_000), '287082');
  assert.equal(totpAt(secret, 1_111_111_109_000), '081804');
  assert.equal(totpAt(secret, 20_000_000_000_000), '353130');
});

test('the profile form is shown after the second factor', async (t) => {
  const emulator = await startEmulator(t, withFactor('phone', { kind: 'editProfile' }));
  await admin(emulator, 'PATCH', ALICE_PATH, { phoneNumber: '+15551234567' });
  const visitor = await firstFactor(emulator);
  await visitor.press('sendCode');
  await visitor.press('verifyCode', { verificationCode: (await newestMessage(emulator)).code });
  assert.equal(elementById(visitor.page.body, 'displayName')['value'], 'Alice Example');
});
