/** Every setting of the emulator's configuration file. */
import { z } from 'zod';

const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const EMAIL = /^[^\s@<>]+@[^\s@<>]+\.[^\s@<>]+$/;
const HTTP_URL = /^https?:\/\/[^\s/]+/;
const ELEMENT_ID = /^[A-Za-z][\w-]*$/;

const problem = (text: string) => ({
  error: ({ input }: { input?: unknown }) => (input === undefined ? 'is missing' : text),
});

const described = <Schema extends z.ZodType>(schema: Schema, description?: string): Schema =>
  description === undefined ? schema : schema.describe(description);

function string({
  pattern,
  meaning = 'text',
  description,
}: {
  pattern?: RegExp;
  /** The pattern in words, after "must be". */
  meaning?: string;
  description?: string;
} = {}) {
  const mustBe = problem(`must be ${meaning}`);
  const schema = z.string(mustBe).min(1, { ...mustBe, abort: true });
  return described(pattern ? schema.regex(pattern, mustBe) : schema, description);
}

const boolean = (description?: string) =>
  described(z.boolean(problem('must be true or false')), description);

function integer({ min, max }: { min: number; max: number }, description?: string) {
  const mustBe = { ...problem(`must be a whole number from ${min} to ${max}`), abort: true };
  return described(z.int(mustBe).min(min, mustBe).max(max, mustBe), description);
}

const oneOf = <const Values extends readonly string[]>(values: Values, description?: string) =>
  described(z.enum(values, problem(`must be one of ${values.join(', ')}`)), description);

const list = <Item extends z.ZodType>(item: Item, description?: string) =>
  described(z.array(item, problem('must be a list')), description);

/** An object with exactly these members. */
const object = <Shape extends z.ZodRawShape>(shape: Shape, description?: string) =>
  described(z.strictObject(shape, problem('must be an object')), description);

/** An object with any members. */
const record = (description?: string) =>
  described(z.record(z.string(), z.unknown(), problem('must be an object')), description);

const optional = <Schema extends z.ZodType>(schema: Schema) => z.exactOptional(schema);

const elementId = () => string({ pattern: ELEMENT_ID, meaning: 'an element ID' });

