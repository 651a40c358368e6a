/** Steps of a user flow for a known account: a new password, the terms of use, and the age. */
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
import { type Visitor, visit } from './visitor.js';

type Settings = NonNullable<EmulatorOptions['policies']>[number];

const SUSI = 'B2C_1_susi';
const ALICE_PATH = 'accounts/f0b6e55f-0000-4000-8000-00000000e001';
const NEW_PASSWORD = 'Correct-horse-1';

const start = (t: Parameters<typeof startEmulator>[0], settings: Partial<Settings>) =>
  startEmulator(t, { policies: [{ name: SUSI, ...settings }] });

async function signIn(emulator: Emulator, password = PASSWORD): Promise<Visitor> {
  const visitor = visit(emulator);
  await visitor.open(authorizationUrl(emulator));
  await visitor.press('next', { email: ALICE, password });
  return visitor;
}

const isSignedIn = ({ page }: Visitor): boolean => page.location !== '';

async function tokenOf(emulator: Emulator, visitor: Visitor): Promise<Json> {
  const { body } = await requestToken(emulator, SUSI, { code: codeOf(visitor.left()) });
  return claimsOf(body['id_token']);
}

test('a forced password reset asks for a new password once', async (t) => {
  const account = { email: ALICE, attributes: { forceChangePasswordNextLogin: true } };
  const policies = [{ name: SUSI, forcedPasswordReset: true }];
  const emulator = await startEmulator(t, { policies, accounts: [account] });
  const visitor = await signIn(emulator);
  assert.match(visitor.page.body, /Your password has expired/);
  await visitor.press('continue', { newPassword: 'weak', reenterPassword: 'weak' });
  assert.ok(!isSignedIn(visitor));
  const fields = { newPassword: NEW_PASSWORD, reenterPassword: NEW_PASSWORD };
  await visitor.press('continue', fields);
  assert.deepEqual((await tokenOf(emulator, visitor))['emails'], [ALICE]);
  assert.ok(!isSignedIn(await signIn(emulator, PASSWORD)));
  assert.ok(isSignedIn(await signIn(emulator, NEW_PASSWORD)));
});

test('a policy without the setting ignores a forced password reset', async (t) => {
  const account = { email: ALICE, attributes: { forceChangePasswordNextLogin: true } };
  const emulator = await startEmulator(t, { accounts: [account] });
  assert.ok(isSignedIn(await signIn(emulator)));
});

test('a policy of the kind changePassword needs the old password', async (t) => {
  const emulator = await start(t, { kind: 'changePassword' });
  const visitor = await signIn(emulator);
  const fields = { newPassword: NEW_PASSWORD, reenterPassword: NEW_PASSWORD };
  await visitor.press('continue', { ...fields, oldPassword: 'Wrong-horse-1' });
  assert.ok(!isSignedIn(visitor));
  assert.match(visitor.page.body, /Your password is incorrect/);
  await visitor.press('continue', { ...fields, oldPassword: PASSWORD });
  assert.equal((await tokenOf(emulator, visitor))['tfp'], SUSI);
  const { body } = await admin(emulator, 'GET', ALICE_PATH);
  assert.equal(body['password'], NEW_PASSWORD);
});

test('users accept each version of the terms of use once', async (t) => {
  const stored = { extension_termsOfUseConsentVersion: 'V1' };
  const policies = [{ name: SUSI, termsOfUse: { version: 'V2' } }];
  const emulator = await startEmulator(t, {
    policies,
    accounts: [{ email: ALICE, claims: stored }],
  });
  const visitor = await signIn(emulator);
  assert.match(visitor.page.body, /accept the terms of use/);
  await visitor.press('continue');
  assert.ok(!isSignedIn(visitor));
  await visitor.press('continue', { termsOfUse_V2: 'V2' });
  const claims = await tokenOf(emulator, visitor);
  assert.equal(claims['extension_termsOfUseConsentVersion'], 'V2');
  assert.ok(Date.parse(String(claims['extension_termsOfUseConsentDateTime'])) > 0);
  assert.ok(isSignedIn(await signIn(emulator)));
});

const year = new Date().getUTCFullYear();
const CHILD = { dateOfBirth: `${year - 10}-01-01`, country: 'DE' };
const TEENAGER = { dateOfBirth: `${year - 17}-01-01`, country: 'DE' };
const ADULT = { dateOfBirth: '1980-01-01', country: 'DE' };

const ages: [
  block: 'none' | 'belowAgeOfConsent' | 'allMinors',
  person: Json,
  group: string | null,
][] = [
  ['none', CHILD, 'Minor'],
  ['belowAgeOfConsent', CHILD, null],
  ['belowAgeOfConsent', TEENAGER, 'NotAdult'],
  ['allMinors', TEENAGER, null],
  ['allMinors', ADULT, 'Adult'],
];
function fieldsOf({ dateOfBirth, country }: Json): Record<string, string> {
  const [year = '', month, day] = String(dateOfBirth).split('-').map(Number).map(String);
  const date = { year, month: String(month), day: String(day) };
  const parts = Object.entries(date).map(([part, value]) => [`dateOfBirth_${part}`, value]);
  return { ...Object.fromEntries(parts), country: String(country) };
}

for (const [block, person, group] of ages) {
  const born = String(person['dateOfBirth']).slice(0, 4);
  test(`age gating that blocks ${block}: a user born in ${born} ${group ? 'signs in' : 'is blocked'}`, async (t) => {
    const emulator = await start(t, { ageGating: { block } });
    const visitor = await signIn(emulator);
    assert.match(visitor.page.body, /date of birth and your country/);
    await visitor.press('continue', fieldsOf(person));
    assert.equal(isSignedIn(visitor), group !== null);
    if (group === null) return assert.match(visitor.page.body, /Your sign-in is blocked/);
    const claims = await tokenOf(emulator, visitor);
    assert.equal(claims['ageGroup'], group);
    assert.equal(claims['dateOfBirth'], undefined);
    assert.ok(isSignedIn(await signIn(emulator)));
  });
}

test('the rules about age apply at every sign-in, and consent by Graph counts', async (t) => {
  const account = {
    email: ALICE,
    claims: { country: 'DE' },
    attributes: { dateOfBirth: CHILD.dateOfBirth },
  };
  const policies = [{ name: SUSI, ageGating: { block: 'belowAgeOfConsent' as const } }];
  const emulator = await startEmulator(t, { policies, accounts: [account] });
  assert.ok(!isSignedIn(await signIn(emulator)));
  const [{ oid }] = (await admin(emulator, 'GET', 'accounts')).body['accounts'] as [
    { oid: string },
  ];
  const consent = { claims: { consentProvidedForMinor: 'Granted' } };
  await admin(emulator, 'PATCH', `accounts/${oid}`, consent);
  assert.ok(isSignedIn(await signIn(emulator)));
});
