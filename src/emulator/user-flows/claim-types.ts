import type { PasswordRules } from '../definition/password-rules.ts';
import type { Policy } from '../definition/policy.ts';
import { accountProperty, type ProfileAttribute } from '../definition/profile-attributes.ts';
import type {
  ClaimType,
  DataType,
  PredicateMethod,
  PredicateValidation,
  UserInputType,
} from '../policy/claims.ts';
import type { ClaimReference } from '../policy/technical-profile.ts';
import { claim, claimType, input, ORIGIN, sourced } from './model.ts';

export interface AttributeClaim {
  readonly type: ClaimType;
  /** Name in the directory. */
  readonly partner: string;
  readonly isRequired: boolean;
}

/** Fields of a page. */
export const fieldsOf = (all: readonly AttributeClaim[]): ClaimReference[] =>
  all.map(({ type, isRequired }) => claim(type, { isRequired }));

/** The known values of the fields. */
export const known = (all: readonly AttributeClaim[]): ClaimReference[] =>
  all.map(({ type }) => claim(type));

/** Attributes of the directory, or of an API. */
export const stored = (all: readonly AttributeClaim[]): ClaimReference[] =>
  all.map(({ type, partner }) => claim(type, { partner }));

const boolean = { dataType: sourced<DataType>('boolean') };

/** The claims of a user flow. Their IDs are those of the page elements. */
export type FlowClaims = ReturnType<typeof defineClaims>;

export function defineClaims({ page, attributes, passwordRules, custom, signInName }: Policy) {
  const { ids } = page;
  const name = custom ? 'signInName' : signInName === 'email' ? 'email' : 'username';
  return {
    objectId: claimType('objectId'),
    /** The input of the sign-in page, and the user name of sign-up pages. */
    identifier: claimType(ids.identifier, { ...input('TextBox'), textId: name }),
    /** The second page of an identifier-first sign-in shows it. */
    fixedIdentifier: claimType(ids.identifier, { ...input('Readonly'), textId: name }),
    userName: claimType(ids.identifier, { ...input('TextBox'), textId: 'username' }),
    email: claimType(ids.email, { ...input('EmailBox'), textId: 'email' }),
    /** The address of an invitation or of the account, which the user cannot change. */
    fixedEmail: claimType(ids.email, { ...input('Readonly'), textId: 'email' }),
    emailCode: claimType(ids.verificationCode, { ...input('TextBox'), textId: 'verificationCode' }),
    password: claimType('password', input('Password')),
    newPassword: claimType(ids.newPassword, {
      ...input('Password'),
      textId: 'newPassword',
      predicateValidation: passwordPredicates(passwordRules),
    }),
    reenterPassword: claimType('reenterPassword', input('Password')),
    phoneNumber: claimType('strongAuthenticationPhoneNumber'),
    alternativeSecurityId: claimType('alternativeSecurityId'),
    issuerUserId: claimType('issuerUserId'),
    identityProvider: claimType('identityProvider'),
    providerName: claimType('displayName'),
    /** The sign-in names of an account, as Microsoft Graph has them, for API connectors. */
    identities: claimType('identities', { dataType: sourced('userIdentityCollection') }),
    newUser: claimType('newUser', boolean),
    isForgotPassword: claimType('isForgotPassword', boolean),
    isInvited: claimType('isInvited', boolean),
    wantsSignUp: claimType('wantsSignUp', boolean),
    isSession: claimType('isSession', boolean),
    otpSecret: claimType('secretKey'),
    qrCode: claimType('qrCodeContent', input('Paragraph')),
    otpCode: claimType('otpCode', input('TextBox')),
    deviceCount: claimType('numberOfAvailableDevices', { dataType: sourced<DataType>('int') }),
    attributes: attributes.map(attributeClaim),
  };
}

const INPUTS: Record<ProfileAttribute['input'], UserInputType> = {
  text: 'TextBox',
  dropdown: 'DropdownSingleSelect',
  radio: 'RadioSingleSelect',
  checkbox: 'CheckboxMultiSelect',
};

function attributeClaim(attribute: ProfileAttribute): AttributeClaim {
  const { id, label, help, pattern, values, required } = attribute;
  const type = claimType(id, {
    ...input(INPUTS[attribute.input]),
    displayName: label === undefined ? undefined : sourced(label),
    userHelpText: help === undefined ? undefined : sourced(help),
    pattern:
      pattern === undefined
        ? undefined
        : sourced({ regularExpression: pattern, helpText: undefined }),
    enumeration: values.map((value) => ({
      ...ORIGIN,
      ...{ text: value, value, selectByDefault: false },
    })),
  });
  return { type, partner: accountProperty(id) ?? attribute.claim, isRequired: required };
}

/** Length, and a number of character classes. The message says both. */
function passwordPredicates({
  minLength,
  maxLength,
  characterClasses,
}: PasswordRules): PredicateValidation {
  const predicate = (method: PredicateMethod, parameters: Record<string, string>) => ({
    ...{ ...ORIGIN, id: method, method, helpText: undefined },
    parameters: new Map(Object.entries(parameters)),
  });
  const group = { ...ORIGIN, userHelpText: undefined };
  const length = predicate('IsLengthRange', {
    ...{ Minimum: String(minLength), Maximum: String(maxLength) },
  });
  const classes = ['[a-z]', '[A-Z]', '[0-9]', '[^A-Za-z0-9]'];
  const isStrong = characterClasses > 1;
  const values = [minLength, maxLength, ...(isStrong ? [characterClasses] : [])].map(String);
  return {
    ...{ ...ORIGIN, id: 'Password' },
    message: { id: isStrong ? 'password_strong' : 'password_simple', values },
    groups: [
      { ...group, id: 'Length', matchAtLeast: 1, predicates: [length] },
      {
        ...{ ...group, id: 'Characters', matchAtLeast: characterClasses },
        predicates: classes.map((RegularExpression) =>
          predicate('MatchesRegex', { RegularExpression }),
        ),
      },
    ],
  };
}
