/** User names, invitations, choices, lockout and password rules. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Emulator, EmulatorOptions } from '../../dist/emulator/emulator.js';
import {
  ALICE,
  admin,
  authorizationUrl,
  claimsOf,
  codeOf,
  type Json,
  PASSWORD,
  requestToken,
  startEmulator,
} from './support.js';
import { elementById, textOf, type Visitor, visit } from './visitor.js';

const ALICE_PATH = 'accounts/f0b6e55f-0000-4000-8000-00000000e001';
const PASSWORDS = { newPassword: 'Another#1', reenterPassword: 'Another#1' };
const signUp = (more: Json): EmulatorOptions => ({
  policies: [
    {
      name: 'B2C_1_up',
      kind: 'signUp',
      attributes: ['displayName'],
      page: { emailVerification: 'none' },
      ...more,
    },
  ],
});

async function open(emulator: Emulator, policy: string, more = {}): Promise<Visitor> {
  const visitor = visit(emulator);
  await visitor.open(authorizationUrl(emulator, policy, more));
  return visitor;
}

async function redeemIdToken(emulator: Emulator, policy: string, visitor: Visitor): Promise<Json> {
  const code = codeOf(visitor.left());
  return claimsOf((await requestToken(emulator, policy, { code })).body['id_token']);
}

test('users can sign up, sign in and reset the password with a user name', async (t) => {
  const common = {
    signInName: 'userName' as const,
    attributes: ['displayName'],
    page: { emailVerification: 'none' as const },
  };
  const policies = [
    { name: 'B2C_1_name', ...common },
    { name: 'B2C_1_name_reset', kind: 'resetPassword' as const, ...common },
  ];
  const emulator = await startEmulator(t, { policies });
  const visitor = await open(emulator, 'B2C_1_name');
  await visitor.follow('createAccount');
  const fields = { UserId: 'carol', email: 'carol@example.com', displayName: 'Carol' };
  await visitor.press('continue', { ...fields, ...PASSWORDS });
  visitor.left();
  const again = await open(emulator, 'B2C_1_name');
  assert.equal(elementById(again.page.body, 'UserId')['name'], 'Username');
  await again.press('next', { UserId: 'CAROL', password: 'Another#1' });
  assert.deepEqual((await redeemIdToken(emulator, 'B2C_1_name', again))['emails'], [fields.email]);
  const reset = await open(emulator, 'B2C_1_name_reset');
  await reset.press('continue', { UserId: 'carol', email: 'else@example.com' });
  assert.notEqual(textOf(reset.page.body, 'claimVerificationServerError'), '');
  await reset.press('continue', { UserId: 'carol', email: 'carol@example.com' });
  await reset.press('continue', { newPassword: 'Third#333', reenterPassword: 'Third#333' });
  assert.ok(codeOf(reset.left()));
});

test('a second account with the same user name is rejected', async (t) => {
  const emulator = await startEmulator(t, signUp({ signInName: 'userName' }));
  for (const [email, isTaken] of [
    ['one@example.com', false],
    ['two@example.com', true],
  ] as const) {
    const visitor = await open(emulator, 'B2C_1_up');
    const fields = { UserId: 'carol', email, displayName: 'C', ...PASSWORDS };
    await visitor.press('continue', fields);
    assert.equal(visitor.page.status, isTaken ? 200 : 302);
  }
});

test('an invitation fills in the email address, which needs no code and cannot be changed', async (t) => {
  const policies = [
    {
      name: 'B2C_1A_invite',
      kind: 'signUp' as const,
      attributes: ['displayName'],
      idTokenHint: { secret: 'shared', required: true },
    },
  ];
  const emulator = await startEmulator(t, { policies });
  const { body } = await admin(emulator, 'POST', 'id-token-hint', {
    policy: 'B2C_1A_invite',
    claims: { email: 'dora@example.com', displayName: 'Dora', ticket: 7 },
  });
  const visitor = await open(emulator, 'B2C_1A_invite', { id_token_hint: body['idTokenHint'] });
  const email = elementById(visitor.page.body, 'email');
  assert.equal(email['value'], 'dora@example.com');
  assert.ok('readonly' in email);
  assert.equal(elementById(visitor.page.body, 'displayName')['value'], 'Dora');
  await visitor.press('continue', { email: 'mallory@example.com', ...PASSWORDS });
  const claims = await redeemIdToken(emulator, 'B2C_1A_invite', visitor);
  assert.deepEqual([claims['email'], claims['ticket']], ['dora@example.com', 7]);
});

test('profile fields can be lists, radio buttons and checkboxes', async (t) => {
  const attributes = [
    'displayName',
    { id: 'country', input: 'dropdown' as const, values: ['DE', 'FR'] },
    { id: 'extension_Plan', input: 'radio' as const, values: ['free', 'paid'] },
    {
      id: 'extension_Terms',
      input: 'checkbox' as const,
      values: ['agreed'],
      required: true,
      label: 'Terms of use',
    },
  ];
  const emulator = await startEmulator(t, signUp({ attributes }));
  const visitor = await open(emulator, 'B2C_1_up');
  const base = { email: 'carol@example.com', displayName: 'Carol', ...PASSWORDS };
  await visitor.press('continue', base);
  assert.notEqual(textOf(visitor.page.body, 'requiredFieldMissing'), '');
  assert.match(visitor.page.body, /<select id="country" name="country" class="dropdown_single"/);
  await visitor.press('continue', {
    ...base,
    extension_Plan_paid: 'paid',
    extension_Terms_agreed: 'agreed',
  });
  const claims = await redeemIdToken(emulator, 'B2C_1_up', visitor);
  assert.deepEqual([claims['extension_Plan'], claims['extension_Terms']], ['paid', 'agreed']);
});

test('too many wrong passwords lock the account temporarily, for the right password too', async (t) => {
  const behavior = { lockout: { failures: 3, seconds: 60 } };
  const emulator = await startEmulator(t, { behavior });
  const visitor = await open(emulator, 'B2C_1_susi');
  for (let i = 0; i < 3; i += 1) await visitor.press('next', { email: ALICE, password: 'wrong' });
  assert.match(visitor.page.body, /temporarily locked/);
  await visitor.press('next', { email: ALICE, password: PASSWORD });
  assert.match(visitor.page.body, /temporarily locked/);
  await admin(emulator, 'POST', 'clock', { offsetSeconds: 60 });
  await visitor.press('next', { email: ALICE, password: PASSWORD });
  assert.ok(codeOf(visitor.left()));
});

test('the page reports a disabled account only after the right password', async (t) => {
  const emulator = await startEmulator(t);
  await admin(emulator, 'PATCH', ALICE_PATH, { disabled: true });
  const visitor = await open(emulator, 'B2C_1_susi');
  await visitor.press('next', { email: ALICE, password: 'wrong' });
  assert.match(visitor.page.body, /password is incorrect/);
  await visitor.press('next', { email: ALICE, password: PASSWORD });
  assert.match(visitor.page.body, /has been locked/);
});

const rules: Record<string, [unknown, Record<string, boolean>]> = {
  simple: ['simple', { abcdefgh: true, abcdefg: false }],
  strong: ['strong', { abcdefgh: false, Abcdefg1: true, Ab1: false }],
  custom: [
    { minLength: 4, maxLength: 6, characterClasses: 2 },
    { abc1: true, abcd: false, abcd123: false },
  ],
};
for (const [what, [passwordRules, passwords]] of Object.entries(rules)) {
  test(`password rules can be ${what}`, async (t) => {
    const emulator = await startEmulator(t, signUp({ passwordRules }));
    for (const [password, isAllowed] of Object.entries(passwords)) {
      const visitor = await open(emulator, 'B2C_1_up');
      await visitor.press('continue', {
        email: `${password}@example.com`.toLowerCase(),
        displayName: 'C',
        newPassword: password,
        reenterPassword: password,
      });
      assert.equal(visitor.page.status === 302, isAllowed, password);
    }
  });
}
