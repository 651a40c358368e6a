/** Steps of a user flow for a known account: a new password, the terms of use, and the age. */
import type { Policy } from '../definition/policy.ts';
import type { DataType } from '../policy/claims.ts';
import type { TechnicalProfile } from '../policy/technical-profile.ts';
import type { FlowClaims } from './claim-types.ts';
import { COUNTRY_CODES } from './countries.ts';
import {
  claim,
  claimType,
  constant,
  directory,
  input,
  named,
  ORIGIN,
  page,
  profile,
  run,
  type Step,
  skipIf,
  skipUnless,
  sourced,
  transformation,
  validates,
} from './model.ts';
import { passwordFields, required } from './profiles.ts';

const boolean = { dataType: sourced<DataType>('boolean') };

/** Claims that only these steps use. */
const CLAIMS = {
  forceChange: claimType('forceChangePasswordNextLogin', boolean),
  userPrincipalName: claimType('userPrincipalName'),
  oldPassword: claimType('oldPassword', input('Password')),
  dateOfBirth: claimType('dateOfBirth', {
    ...input('DateTimeDropdown'),
    dataType: sourced<DataType>('date'),
  }),
  country: claimType('country', {
    ...input('DropdownSingleSelect'),
    enumeration: COUNTRY_CODES.map(([value, text]) => ({
      ...{ ...ORIGIN, text, value, selectByDefault: false },
    })),
  }),
  ageGroup: claimType('ageGroup'),
  consent: claimType('consentProvidedForMinor'),
  needsConsent: claimType('requiresParentalConsent', boolean),
  isUnwanted: claimType('isUnwantedAge', boolean),
  isBlocked: claimType('isBlockedMinor', boolean),
  termsVersion: claimType('extension_termsOfUseConsentVersion'),
  termsTime: claimType('extension_termsOfUseConsentDateTime', {
    dataType: sourced<DataType>('dateTime'),
  }),
};

export const ACCOUNT_CLAIMS = Object.values(CLAIMS);

export function accountSteps(policy: Policy, claims: FlowClaims): Step[] {
  const steps = [
    ...(policy.forcedPasswordReset ? forcedReset(claims) : []),
    ...(policy.kind === 'changePassword' ? changePassword(claims) : []),
    ...(policy.termsOfUse ? termsOfUse(policy.termsOfUse, claims) : []),
    ...(policy.ageGating ? ageGating(policy.ageGating, claims) : []),
  ];
  return steps.length === 0 ? [] : [run(readAccount(claims)), ...steps];
}

const readAccount = ({ objectId }: FlowClaims): TechnicalProfile => {
  const { forceChange, userPrincipalName, dateOfBirth, country, consent } = CLAIMS;
  const { termsVersion } = CLAIMS;
  return directory('ReadRequirements', 'exists', {
    inputClaims: [claim(objectId)],
    outputClaims: [forceChange, userPrincipalName, dateOfBirth, country, consent, termsVersion].map(
      (type) => claim(type),
    ),
  });
};

const writePassword = ({ objectId, newPassword }: FlowClaims): TechnicalProfile =>
  directory('WriteNewPassword', 'exists', {
    inputClaims: [claim(objectId)],
    writes: [...named({ objectId, password: newPassword }), constant(CLAIMS.forceChange, 'false')],
  });

/** A password that was reset in this journey is new enough. */
function forcedReset(claims: FlowClaims): Step[] {
  const { forceChange } = CLAIMS;
  const isOff = { ...skipIf(forceChange), type: 'ClaimEquals' as const, value: 'false' };
  const newPassword = page('ForcedPasswordReset', 'api.forcedpasswordreset', {
    outputClaims: passwordFields(claims),
    validationProfiles: validates(writePassword(claims)),
  });
  return [run(newPassword, skipIf(claims.isForgotPassword), skipUnless(forceChange), isOff)];
}

function changePassword(claims: FlowClaims): Step[] {
  const { oldPassword, userPrincipalName } = CLAIMS;
  const login = profile('CheckOldPassword', {
    handler: 'openid-connect',
    settings: { grant_type: 'password' },
    inputClaims: named({ username: userPrincipalName, password: oldPassword }),
  });
  const change = page('ChangePassword', 'api.changepassword', {
    outputClaims: [required(oldPassword), ...passwordFields(claims)],
    validationProfiles: validates(login, writePassword(claims)),
  });
  return [run(change)];
}

