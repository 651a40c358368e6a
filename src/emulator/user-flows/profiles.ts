/** The technical profiles of local accounts: pages, and what they read and write in the directory. */
import type { Policy } from '../definition/policy.ts';
import type { ClaimType } from '../policy/claims.ts';
import type { ClaimReference, TechnicalProfile } from '../policy/technical-profile.ts';
import { connectorProfiles } from './api-connectors.ts';
import { type FlowClaims, fieldsOf, known, stored } from './claim-types.ts';
import {
  claim,
  constant,
  control,
  directory,
  displayClaim,
  named,
  type ProfileOptions,
  page,
  profile,
  validates,
} from './model.ts';

export const required = (type: ClaimType, options: Parameters<typeof claim>[1] = {}) =>
  claim(type, { ...options, isRequired: true });

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
  } & ProfileOptions,
): TechnicalProfile {
  const displayControl = email && emailControl(policy, email);
  const isControlled = displayControl && hasControl(policy);
  const display = (reference: ClaimReference) =>
    displayClaim(reference.claimType === email?.type ? { displayControl } : fieldOf(reference));
  return page(id, content, {
    ...options,
    displayClaims: isControlled ? fields.map(display) : [],
    outputClaims: [...fields, ...outputs],
  });
}

const fieldOf = ({ claimType, isRequired }: ClaimReference) => ({ claimType, isRequired });

const hasControl = ({ page: { emailVerification } }: Policy): boolean =>
  emailVerification === 'control' || emailVerification === 'onContinue';

