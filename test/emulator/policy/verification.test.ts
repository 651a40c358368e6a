import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import { createRun } from '../../../dist/emulator/policy/create-run.js';
import {
  continueJourney,
  startJourney,
  submitPage,
} from '../../../dist/emulator/policy/run-journey.js';
import { useVerification } from '../../../dist/emulator/policy/use-verification.js';
import { loadPolicy } from '../../../dist/emulator/policy-runs/load-policy.js';
import { createRunTenant } from '../../../dist/emulator/policy-runs/run-tenant.js';
import { claims, exchange, handler, metadata, ownPolicy, page } from './own-policy.js';

const otp = (id: string, operation: string, more: string) =>
  `<TechnicalProfile Id="${id}"><DisplayName>${id}</DisplayName>${handler('OneTimePasswordProtocolProvider')}
    ${metadata({ Operation: operation })}${more}</TechnicalProfile>`;

const action = (id: string, profile: string) =>
  `<Action Id="${id}"><ValidationClaimsExchange><ValidationClaimsExchangeTechnicalProfile TechnicalProfileReferenceId="${profile}" /></ValidationClaimsExchange></Action>`;

/** A control with two fields, whose code is for the email address. */
const CONTROL = {
  claims: { otp: 'string TextBox', city: 'string TextBox' },
  building: '',
  profiles: `${otp('Code-Make', 'GenerateCode', claims('Input', 'email PartnerClaimType="identifier"') + claims('Output', 'otp PartnerClaimType="otpGenerated"'))}
    ${otp('Code-Check', 'VerifyCode', claims('Input', 'email PartnerClaimType="identifier"', 'otp PartnerClaimType="otpToVerify"'))}
    <TechnicalProfile Id="Ask"><DisplayName>Ask</DisplayName>${handler('SelfAssertedAttributeProvider')}
    ${metadata({ ContentDefinitionReferenceId: 'page.form' })}
    <DisplayClaims><DisplayClaim DisplayControlReferenceId="prove" /></DisplayClaims>
    ${claims('Output', 'city', 'email')}</TechnicalProfile>`,
  controls: `<DisplayControls><DisplayControl Id="prove" UserInterfaceControlType="VerificationControl">
    <DisplayClaims><DisplayClaim ClaimTypeReferenceId="city" /><DisplayClaim ClaimTypeReferenceId="email" />
      <DisplayClaim ClaimTypeReferenceId="otp" ControlClaimType="VerificationCode" /></DisplayClaims>
    <OutputClaims><OutputClaim ClaimTypeReferenceId="email" /></OutputClaims>
    <Actions>${action('SendCode', 'Code-Make')}${action('VerifyCode', 'Code-Check')}</Actions>
  </DisplayControl></DisplayControls>`,
  steps: exchange(1, 'Ask'),
  token: ['city', 'email'],
};

const BUILT_IN = {
  profiles: page('Ask', ['email PartnerClaimType="Verified.Email" Required="true"']),
  steps: exchange(1, 'Ask'),
  token: ['email'],
};

const EMAIL = 'ada@example.com';
const OTHER = 'eve@example.com';
const VALUES = { email: EMAIL, city: 'Palma' };

test('all fields of a display control keep their values after the code was confirmed', async (t) => {
  const run = ownPolicy(t, CONTROL);
  for (const verify of ['city', 'email']) {
    const { claims: token } = await run({ answers: [{ verify, fill: VALUES }] });
    assert.deepEqual(token, { city: 'Palma', email: EMAIL });
  }
});

/** A run at its page, for what a browser does between the requests. */
async function openPage(t: TestContext, policy: Parameters<typeof ownPolicy>[1]) {
  const { folder } = ownPolicy(t, policy);
  const loaded = await loadPolicy({ folder, policy: 'B2C_1A_Own' });
  const run = createRun(loaded, {
    tenant: createRunTenant(loaded, {}),
    request: {
      parameters: new Map(),
      ipAddress: '127.0.0.1',
      host: 'localhost',
      correlationId: '1',
    },
    session: new Map(),
  });
  const stop = await startJourney(run, loaded.relyingParty.defaultUserJourney);
  assert.ok(stop.kind === 'page');
  const field = stop.page.fields.find(({ id }) => id === 'email');
  assert.ok(field);
  const use = (name: 'send_code' | 'verify_code', email: string, code = '') =>
    useVerification(run, {
      ...{ field, action: name, address: email, code },
      form: new Map(Object.entries({ ...VALUES, email })),
    });
  const send = async (email: string) => {
    const errors = await submitPage(run, new Map(Object.entries({ ...VALUES, email })));
    if (errors) return errors.page?.id;
    const end = await continueJourney(run);
    return end.kind === 'end' && end.outcome.kind === 'token' ? end.outcome.claims['email'] : end;
  };
  return { use, send, codes: run.tenant.mailbox };
}

for (const [title, policy] of [
  ['the built-in verification', BUILT_IN],
  ['a display control', CONTROL],
] as const) {
  describe(`${title} proves only the address that got the code`, () => {
    test('if the form has another one afterwards', async (t) => {
      const { use, send, codes } = await openPage(t, policy);
      await use('send_code', EMAIL);
      await use('verify_code', EMAIL, codes[0]?.code);
      assert.equal(await send(OTHER), EMAIL);
    });

    test('if the form has another one before the code is confirmed', async (t) => {
      const { use, send, codes } = await openPage(t, policy);
      await use('send_code', EMAIL);
      await use('verify_code', OTHER, codes[0]?.code);
      assert.notEqual(await send(OTHER), OTHER);
    });

    test('if a code for another one cannot be sent afterwards', async (t) => {
      const { use, send, codes } = await openPage(t, policy);
      await use('send_code', EMAIL);
      await use('verify_code', EMAIL, codes[0]?.code);
      await use('send_code', policy === BUILT_IN ? 'no address' : OTHER);
      assert.equal(await send(OTHER), 'UserMessageIfVerificationControlClaimsNotVerified');
    });
  });
}
