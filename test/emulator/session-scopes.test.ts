/** Which policies and applications share an SSO session, and for how long. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Emulator, EmulatorOptions } from '../../dist/emulator/emulator.js';
import {
  ALICE,
  admin,
  authorizationUrl,
  CLIENT_ID,
  codeOf,
  PASSWORD,
  startEmulator,
} from './support.js';
import { type Visitor, visit } from './visitor.js';

const OTHER_CLIENT = 'f0b6e55f-0000-4000-8000-00000000a009';
const applications = [
  { id: CLIENT_ID, secrets: ['s'] },
  { id: OTHER_CLIENT, secrets: ['s'] },
];

async function signedIn(emulator: Emulator, policy = 'B2C_1_one', more = {}): Promise<Visitor> {
  const visitor = visit(emulator);
  await visitor.open(authorizationUrl(emulator, policy));
  await visitor.press('next', { email: ALICE, password: PASSWORD, ...more });
  visitor.left();
  return visitor;
}

async function isSilent(visitor: Visitor, emulator: Emulator, policy: string, client = CLIENT_ID) {
  const scope = `openid ${client}`;
  await visitor.open(authorizationUrl(emulator, policy, { client_id: client, scope }));
  return visitor.page.status === 302 && codeOf(visitor.left()) !== '';
}

type Scope = 'tenant' | 'application' | 'policy' | 'suppressed';
const withScope = (scope: Scope): EmulatorOptions => ({
  applications,
  policies: [
    { name: 'B2C_1_one', session: { scope } },
    { name: 'B2C_1_two', session: { scope } },
  ],
});

const shared: Record<Scope, { samePolicy: boolean; otherPolicy: boolean; otherClient: boolean }> = {
  tenant: { samePolicy: true, otherPolicy: true, otherClient: true },
  application: { samePolicy: true, otherPolicy: true, otherClient: false },
  policy: { samePolicy: true, otherPolicy: false, otherClient: true },
  suppressed: { samePolicy: false, otherPolicy: false, otherClient: false },
};
for (const [scope, expected] of Object.entries(shared)) {
  test(`an SSO session with the scope ${scope} is shared within that scope only`, async (t) => {
    const emulator = await startEmulator(t, withScope(scope as Scope));
    const visitor = await signedIn(emulator);
    assert.deepEqual(
      {
        samePolicy: await isSilent(visitor, emulator, 'B2C_1_one'),
        otherPolicy: await isSilent(visitor, emulator, 'B2C_1_two'),
        otherClient: await isSilent(visitor, emulator, 'B2C_1_one', OTHER_CLIENT),
      },
      expected,
    );
  });
}

const logoutUrl = ({ authority }: Emulator, query = '') =>
  `${authority}/B2C_1_one/oauth2/v2.0/logout${query}`;

test('an application session survives a logout that does not identify the application', async (t) => {
  const emulator = await startEmulator(t, withScope('application'));
  const visitor = await signedIn(emulator);
  await visitor.open(logoutUrl(emulator));
  assert.equal(await isSilent(visitor, emulator, 'B2C_1_one'), true);
  await visitor.open(logoutUrl(emulator, `?client_id=${CLIENT_ID}`));
  assert.equal(await isSilent(visitor, emulator, 'B2C_1_one'), false);
});

test('a logout ends the session of its policy only', async (t) => {
  const emulator = await startEmulator(t, withScope('policy'));
  const visitor = await signedIn(emulator);
  await visitor.open(authorizationUrl(emulator, 'B2C_1_two'));
  await visitor.press('next', { email: ALICE, password: PASSWORD });
  await visitor.open(logoutUrl(emulator));
  assert.equal(await isSilent(visitor, emulator, 'B2C_1_two'), true);
  assert.equal(await isSilent(visitor, emulator, 'B2C_1_one'), false);
});

for (const rolling of [true, false]) {
  test(`a ${rolling ? 'rolling session is extended' : 'fixed session is not extended'} by use`, async (t) => {
    const session = { lifetimeMinutes: 15, rolling };
    const emulator = await startEmulator(t, { policies: [{ name: 'B2C_1_one', session }] });
    const visitor = await signedIn(emulator);
    await admin(emulator, 'POST', 'clock', { offsetSeconds: 600 });
    assert.equal(await isSilent(visitor, emulator, 'B2C_1_one'), true);
    await admin(emulator, 'POST', 'clock', { offsetSeconds: 1200 });
    assert.equal(await isSilent(visitor, emulator, 'B2C_1_one'), rolling);
  });
}

const KMSI: EmulatorOptions = {
  policies: [{ name: 'B2C_1_one', session: { keepMeSignedInDays: 30 } }, { name: 'B2C_1_two' }],
};
const lastCookie = ({ page }: Visitor) =>
  page.setCookies.find((line) => line.startsWith('x-ms-cpim-sso')) ?? '';

test('"Keep me signed in" lasts for the days of the policy', async (t) => {
  const emulator = await startEmulator(t, KMSI);
  const visitor = await signedIn(emulator, 'B2C_1_one', { rememberMe: 'true' });
  assert.match(lastCookie(visitor), /; Max-Age=2592000$/);
  await admin(emulator, 'POST', 'clock', { offsetSeconds: 29 * 86_400 });
  assert.equal(await isSilent(visitor, emulator, 'B2C_1_one'), true);
  await admin(emulator, 'POST', 'clock', { offsetSeconds: 31 * 86_400 });
  assert.equal(await isSilent(visitor, emulator, 'B2C_1_one'), false);
});

test('without "Keep me signed in", the cookie is a session cookie', async (t) => {
  const emulator = await startEmulator(t, KMSI);
  const visitor = await signedIn(emulator, 'B2C_1_one');
  assert.doesNotMatch(lastCookie(visitor), /Max-Age/);
});

test('a policy without "Keep me signed in" ends it', async (t) => {
  const emulator = await startEmulator(t, KMSI);
  const visitor = await signedIn(emulator, 'B2C_1_one', { rememberMe: 'true' });
  assert.equal(await isSilent(visitor, emulator, 'B2C_1_two'), true);
  assert.match(lastCookie(visitor), /^x-ms-cpim-sso/);
  assert.doesNotMatch(lastCookie(visitor), /Max-Age/);
  await admin(emulator, 'POST', 'clock', { offsetSeconds: 2 * 86_400 });
  assert.equal(await isSilent(visitor, emulator, 'B2C_1_one'), false);
});

test('a disabled account has no SSO session', async (t) => {
  const emulator = await startEmulator(t);
  const visitor = await signedIn(emulator, 'B2C_1_susi');
  const path = 'accounts/f0b6e55f-0000-4000-8000-00000000e001';
  await admin(emulator, 'PATCH', path, { disabled: true });
  assert.equal(await isSilent(visitor, emulator, 'B2C_1_susi'), false);
});