/** Without actions: the built-in code is sent. */
const emailControl = (
  { page: { ids } }: Policy,
  { type, code }: { type: ClaimType; code: ClaimType },
) =>
  control([ids.verificationControl, 'VerificationControl'], type, {
    outputClaims: [claim(type)],
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

/** The first page of an identifier-first sign-in. With an SSO session, it is skipped too. */
export const identifierProfile = (claims: FlowClaims): TechnicalProfile =>
  page('Identifier', 'api.localaccountsignin', {
    ...loginHint(claims),
    outputClaims: [required(claims.identifier), claim(claims.objectId)],
    sessionProvider: accountSession(claims),
  });

const loginHint = ({ identifier }: FlowClaims) => ({
  settings: { IncludeClaimResolvingInClaimsHandling: 'true' },
  inputClaims: [constant(identifier, '{OIDC:LoginHint}')],
});

export function signInProfile(policy: Policy, claims: FlowClaims): TechnicalProfile {
  const { objectId, password } = claims;
  const isSecondPage = policy.page.signIn === 'identifierFirst';
  const identifier = isSecondPage ? claims.fixedIdentifier : claims.identifier;
  const hasLinks = policy.page.accountLinks === 'links';
  const isInline = policy.forgotPassword === 'inline';
  const login = profile('Login', {
    handler: 'openid-connect',
    settings: { grant_type: 'password' },
    inputClaims: named({ username: identifier, password }),
    outputClaims: named({ oid: objectId }),
  });
  const { settings, inputClaims } = loginHint(claims);
  return page('SignIn', signInContent(policy), {
    settings: {
      ...settings,
      'setting.operatingMode': policy.signInName === 'email' ? 'Email' : 'Username',
      ...(policy.kind === 'signUpOrSignIn' && hasLinks
        ? { SignUpTarget: signUpExchangeId(policy) }
        : {}),
      ...(isInline && hasLinks
        ? { 'setting.forgotPasswordLinkOverride': resetExchangeId(policy) }
        : {}),
      ...(isInline && !hasLinks ? { 'setting.forgotPasswordLinkLocation': 'None' } : {}),
    },
    inputClaims: isSecondPage ? [] : inputClaims,
    outputClaims: [required(identifier), required(password), claim(objectId)],
    validationProfiles: validates(login),
    sessionProvider: accountSession(claims),
  });
}

function signInContent({ page: { signIn }, custom, signInName }: Policy): string {
  if (signIn === 'selfAsserted') return 'api.localaccountsignin';
  return custom ? 'api.signuporsignin' : `api.signuporsignin.${signInName.toLowerCase()}`;
}

/** Scripts open these claims exchanges, and buttons have their IDs. */
export const resetExchangeId = ({ custom, page: { accountLinks } }: Policy): string =>
  custom || accountLinks === 'buttons' ? 'ForgotPasswordExchange' : 'ForgotPassword';

export const signUpExchangeId = ({ page: { accountLinks } }: Policy): string =>
  accountLinks === 'buttons' ? 'SignUpExchange' : 'SignUp';

/** The user name of a policy that has one, beside the email address. */
const userNameOf = ({ signInName }: Policy, { userName }: FlowClaims): ClaimType[] =>
  signInName === 'userName' ? [userName] : [];

/** A new local account. `isInvited`: the address comes from the invitation and is proven. */
export function signUpProfile(
  policy: Policy,
  claims: FlowClaims,
  { isInvited }: { isInvited: boolean },
): TechnicalProfile {
  const { objectId, newPassword, newUser, emailCode: code } = claims;
  const email = isInvited ? claims.fixedEmail : claims.email;
  const userNames = userNameOf(policy, claims);
  const write = directory('WriteAccount', 'is new', {
    inputClaims: named({ signInNames: userNames[0] ?? email }),
    writes: [
      ...named({ 'signInNames.emailAddress': email }),
      ...userNames.map((type) => claim(type, { partner: 'signInNames.userName' })),
      ...named({ password: newPassword }),
      ...stored(claims.attributes),
    ],
    outputClaims: named({ objectId, newClaimsPrincipalCreated: newUser }),
  });
  return emailPage(policy, [isInvited ? 'SignUpInvited' : 'SignUp', 'api.localaccountsignup'], {
    inputClaims: [claim(email), ...known(claims.attributes)],
    fields: [
      ...userNames.map((type) => required(type)),
      emailField(policy, email, isInvited),
      ...passwordFields(claims),
      ...fieldsOf(claims.attributes),
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

export const passwordFields = ({ newPassword, reenterPassword }: FlowClaims): ClaimReference[] => [
  required(newPassword),
  required(reenterPassword),
];

/** Proves the address of an account, and finds the account. */
export function resetEmailProfile(policy: Policy, claims: FlowClaims): TechnicalProfile {
  const { objectId, email, emailCode: code } = claims;
  const userNames = userNameOf(policy, claims);
  const read = directory('FindAccount', 'exists', {
    inputClaims: [
      // With user names, the proven address has to be the address of the account.
      ...userNames.map((type) => claim(type, { partner: 'signInNames.userName' })),
      ...named({ 'signInNames.emailAddress': email }),
    ],
    outputClaims: [claim(objectId)],
  });
  return emailPage(policy, ['ResetEmail', 'api.localaccountpasswordreset'], {
    fields: [...userNames.map((type) => required(type)), emailField(policy, email)],
    email: { type: email, code },
    outputs: [claim(objectId)],
    validationProfiles: validates(read),
  });
}

export function resetPasswordProfile(claims: FlowClaims): TechnicalProfile {
  const { objectId, newPassword } = claims;
  const write = directory('WritePassword', 'exists', {
    inputClaims: [claim(objectId)],
    writes: named({ objectId, password: newPassword }),
  });
  return page('ResetPassword', 'api.localaccountpasswordchange', {
    outputClaims: [...passwordFields(claims), claim(objectId)],
    validationProfiles: validates(write),
  });
}

/** Reads the profile that the edit page shows. */
export const readAccountProfile = ({ objectId, fixedEmail, ...claims }: FlowClaims) =>
  directory('ReadAccount', 'exists', {
    inputClaims: [claim(objectId)],
    outputClaims: [
      ...named({ mail: fixedEmail }),
      ...[claim(claims.phoneNumber), claim(claims.identities)],
      ...stored(claims.attributes),
    ],
  });

export function editProfileProfile({ objectId, attributes }: FlowClaims): TechnicalProfile {
  const write = directory('WriteProfile', 'exists', {
    inputClaims: [claim(objectId)],
    writes: [claim(objectId), ...stored(attributes)],
  });
  return page('EditProfile', 'api.selfasserted.profileupdate', {
    // An empty field removes the attribute.
    settings: { AllowGenerationOfClaimsWithNullValues: 'true' },
    inputClaims: known(attributes),
    outputClaims: fieldsOf(attributes),
    validationProfiles: validates(write),
  });
}
