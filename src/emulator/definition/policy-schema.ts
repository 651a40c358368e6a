/** The settings of a policy. */
import { z } from 'zod';
import {
  boolean,
  elementId,
  integer,
  list,
  object,
  oneOf,
  optional,
  record,
  string,
} from './schema-types.ts';

const page = object(
  {
    layout: optional(oneOf(['oceanBlue', 'classic'], 'Page frame around #api.')),
    content: optional(
      string({
        description: 'Custom page: a file, or a URL on this computer, with <div id="api">.',
      }),
    ),
    allowScript: optional(boolean('Allows scripts in the custom page.')),
    signIn: optional(
      oneOf(['unified', 'selfAsserted', 'identifierFirst'], 'Type of the sign-in page.'),
    ),
    accountLinks: optional(
      oneOf(['links', 'buttons'], 'Sign-up and inline reset: links, or buttons like providers.'),
    ),
    emailVerification: optional(
      oneOf(
        ['control', 'builtIn', 'onContinue', 'none'],
        'Element IDs of the email verification. onContinue: #continue mails and checks the code.',
      ),
    ),
    errorHeading: optional(oneOf(['h1', 'h2'])),
    singlePhoneButton: optional(boolean('#verifyCode is the button of both steps.')),
    ids: optional(
      object({
        identifier: optional(elementId()),
        email: optional(elementId()),
        verificationControl: optional(elementId()),
        verificationCode: optional(elementId()),
        newPassword: optional(elementId()),
        phoneNumber: optional(elementId()),
      }),
    ),
  },
  'Page variants and element IDs that scripts depend on.',
);

const attribute = z.union([
  elementId(),
  object({
    id: elementId(),
    label: optional(string()),
    help: optional(string({ description: 'Text behind "What is this?".' })),
    pattern: optional(string({ description: 'Regular expression for the value.' })),
    claim: optional(string()),
    required: optional(boolean()),
    input: optional(oneOf(['text', 'dropdown', 'radio', 'checkbox'])),
    values: optional(list(string(), 'Choices.')),
  }),
]);

const session = object({
  scope: optional(
    oneOf(
      ['tenant', 'application', 'policy', 'suppressed'],
      'Which policies and applications share an SSO session.',
    ),
  ),
  lifetimeMinutes: optional(integer({ min: 15, max: 1440 })),
  rolling: optional(boolean('Each use restarts the lifetime.')),
  keepMeSignedInDays: optional(
    integer({ min: 0, max: 90 }, 'If greater than 0, pages show "Keep me signed in".'),
  ),
});

const passwordRules = z.union([
  oneOf(['simple', 'strong']),
  object({
    minLength: integer({ min: 1, max: 64 }),
    maxLength: integer({ min: 1, max: 256 }),
    characterClasses: integer(
      { min: 1, max: 4 },
      'Required character classes: lowercase, uppercase, digit, symbol.',
    ),
  }),
]);

const apiConnector = (description: string) =>
  optional(
    object(
      {
        url: string({ description: 'On this computer, or mapped by customPolicies.rest.' }),
        username: optional(string({ description: 'For basic authentication.' })),
        password: optional(string()),
      },
      description,
    ),
  );

const apiConnectors = object(
  {
    afterFederation: apiConnector('After the identity provider, before the sign-up page.'),
    beforeCreatingUser: apiConnector('After the sign-up page, before the account is created.'),
    beforeToken: apiConnector('Before the token is issued; its claims are added to the token.'),
  },
  'REST APIs that the user flow calls, as with the API connectors of B2C.',
);

export const POLICY = object({
  name: string({
    pattern: /^[Bb]2[Cc]_1[Aa]?_[0-9A-Za-z._-]+$/,
    meaning: 'B2C_1_… for a user flow or B2C_1A_… for a custom policy',
  }),
  kind: optional(
    oneOf([
      ...(['signUpOrSignIn', 'signIn', 'signUp', 'editProfile', 'resetPassword'] as const),
      ...(['changePassword', 'passwordGrant'] as const),
    ]),
  ),
  forgotPassword: optional(
    oneOf(['returnError', 'inline'], 'Return AADB2C90118, or reset inside the policy.'),
  ),
  forcedPasswordReset: optional(
    boolean('Asks for a new password if forceChangePasswordNextSignIn is set.'),
  ),
  termsOfUse: optional(
    object({ version: string() }, 'Users accept each version once, with a checkbox.'),
  ),
  ageGating: optional(
    object(
      { block: oneOf(['none', 'belowAgeOfConsent', 'allMinors'], 'Minors who may not sign in.') },
      'Asks for date of birth and country.',
    ),
  ),
  issuer: optional(oneOf(['tenant', 'tfp'], 'Format of the issuer.')),
  attributes: optional(list(attribute, 'Profile fields of the pages, in this order.')),
  claims: optional(
    record('Additional claims; {OAUTH-KV:name} is replaced by that request parameter.'),
  ),
  numbersAsStrings: optional(
    boolean('Numbers of a token response are strings, as in older custom policies.'),
  ),
  requireIdTokenInLogout: optional(boolean()),
  frontChannelLogout: optional(boolean('Loads the logoutUrl of the other applications.')),
  singleUseRefreshTokens: optional(
    boolean('A second use revokes every refresh token of that sign-in.'),
  ),
  refreshedClaims: optional(
    oneOf(
      ['repeat', 'current'],
      'Claims of refreshed tokens: those of the sign-in, as in user flows, or those of the account now.',
    ),
  ),
  tokenLifetimeMinutes: optional(integer({ min: 5, max: 1440 })),
  refreshTokenLifetimeDays: optional(integer({ min: 1, max: 90 })),
  session: optional(session),
  userInfo: optional(boolean('Has a userinfo endpoint.')),
  idTokenHint: optional(
    object({
      secret: string(),
      issuer: optional(string()),
      audience: optional(string()),
      required: boolean(),
    }),
  ),
  signInName: optional(oneOf(['email', 'userName'])),
  identityProviders: optional(list(string(), 'IDs from identityProviders.')),
  secondFactor: optional(oneOf(['none', 'phone', 'email', 'totp'])),
  passwordRules: optional(passwordRules),
  apiConnectors: optional(apiConnectors),
  page: optional(page),
});
