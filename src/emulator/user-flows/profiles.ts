/** The technical profiles of a user flow: its pages, and what they read and write in the directory. */
import type { Policy } from '../definition/policy.ts';
import type { ClaimType } from '../policy/claims.ts';
import type {
  ClaimReference,
  DisplayClaim,
  DisplayControl,
  TechnicalProfile,
} from '../policy/technical-profile.ts';
import { connectorProfiles } from './api-connectors.ts';
import type { AttributeClaim, FlowClaims } from './claim-types.ts';
import { claim, contentDefinition, displayClaim, ORIGIN, profile, validates } from './model.ts';

export const required = (type: ClaimType, options: Parameters<typeof claim>[1] = {}) =>
  claim(type, { ...options, isRequired: true });

export const attributes = (all: readonly AttributeClaim[]): ClaimReference[] =>
  all.map(({ type, isRequired }) => claim(type, { isRequired }));

export const stored = (all: readonly AttributeClaim[]): ClaimReference[] =>
  all.map(({ type, partner }) => claim(type, { partner }));

/** The known values of the fields. */
export const known = (all: readonly AttributeClaim[]): ClaimReference[] =>
  all.map(({ type }) => claim(type));

/** An empty field of a profile removes the attribute. */
const EMPTY_REMOVES = { AllowGenerationOfClaimsWithNullValues: 'true' };

export const page = (
  id: string,
  content: string,
  options: Parameters<typeof profile>[1],
): TechnicalProfile =>
  profile(id, {
    handler: 'self-asserted',
    contentDefinition: contentDefinition(content, 'selfasserted'),
    ...options,
  });

/** A page with an email address. A display control proves it in one variant of the pages. */
export function emailPage(
  policy: Policy,
  [id, content]: [id: string, content: string],
  {
    fields,
    outputs,
    email,
    ...options
  }: {
    fields: readonly ClaimReference[];
    outputs: readonly ClaimReference[];
    /** The address to prove. */
    email: { type: ClaimType; code: ClaimType } | undefined;
  } & Parameters<typeof profile>[1],
): TechnicalProfile {
  const control = email && emailControl(policy, email);
  const isControlled = control && policy.page.emailVerification === 'control';
  const display = (reference: ClaimReference): DisplayClaim => {
    const isProven = reference.claimType === email?.type;
    return displayClaim(isProven ? { displayControl: control } : reference);
  };
  return page(id, content, {
    ...options,
    displayClaims: isControlled ? fields.map(display) : [],
    outputClaims: [...fields, ...outputs],
  });
}

/** Without actions: the built-in code is sent. */
const emailControl = (
  { page: { ids } }: Policy,
  { type, code }: { type: ClaimType; code: ClaimType },
): DisplayControl => ({
  ...{ ...ORIGIN, id: ids.verificationControl, type: 'VerificationControl' },
  ...{ inputClaims: [claim(type)], outputClaims: [claim(type)], actions: [] },
  displayClaims: [
    displayClaim({ claimType: type, isRequired: true }),
    displayClaim({ claimType: code, controlClaimType: 'VerificationCode' }),
  ],
});

/** The account of the browser's SSO session. */
const accountSession = ({ objectId, isSession }: FlowClaims): TechnicalProfile =>
  profile('SM-Account', {
    handler: 'session-default',
    persistedClaims: [claim(objectId)],
    outputClaims: [claim(isSession, { value: 'true' })],
  });

/** ID of the session profile whose stored `objectId` is the account of the SSO session. */
export const ACCOUNT_SESSION = 'sm-account';

export function signInProfile(policy: Policy, claims: FlowClaims): TechnicalProfile {
  const { objectId, identifier, password } = claims;
  const login = profile('Login', {
    handler: 'openid-connect',
    settings: { grant_type: 'password' },
    inputClaims: [claim(identifier, { partner: 'username' }), claim(password)],
    outputClaims: [claim(objectId, { partner: 'oid' })],
  });
  return page('SignIn', signInContent(policy), {
    settings: {
      IncludeClaimResolvingInClaimsHandling: 'true',
      'setting.operatingMode': policy.signInName === 'email' ? 'Email' : 'Username',
      ...(policy.kind === 'signUpOrSignIn' ? { SignUpTarget: 'SignUp' } : {}),
      ...(policy.forgotPassword === 'inline'
        ? { 'setting.forgotPasswordLinkOverride': resetExchangeId(policy) }
        : {}),
    },
    inputClaims: [claim(identifier, { value: '{OIDC:LoginHint}', alwaysUseDefaultValue: true })],
    outputClaims: [required(identifier), required(password), claim(objectId)],
    validationProfiles: validates(login),
    sessionProvider: accountSession(claims),
  });
}

function signInContent({ page: { signIn }, custom, signInName }: Policy): string {
  if (signIn === 'selfAsserted') return 'api.localaccountsignin';
  return custom ? 'api.signuporsignin' : `api.signuporsignin.${signInName.toLowerCase()}`;
}

/** Scripts open this claims exchange. */
export const resetExchangeId = ({ custom }: Policy): string =>
  custom ? 'ForgotPasswordExchange' : 'ForgotPassword';

