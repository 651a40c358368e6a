import assert from 'node:assert/strict';
import { test } from 'node:test';
import { totpAt } from '../../../dist/emulator/tokens/totp.js';
import { ALICE, authorizationUrl, codeOf, PASSWORD, startEmulator } from '../support.js';
import { elementById, textOf, type Visitor, visit } from '../visitor.js';
import { AUTHENTICATOR } from './authenticator.js';
import { ownPolicy } from './own-policy.js';

const POLICY = 'B2C_1A_Own';
const NOW = Date.parse('2026-03-05T13:00:00Z');
const SIGN_IN = { fill: { signInName: ALICE, password: PASSWORD } };

test('an authenticator app is set up on a hosted page, and asked for a code at the next sign-in', async (t) => {
  const { folder } = ownPolicy(t, AUTHENTICATOR);
  const emulator = await startEmulator(t, { customPolicies: { folder }, now: () => NOW });
  const signIn = async (): Promise<Visitor> => {
    const visitor = visit(emulator);
    await visitor.open(authorizationUrl(emulator, POLICY));
    await visitor.press('next', SIGN_IN.fill);
    return visitor;
  };
  const visitor = await signIn();
  const { body } = visitor.page;
  elementById(body, 'authenticatorAppIconControl');
  const [, secret = ''] =
    /otpauth:\/\/totp\/Shop:[^?]+\?[^<]*secret=([A-Z2-7]{32})/.exec(body) ?? [];
  assert.match(body, new RegExp(`id="authenticatorInfoControl">[^/]*${secret}<`));
  await visitor.press('continue', { otpCode: '000000' });
  assert.notEqual(textOf(visitor.page.body, 'claimVerificationServerError'), '');
  await visitor.press('continue', { otpCode: totpAt(secret, NOW) });
  assert.ok(codeOf(visitor.left()));

  const again = await signIn();
  assert.doesNotMatch(again.page.body, /totpQrCodeControl|otpauth/);
  for (let attempt = 1; attempt <= 6; attempt += 1) {
    await again.press('continue', { otpCode: '000000' });
  }
  assert.match(textOf(again.page.body, 'claimVerificationServerError'), /Too many codes/);
  const third = await signIn();
  await third.press('continue', { otpCode: totpAt(secret, NOW) });
  assert.ok(codeOf(third.left()));
});

test('an answer of a run has the code of the app, from the page or from the account', async (t) => {
  const run = ownPolicy(t, AUTHENTICATOR);
  const first = await run({ answers: [SIGN_IN, { page: 'page.form', totp: 'otpCode' }] });
  assert.equal(first.outcome, 'token');
  const { accounts } = first;
  const next = await run({ accounts, answers: [SIGN_IN, { totp: 'otpCode' }] });
  assert.deepEqual([next.outcome, next.page], ['token', undefined]);
});

test('an answer of a run selects "Keep me signed in"', async (t) => {
  const run = ownPolicy(t, AUTHENTICATOR);
  const kept = async (answer: object) => {
    const { claims } = await run({ answers: [{ ...SIGN_IN, ...answer }, { totp: 'otpCode' }] });
    return claims?.['kept'];
  };
  assert.deepEqual(
    [await kept({}), await kept({ keepMeSignedIn: true }), await kept({ keepMeSignedIn: false })],
    ['false', 'true', 'false'],
  );
  const answers = [SIGN_IN, { totp: 'otpCode', keepMeSignedIn: true }];
  await assert.rejects(run({ answers }), { name: 'AnswerError', message: /does not offer/ });
  await assert.rejects(run({ answers: [{ totp: 'signInName' }] }), { name: 'AnswerError' });
});
