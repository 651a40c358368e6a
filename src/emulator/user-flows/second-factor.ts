/** The steps of a second factor: a code by SMS, by email, or of an authenticator app. */
import type { Policy } from '../definition/policy.ts';
import type { DisplayControl } from '../policy/technical-profile.ts';
import type { FlowClaims } from './claim-types.ts';
import {
  claim,
  contentDefinition,
  control,
  directory,
  displayClaim,
  named,
  type ProfileOptions,
  page,
  profile,
  run,
  type Step,
  skipIf,
  transformation,
  validates,
} from './model.ts';
import { emailPage, required } from './profiles.ts';

export function secondFactorSteps(policy: Policy, claims: FlowClaims): Step[] {
  const { isSession, isForgotPassword } = claims;
  return FACTORS[policy.secondFactor](policy, claims).map(({ preconditions, ...rest }) => ({
    ...rest,
    // An SSO session has passed the factor before. A new password is proof enough.
    preconditions: [skipIf(isSession), skipIf(isForgotPassword), ...preconditions],
  }));
}

const FACTORS: Record<Policy['secondFactor'], (policy: Policy, claims: FlowClaims) => Step[]> = {
  none: () => [],
  phone: phoneSteps,
  email: emailSteps,
  totp: totpSteps,
};

/** The first time, the user enters the number, which the account then keeps. */
function phoneSteps(_: Policy, { objectId, phoneNumber }: FlowClaims): Step[] {
  const factor = profile('PhoneFactor', {
    handler: 'phone-factor',
    contentDefinition: contentDefinition('api.phonefactor', 'multifactor'),
    inputClaims: [...named({ UserId: objectId }), claim(phoneNumber)],
    outputClaims: named({ 'Verified.OfficePhone': phoneNumber }),
  });
  const write = directory('WritePhoneNumber', 'may exist', {
    inputClaims: [claim(objectId)],
    writes: [claim(objectId), claim(phoneNumber)],
  });
  return [run(factor), run(write)];
}

/** Always verified, even if the policy does not verify the address at sign-up. */
function emailSteps(policy: Policy, { fixedEmail, emailCode: code }: FlowClaims): Step[] {
  const factor = emailPage(policy, ['EmailFactor', 'api.emailfactor'], {
    inputClaims: [claim(fixedEmail)],
    fields: [required(fixedEmail, { partner: 'Verified.Email' })],
    email: { type: fixedEmail, code },
    outputs: [],
  });
  return [run(factor)];
}

/** The first time, the page shows the key for the app. */
function totpSteps({ name }: Policy, claims: FlowClaims): Step[] {
  const { objectId, otpSecret, otpCode, deviceCount, fixedEmail, qrCode } = claims;
  const mfa = (operation: string, options: ProfileOptions) =>
    profile(operation, { handler: 'azure-mfa', settings: { Operation: operation }, ...options });
  const devices = mfa('GetAvailableDevices', {
    inputClaims: [claim(objectId)],
    outputClaims: [claim(deviceCount)],
  });
  const createSecret = profile('CreateSecret', {
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
    inputClaims: [claim(objectId), claim(otpCode), ...named({ secretKey: otpSecret })],
  });
  const codePage = (id: string, controls: DisplayControl[]) =>
    page(id, `api.${id}`, {
      displayClaims: [
        ...controls.map((displayControl) => displayClaim({ displayControl })),
        displayClaim({ claimType: otpCode, isRequired: true }),
      ],
      outputClaims: [claim(otpCode)],
      validationProfiles: validates(verify),
    });
  const hasNone = { ...skipIf(deviceCount), type: 'ClaimEquals' as const, value: '0' };
  const hasDevice = { ...hasNone, executeActionsIf: false };
  return [
    run(devices),
    run(createSecret, hasDevice),
    run(codePage('totpenrol', totpControls(claims)), hasDevice),
    run(codePage('totp', []), hasNone),
  ];
}

/** The QR code, and the key as text. */
function totpControls({ qrCode, otpSecret }: FlowClaims): DisplayControl[] {
  const shows = (claimType: FlowClaims['qrCode'], controlClaimType: string) => ({
    displayClaims: [displayClaim({ claimType, controlClaimType })],
  });
  const key = { ...otpSecret, userInputType: qrCode.userInputType };
  return [
    control(['totpQrCodeControl', 'QrCodeControl'], qrCode, shows(qrCode, 'QrCodeContent')),
    control(
      ['authenticatorInfoControl', 'AuthenticatorInfoControl'],
      key,
      shows(key, 'AuthenticatorInfo'),
    ),
  ];
}
