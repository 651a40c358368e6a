/** The steps of a second factor: a code by SMS, by email, or of an authenticator app. */
import type { Policy } from '../definition/policy.ts';
import type { OrchestrationStep } from '../policy/policy.ts';
import type {
  DisplayControl,
  Precondition,
  TechnicalProfile,
} from '../policy/technical-profile.ts';
import type { FlowClaims } from './claim-types.ts';
import {
  claim,
  contentDefinition,
  displayClaim,
  exchange,
  ORIGIN,
  profile,
  skipIf,
  step,
  transformation,
  validates,
} from './model.ts';
import { emailPage } from './profiles.ts';

type Step = Omit<OrchestrationStep, 'order'>;

export function secondFactorSteps(policy: Policy, claims: FlowClaims): Step[] {
  return FACTORS[policy.secondFactor](policy, claims).map(({ preconditions, ...rest }) => ({
    ...rest,
    // An SSO session has passed the factor before. A new password is proof enough.
    preconditions: [skipIf(claims.isSession), ...resets(policy, claims), ...preconditions],
  }));
}

const resets = ({ kind }: Policy, { isForgotPassword }: FlowClaims): Precondition[] =>
  kind === 'resetPassword' ? [] : [skipIf(isForgotPassword)];

const FACTORS: Record<Policy['secondFactor'], (policy: Policy, claims: FlowClaims) => Step[]> = {
  none: () => [],
  phone: phoneSteps,
  email: emailSteps,
  totp: totpSteps,
};

const run = (one: TechnicalProfile, preconditions: Precondition[] = []): Step =>
  step('ClaimsExchange', { exchanges: [exchange(one.id, one)], preconditions });

/** The first time, the user enters the number, which the account then keeps. */
function phoneSteps(_: Policy, { objectId, phoneNumber }: FlowClaims): Step[] {
  const factor = profile('PhoneFactor', {
    handler: 'phone-factor',
    contentDefinition: contentDefinition('api.phonefactor', 'multifactor'),
    inputClaims: [claim(objectId, { partner: 'UserId' }), claim(phoneNumber)],
    outputClaims: [claim(phoneNumber, { partner: 'Verified.OfficePhone' })],
  });
  const write = profile('WritePhoneNumber', {
    handler: 'directory',
    settings: { Operation: 'Write' },
    inputClaims: [claim(objectId)],
    persistedClaims: [claim(objectId), claim(phoneNumber)],
  });
  return [run(factor), run(write)];
}

/** Always verified, even if the policy does not verify the address at sign-up. */
function emailSteps(policy: Policy, { fixedEmail, emailCode: code }: FlowClaims): Step[] {
  const factor = emailPage(policy, ['EmailFactor', 'api.emailfactor'], {
    inputClaims: [claim(fixedEmail)],
    fields: [claim(fixedEmail, { partner: 'Verified.Email', isRequired: true })],
    email: { type: fixedEmail, code },
    outputs: [],
  });
  return [run(factor)];
}

/** The first time, the page shows the key for the app. */
function totpSteps({ name }: Policy, claims: FlowClaims): Step[] {
  const { objectId, otpSecret, otpCode, deviceCount, fixedEmail, qrCode } = claims;
  const mfa = (operation: string, options: Parameters<typeof profile>[1]) =>
    profile(operation, { handler: 'azure-mfa', settings: { Operation: operation }, ...options });
  const devices = mfa('GetAvailableDevices', {
    inputClaims: [claim(objectId)],
    outputClaims: [claim(deviceCount)],
  });
  const account = profile('CreateSecret', {
    handler: 'claims-transformation',
    outputClaimsTransformations: [
      transformation('CreateOtpSecret', { outputs: { outputClaim: otpSecret } }),
      transformation('FormatStringMultipleClaims', {
        inputs: { inputClaim1: fixedEmail, inputClaim2: otpSecret },
        parameters: { stringFormat: `otpauth://totp/${name}:{0}?secret={1}` },
        outputs: { outputClaim: qrCode },
      }),
    ],
  });
  const verify = mfa('VerifyOTP', {
    inputClaims: [claim(objectId), claim(otpCode), claim(otpSecret, { partner: 'secretKey' })],
  });
  const page = (id: string, controls: DisplayControl[]) =>
    profile(id, {
      handler: 'self-asserted',
      contentDefinition: contentDefinition(`api.${id}`, 'selfasserted'),
      displayClaims: [
        ...controls.map((displayControl) => displayClaim({ displayControl })),
        displayClaim({ claimType: otpCode, isRequired: true }),
      ],
      outputClaims: [claim(otpCode)],
      validationProfiles: validates(verify),
    });
  const hasDevice = { ...skipIf(deviceCount), type: 'ClaimEquals' as const, value: '0' };
  return [
    run(devices),
    run(account, [{ ...hasDevice, executeActionsIf: false }]),
    run(page('totpenrol', totpControls(claims)), [{ ...hasDevice, executeActionsIf: false }]),
    run(page('totp', []), [hasDevice]),
  ];
}

/** The QR code, and the key as text. */
function totpControls({ qrCode, otpSecret }: FlowClaims): DisplayControl[] {
  const control = (id: string, type: string, shown: FlowClaims['qrCode'], role: string) => ({
    ...{ ...ORIGIN, id, type, inputClaims: [claim(shown)], outputClaims: [], actions: [] },
    displayClaims: [displayClaim({ claimType: shown, controlClaimType: role })],
  });
  const key = { ...otpSecret, userInputType: qrCode.userInputType };
  return [
    control('totpQrCodeControl', 'QrCodeControl', qrCode, 'QrCodeContent'),
    control('authenticatorInfoControl', 'AuthenticatorInfoControl', key, 'AuthenticatorInfo'),
  ];
}