const page = object(
  {
    layout: optional(oneOf(['oceanBlue', 'classic'], 'Page frame around #api.')),
    content: optional(
      string({
        description: 'Custom page: a file, or a URL on this computer, with <div id="api">.',
      }),
    ),
    allowScript: optional(boolean('Allows scripts in the custom page.')),
    signIn: optional(oneOf(['unified', 'selfAsserted'], 'Type of the sign-in page.')),
    emailVerification: optional(
      oneOf(['control', 'builtIn', 'none'], 'Element IDs of the email verification.'),
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

const policy = object({
  name: string({
    pattern: /^[Bb]2[Cc]_1[Aa]?_[0-9A-Za-z._-]+$/,
    meaning: 'B2C_1_… for a user flow or B2C_1A_… for a custom policy',
  }),
  kind: optional(
    oneOf([
      ...(['signUpOrSignIn', 'signIn', 'signUp', 'editProfile', 'resetPassword'] as const),
      'passwordGrant',
    ]),
  ),
  forgotPassword: optional(
    oneOf(['returnError', 'inline'], 'Return AADB2C90118, or reset inside the policy.'),
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
  page: optional(page),
});

const application = object({
  id: string(),
  name: optional(string()),
  type: optional(oneOf(['web', 'spa', 'native'])),
  secrets: optional(list(string())),
  redirectUris: optional(
    list(string({ pattern: /^[a-z][a-z0-9+.-]*:/i, meaning: 'an absolute URI' })),
  ),
  anyLoopbackRedirectUri: optional(
    boolean('Accepts every redirect URI on this computer. Default without redirectUris: true.'),
  ),
  logoutUrl: optional(string({ pattern: HTTP_URL, meaning: 'an http or https URL' })),
  implicit: optional(object({ idToken: optional(boolean()), accessToken: optional(boolean()) })),
  api: optional(object({ uri: string(), scopes: list(string()), roles: optional(list(string())) })),
  permissions: optional(list(string(), 'API scopes that it may request. Default: all.')),
  disabled: optional(boolean('AADB2C90092.')),
  wrongAccountType: optional(boolean('AADB2C90068.')),
});

/** An account, in the file and in `POST /_emulator/accounts`. */
export const ACCOUNT = object({
  email: string({ pattern: EMAIL, meaning: 'an email address' }),
  userName: optional(string()),
  oid: optional(string({ pattern: GUID, meaning: 'a GUID' })),
  password: optional(string()),
  displayName: optional(string()),
  givenName: optional(string()),
  surname: optional(string()),
  phoneNumber: optional(string({ pattern: /^\+\d{7,15}$/, meaning: 'a number like +15551234567' })),
  identityProvider: optional(
    string({ description: 'Signs in at this provider: the value of its idp claim.' }),
  ),
  federatedName: optional(string()),
  disabled: optional(boolean()),
  claims: optional(record('Additional claims, as they appear in tokens.')),
});

const behavior = object({
  redirectUriMismatch: optional(oneOf(['redirect', 'page'], 'Where AADB2C90006 is reported.')),
  accessTokenWithoutResource: optional(
    boolean('Issues an access token if the scope names no API.'),
  ),
  logoutIssuerAndSession: optional(boolean('Adds iss and sid to front-channel logout.')),
  lockout: optional(
    object({
      failures: integer({ min: 1, max: 1000 }),
      seconds: integer({ min: 1, max: 86_400 }),
    }),
  ),
  throttle: optional(
    object({
      requests: integer({ min: 1, max: 1_000_000 }),
      seconds: integer({ min: 1, max: 3600 }),
    }),
  ),
});

const tls = z
  .union([oneOf(['self-signed']), object({ cert: string(), key: string() })])
  .describe('Files in PEM, or "self-signed" for a temporary certificate.');

export const CONFIGURATION = object({
  $schema: optional(string()),
  host: optional(string({ description: 'Listen address.' })),
  port: optional(integer({ min: 0, max: 65_535 }, '0: a free port.')),
  publicUrl: optional(
    string({
      pattern: /^https?:\/\/[^\s/]+\/?$/,
      meaning: 'an http or https URL without a path',
      description: 'Prefix of issuers and endpoints, regardless of the requested host.',
    }),
  ),
  tls: optional(tls),
  stateFile: optional(
    string({ description: 'Keeps accounts, keys and sessions across restarts.' }),
  ),
  verificationCode: optional(string({ description: 'Fixed verification code, not a random one.' })),
  tenant: optional(
    object({
      domain: optional(string({ pattern: /^[a-z0-9.-]+$/i, meaning: 'a domain name' })),
      id: optional(string({ pattern: GUID, meaning: 'a GUID' })),
      kind: optional(oneOf(['b2c', 'external-id'], 'Azure AD B2C or Entra External ID.')),
    }),
  ),
  policies: optional(list(policy)),
  applications: optional(list(application)),
  accounts: optional(list(ACCOUNT)),
  identityProviders: optional(
    list(
      object({
        id: elementId(),
        name: optional(string()),
        issuer: optional(string()),
        domainHint: optional(string()),
      }),
    ),
  ),
  behavior: optional(behavior),
});

/** For editors: JSON Schema, draft 2020-12. */
export function configurationSchema(): object {
  const { $schema, ...schema } = z.toJSONSchema(CONFIGURATION, { io: 'input' });
  return { $schema, title: 'Configuration of the b2c-signin emulator', ...schema };
}

/** The schema as the text of a file. */
export const configurationSchemaText = (): string =>
  `${JSON.stringify(configurationSchema(), null, 2)}\n`;
