import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import { claimsOf, errorOf, signIn, startEmulator, tokensOf } from './support.js';

const SECRET = 'shared-with-the-application';
const RULES = { secret: SECRET, issuer: 'https://app.example', audience: 'b2c', required: true };
const POLICIES = [{ name: 'B2C_1A_invitation', idTokenHint: RULES }, { name: 'B2C_1_susi' }];
const VALID = {
  iss: RULES.issuer,
  aud: RULES.audience,
  exp: Math.floor(Date.now() / 1000) + 600,
  loyaltyId: '4711',
};

function hint(claims: object, { secret = SECRET, alg = 'HS256' } = {}): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const input = `${part({ alg })}.${part(claims)}`;
  return `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`;
}

test('the token contains the claims of a valid hint', async (t) => {
  const emulator = await startEmulator(t, { policies: POLICIES });
  const parameters = { id_token_hint: hint(VALID) };
  const { id_token: idToken } = await tokensOf(emulator, 'B2C_1A_invitation', { parameters });
  const claims = claimsOf(idToken);
  assert.equal(claims['loyaltyId'], '4711');
  assert.equal(claims['iss'], emulator.issuer);
});

const refused: Record<string, [string | undefined, string]> = {
  'no hint': [undefined, 'AADB2C90272'],
  'an invalid hint': ['garbage', 'AADB2C90210'],
  'another algorithm': [hint(VALID, { alg: 'none' }), 'AADB2C90210'],
  'another secret': [hint(VALID, { secret: 'other' }), 'AADB2C90233'],
  'an expired hint': [hint({ ...VALID, exp: 1_700_000_000 }), 'AADB2C90208'],
  'a hint without expiry': [hint({ ...VALID, exp: undefined }), 'AADB2C90208'],
  'another audience': [hint({ ...VALID, aud: 'other' }), 'AADB2C90209'],
  'another issuer': [hint({ ...VALID, iss: 'https://other.example' }), 'AADB2C90232'],
};
for (const [what, [value, code]] of Object.entries(refused)) {
  test(`${what} is rejected with ${code}`, async (t) => {
    const emulator = await startEmulator(t, { policies: POLICIES });
    const parameters = { id_token_hint: value };
    const { searchParams } = await signIn(emulator, 'B2C_1A_invitation', { parameters });
    assert.equal(errorOf(searchParams), `invalid_request ${code}`);
  });
}

test('a user flow ignores the hint', async (t) => {
  const emulator = await startEmulator(t, { policies: POLICIES });
  const parameters = { id_token_hint: 'garbage' };
  const { searchParams } = await signIn(emulator, 'B2C_1_susi', { parameters });
  assert.ok(searchParams.get('code'));
});

test('a custom policy adds configured claims and request parameters', async (t) => {
  const claims = { tier: 'gold', campaign: '{OAUTH-KV:campaign}', absent: '{OAUTH-KV:none}' };
  const policies = [{ name: 'B2C_1A_more', claims }];
  const emulator = await startEmulator(t, { policies });
  const parameters = { campaign: 'summer' };
  const { id_token: idToken } = await tokensOf(emulator, 'B2C_1A_more', { parameters });
  const { tier, campaign, ...others } = claimsOf(idToken);
  assert.deepEqual([tier, campaign, 'absent' in others], ['gold', 'summer', false]);
});