/** The version that the user accepted is stored with the time. */
function termsOfUse({ version }: { version: string }, { objectId }: FlowClaims): Step[] {
  const { termsVersion, termsTime } = CLAIMS;
  const accepted = claimType('termsOfUse', {
    ...input('CheckboxMultiSelect'),
    enumeration: [{ ...ORIGIN, text: version, value: version, selectByDefault: false }],
  });
  const write = directory('WriteTermsOfUse', 'exists', {
    inputClaims: [claim(objectId)],
    writes: [claim(objectId), constant(termsVersion, version), claim(termsTime)],
    inputClaimsTransformations: [
      transformation('GetCurrentDateTime', { outputs: { currentDateTime: termsTime } }),
    ],
  });
  const accept = page('TermsOfUse', 'api.termsofuse', {
    outputClaims: [required(accepted)],
    validationProfiles: validates(write),
  });
  const isAccepted = { ...skipIf(termsVersion), type: 'ClaimEquals' as const, value: version };
  return [run(accept, isAccepted)];
}

type Block = NonNullable<Policy['ageGating']>['block'];

/**
 * Classifies the user at every sign-in. The page stays until the answers allow the user to sign in, so a
 * minor who may not sign in sees it each time.
 */
function ageGating({ block }: { block: Block }, { objectId }: FlowClaims): Step[] {
  const { dateOfBirth, country, ageGroup, consent, isBlocked } = CLAIMS;
  const classify = profile('Classify', {
    handler: 'claims-transformation',
    outputClaimsTransformations: classification(block),
    outputClaims: [
      ...[claim(ageGroup), claim(consent)],
      block === 'none' ? constant(isBlocked, 'false') : claim(isBlocked),
    ],
  });
  const check = profile('CheckAge', {
    handler: 'claims-transformation',
    outputClaimsTransformations: [
      transformation('AssertBooleanClaimIsEqualToValue', {
        inputs: { inputClaim: isBlocked },
        parameters: { valueToCompareTo: 'false' },
        outputs: {},
      }),
    ],
    outputClaims: [claim(isBlocked)],
  });
  const write = directory('WriteAge', 'exists', {
    inputClaims: [claim(objectId)],
    writes: [objectId, dateOfBirth, country, ageGroup, consent].map((type) => claim(type)),
  });
  const ask = page('AgeGating', 'api.agegating', {
    inputClaims: [claim(dateOfBirth), claim(country)],
    outputClaims: [required(dateOfBirth), required(country)],
    validationProfiles: validates(classify, check, write),
  });
  const isAllowed = { ...skipIf(isBlocked), type: 'ClaimEquals' as const, value: 'false' };
  return [
    run(classify, skipUnless(dateOfBirth), skipUnless(country)),
    run(write, skipUnless(dateOfBirth), skipUnless(country)),
    run(ask, isAllowed),
  ];
}

/** Sets `isBlocked` by the rules of the country. */
function classification(block: Block) {
  const { dateOfBirth, country, consent, ageGroup } = CLAIMS;
  const { needsConsent, isUnwanted, isBlocked } = CLAIMS;
  const differs = (type: typeof ageGroup, compareTo: string) =>
    transformation('CompareClaimToValue', {
      inputs: { inputClaim1: type },
      parameters: { compareTo, operator: 'not equal', ignoreCase: 'true' },
      outputs: { outputClaim: isUnwanted },
    });
  const both = (left: typeof ageGroup, right: typeof ageGroup) =>
    transformation('AndClaims', {
      inputs: { inputClaim1: left, inputClaim2: right },
      outputs: { outputClaim: isBlocked },
    });
  const rules: Record<Block, ReturnType<typeof transformation>[]> = {
    none: [],
    belowAgeOfConsent: [differs(consent, 'Granted'), both(needsConsent, isUnwanted)],
    allMinors: [differs(ageGroup, 'Adult'), both(isUnwanted, isUnwanted)],
  };
  return [
    transformation('GetAgeGroupConsentProvidedAndRequiresConsent', {
      inputs: { dateOfBirth, countryCode: country, consentProvidedForMinor: consent },
      outputs: {
        ...{ ageGroup, requiresParentalConsent: needsConsent, consentProvidedForMinor: consent },
      },
    }),
    ...rules[block],
  ];
}
