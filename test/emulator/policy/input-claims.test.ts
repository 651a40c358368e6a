import assert from 'node:assert/strict';
import { test } from 'node:test';
import { claims, exchange, handler, ownPolicy, page, SIGN_IN, validations } from './own-policy.js';

const SIGN_IN_ALICE = { fill: { signInName: 'alice@example.com', password: 'Pass@word1' } };

// The public policies check the old password so: the included profile requires "password" too.
test('a required claim may come from another claim of the same partner name', async (t) => {
  const run = ownPolicy(t, {
    claims: { oldPassword: 'string Password' },
    profiles: `<TechnicalProfile Id="Old-Password-Check">${claims('Input', 'oldPassword PartnerClaimType="password" Required="true"')}
      <IncludeTechnicalProfile ReferenceId="Password-Check" /></TechnicalProfile>
      ${page('Old', ['oldPassword Required="true"'], validations('Old-Password-Check'))}`,
    steps: SIGN_IN + exchange(2, ['Social'], '') + exchange(3, 'Old'),
    token: ['objectId PartnerClaimType="sub"'],
  });
  const start = [SIGN_IN_ALICE, { provider: 'social.example' }];
  const right = await run({ answers: [...start, { fill: { oldPassword: 'Pass@word1' } }] });
  assert.equal(right.outcome, 'token');
  const wrong = await run({ answers: [...start, { fill: { oldPassword: 'wrong' } }] });
  assert.deepEqual(wrong.page?.errors, ['The password is wrong.']);
});

test('the default value of an input claim creates the claim for the transformations of the profile', async (t) => {
  const run = ownPolicy(t, {
    claims: { limit: 'string', copy: 'string' },
    building: `<ClaimsTransformations><ClaimsTransformation Id="Copy" TransformationMethod="CopyClaim">
      <InputClaims><InputClaim ClaimTypeReferenceId="limit" TransformationClaimType="inputClaim" /></InputClaims>
      <OutputClaims><OutputClaim ClaimTypeReferenceId="copy" TransformationClaimType="outputClaim" /></OutputClaims>
    </ClaimsTransformation></ClaimsTransformations>`,
    profiles: `<TechnicalProfile Id="Transform"><DisplayName>Transform</DisplayName>${handler('ClaimsTransformationProtocolProvider')}
      ${claims('Input', 'limit DefaultValue="ten"')}${claims('Output', 'copy')}
      <OutputClaimsTransformations><OutputClaimsTransformation ReferenceId="Copy" /></OutputClaimsTransformations></TechnicalProfile>`,
    steps: exchange(1, 'Transform'),
    token: ['copy'],
  });
  assert.deepEqual((await run()).claims, { copy: 'ten' });
});