/** A new local account. `isInvited`: the address comes from the invitation and is proven. */
export function signUpProfile(
  policy: Policy,
  claims: FlowClaims,
  { isInvited }: { isInvited: boolean },
): TechnicalProfile {
  const { objectId, userName, newPassword, newUser, emailCode: code } = claims;
  const email = isInvited ? claims.fixedEmail : claims.email;
  const hasUserName = policy.signInName === 'userName';
  const write = profile('WriteAccount', {
    handler: 'directory',
    settings: { Operation: 'Write', RaiseErrorIfClaimsPrincipalAlreadyExists: 'true' },
    inputClaims: [claim(hasUserName ? userName : email, { partner: 'signInNames' })],
    persistedClaims: [
      claim(email, { partner: 'signInNames.emailAddress' }),
      ...(hasUserName ? [claim(userName, { partner: 'signInNames.userName' })] : []),
      claim(newPassword, { partner: 'password' }),
      ...stored(claims.attributes),
    ],
    outputClaims: [claim(objectId), claim(newUser, { partner: 'newClaimsPrincipalCreated' })],
  });
  return emailPage(policy, [isInvited ? 'SignUpInvited' : 'SignUp', 'api.localaccountsignup'], {
    inputClaims: [claim(email), ...known(claims.attributes)],
    fields: [
      ...(hasUserName ? [required(userName)] : []),
      emailField(policy, email, isInvited),
      ...passwordFields(claims),
      ...attributes(claims.attributes),
    ],
    email: isInvited ? undefined : { type: email, code },
    outputs: [claim(objectId), claim(newUser)],
    validationProfiles: validates(
      ...connectorProfiles(policy, 'beforeCreatingUser', claims),
      write,
    ),
  });
}

function emailField(
  { page: { emailVerification } }: Policy,
  email: ClaimType,
  isProven = false,
): ClaimReference {
  const isVerified = emailVerification !== 'none' && !isProven;
  return required(email, isVerified ? { partner: 'Verified.Email' } : {});
}

const passwordFields = ({ newPassword, reenterPassword }: FlowClaims): ClaimReference[] => [
  required(newPassword),
  required(reenterPassword),
];

/** Proves the address of an account, and finds the account. */
export function resetEmailProfile(policy: Policy, claims: FlowClaims): TechnicalProfile {
  const { objectId, userName, email, emailCode: code } = claims;
  const hasUserName = policy.signInName === 'userName';
  const read = profile('FindAccount', {
    handler: 'directory',
    settings: { Operation: 'Read', RaiseErrorIfClaimsPrincipalDoesNotExist: 'true' },
    inputClaims: [
      // With user names, the proven address has to be the address of the account.
      ...(hasUserName ? [claim(userName, { partner: 'signInNames.userName' })] : []),
      claim(email, { partner: 'signInNames.emailAddress' }),
    ],
    outputClaims: [claim(objectId)],
  });
  return emailPage(policy, ['ResetEmail', 'api.localaccountpasswordreset'], {
    fields: [...(hasUserName ? [required(userName)] : []), emailField(policy, email)],
    email: { type: email, code },
    outputs: [claim(objectId)],
    validationProfiles: validates(read),
  });
}

export function resetPasswordProfile(claims: FlowClaims): TechnicalProfile {
  const { objectId, newPassword } = claims;
  const write = profile('WritePassword', {
    handler: 'directory',
    settings: { Operation: 'Write', RaiseErrorIfClaimsPrincipalDoesNotExist: 'true' },
    inputClaims: [claim(objectId)],
    persistedClaims: [claim(objectId), claim(newPassword, { partner: 'password' })],
  });
  return page('ResetPassword', 'api.localaccountpasswordchange', {
    outputClaims: [...passwordFields(claims), claim(objectId)],
    validationProfiles: validates(write),
  });
}

/** Reads the profile that the edit page shows. */
export function readAccountProfile({ objectId, fixedEmail, phoneNumber, ...claims }: FlowClaims) {
  return profile('ReadAccount', {
    handler: 'directory',
    settings: { Operation: 'Read', RaiseErrorIfClaimsPrincipalDoesNotExist: 'true' },
    inputClaims: [claim(objectId)],
    outputClaims: [
      claim(fixedEmail, { partner: 'mail' }),
      claim(phoneNumber),
      claim(claims.identities),
      ...stored(claims.attributes),
    ],
  });
}

export function editProfileProfile({ objectId, ...claims }: FlowClaims): TechnicalProfile {
  const write = profile('WriteProfile', {
    handler: 'directory',
    settings: { Operation: 'Write', RaiseErrorIfClaimsPrincipalDoesNotExist: 'true' },
    inputClaims: [claim(objectId)],
    persistedClaims: [claim(objectId), ...stored(claims.attributes)],
  });
  return page('EditProfile', 'api.selfasserted.profileupdate', {
    settings: EMPTY_REMOVES,
    inputClaims: known(claims.attributes),
    outputClaims: attributes(claims.attributes),
    validationProfiles: validates(write),
  });
}
