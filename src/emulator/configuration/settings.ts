/** Every setting of the emulator's configuration file. */
import { flag, list, object, oneOf, record, type Shape, text, textOr, whole } from './shape.ts';

const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const EMAIL = /^[^\s@<>]+@[^\s@<>]+\.[^\s@<>]+$/;
const WEB_ADDRESS = /^https?:\/\/[^\s/]+/;
const ELEMENT_ID = /^[A-Za-z][\w-]*$/;

const elementId = () => text({ pattern: ELEMENT_ID, meaning: 'the id of an element' });

const page = object(
  {
    layout: oneOf(['oceanBlue', 'classic'], 'The frame around #api.'),
    content: text({
      description: 'A file, or an address on this computer, with a <div id="api">.',
    }),
    allowScript: flag('Scripts of that file run.'),
    signIn: oneOf(['unified', 'selfAsserted'], 'What kind of page signs in.'),
    emailVerification: oneOf(['control', 'builtIn', 'none'], 'Which family of elements.'),
    errorHeading: oneOf(['h1', 'h2']),
    singlePhoneButton: flag('#verifyCode does both steps.'),
    ids: object({
      identifier: elementId(),
      email: elementId(),
      verificationControl: elementId(),
      verificationCode: elementId(),
      newPassword: elementId(),
      phoneNumber: elementId(),
    }),
  },
  { description: 'What the pages look like to a script.' },
);

const attribute = textOr(
  elementId(),
  object(
    {
      id: elementId(),
      label: text(),
      claim: text(),
      required: flag(),
      input: oneOf(['text', 'dropdown', 'radio', 'checkbox']),
      values: list(text(), 'To choose from.'),
    },
    { required: ['id'] },
  ),
);

const session = object({
  scope: oneOf(['tenant', 'application', 'policy', 'suppressed'], 'Who shares a sign-in.'),
  lifetimeMinutes: whole({ min: 15, max: 1440 }),
  rolling: flag('Each use starts the lifetime anew.'),
  keepMeSignedInDays: whole({ min: 0, max: 90 }, 'More than 0 offers "Keep me signed in".'),
});

const passwordRules = textOr(
  oneOf(['simple', 'strong']),
  object(
    {
      minLength: whole({ min: 1, max: 64 }),
      maxLength: whole({ min: 1, max: 256 }),
      kinds: whole({ min: 1, max: 4 }, 'Of lowercase, uppercase, digit, symbol.'),
    },
    { required: ['minLength', 'maxLength', 'kinds'] },
  ),
);

const policy = object(
  {
    name: text({
      pattern: /^[Bb]2[Cc]_1[Aa]?_[0-9A-Za-z._-]+$/,
      meaning: 'B2C_1_… for a user flow or B2C_1A_… for a custom policy',
    }),
    kind: oneOf([
      ...['signUpOrSignIn', 'signIn', 'signUp', 'editProfile', 'resetPassword'],
      'passwordGrant',
    ]),
    forgotPassword: oneOf(['returnsError', 'resetsInside'], 'AADB2C90118, or the reset inside.'),
    issuer: oneOf(['tenant', 'tfp'], 'The form of the issuer.'),
    attributes: list(attribute, 'The profile fields of its pages, in this order.'),
    claims: record('Further claims; {OAUTH-KV:name} is a parameter of the request.'),
    numbersAsStrings: flag('The numbers of a token answer, as in older custom policies.'),
    requireIdTokenInLogout: flag(),
    frontChannelLogout: flag("Calls the other applications' logoutUrl."),
    singleUseRefreshTokens: flag('A second use revokes all that came of that sign-in.'),
    tokenLifetimeMinutes: whole({ min: 5, max: 1440 }),
    refreshTokenLifetimeDays: whole({ min: 1, max: 90 }),
    session,
    userInfo: flag('Has a userinfo endpoint.'),
    idTokenHint: object(
      { secret: text(), issuer: text(), audience: text(), required: flag() },
      { required: ['secret', 'required'] },
    ),
    signInName: oneOf(['email', 'userName']),
    identityProviders: list(text(), 'Ids of identityProviders.'),
    secondFactor: oneOf(['none', 'phone', 'email', 'totp']),
    passwordRules,
    page,
  },
  { required: ['name'] },
);

const application = object(
  {
    id: text(),
    name: text(),
    type: oneOf(['web', 'spa', 'native']),
    secrets: list(text()),
    redirectUris: list(text({ pattern: /^[a-z][a-z0-9+.-]*:/i, meaning: 'an absolute URI' })),
    anyLoopbackRedirectUri: flag('Every redirect URI on this computer; on without a list.'),
    logoutUrl: text({ pattern: WEB_ADDRESS, meaning: 'an http or https address' }),
    implicit: object({ idToken: flag(), accessToken: flag() }),
    api: object(
      { uri: text(), scopes: list(text()), roles: list(text()) },
      { required: ['uri', 'scopes'] },
    ),
    permissions: list(text(), 'Scopes of APIs that it may ask for; all when absent.'),
    disabled: flag('AADB2C90092.'),
    wrongAccountType: flag('AADB2C90068.'),
  },
  { required: ['id'] },
);

/** An account, in the file and in a call. */
export const ACCOUNT = object(
  {
    email: text({ pattern: EMAIL, meaning: 'an e-mail address' }),
    userName: text(),
    oid: text({ pattern: GUID, meaning: 'a GUID' }),
    password: text(),
    displayName: text(),
    givenName: text(),
    surname: text(),
    phoneNumber: text({ pattern: /^\+\d{7,15}$/, meaning: 'a number like +15551234567' }),
    identityProvider: text({ description: 'Signs in there: the value of its idp claim.' }),
    federatedName: text(),
    disabled: flag(),
    claims: record('Further claims, as they stand in a token.'),
  },
  { required: ['email'] },
);

const behaviour = object({
  redirectUriMismatch: oneOf(['redirect', 'page'], 'Where AADB2C90006 is told.'),
  accessTokenWithoutResource: flag('An access token without a resource in the scope.'),
  logoutIssuerAndSession: flag('iss and sid for front-channel logout.'),
  lockout: object(
    { failures: whole({ min: 1, max: 1000 }), seconds: whole({ min: 1, max: 86_400 }) },
    { required: ['failures', 'seconds'] },
  ),
  throttle: object(
    { requests: whole({ min: 1, max: 1_000_000 }), seconds: whole({ min: 1, max: 3600 }) },
    { required: ['requests', 'seconds'] },
  ),
});

export const CONFIGURATION: Shape = object({
  $schema: text(),
  host: text({ description: 'The address to listen on.' }),
  port: whole({ min: 0, max: 65_535 }, '0 takes a free one.'),
  publicUrl: text({
    pattern: /^https?:\/\/[^\s/]+\/?$/,
    meaning: 'an http or https address without a path',
    description: 'In front of issuers and endpoints, whatever host was asked.',
  }),
  tls: textOr(
    oneOf(['self-signed']),
    object({ cert: text(), key: text() }, { required: ['cert', 'key'] }),
    'Files, or "self-signed" for a throw-away certificate.',
  ),
  stateFile: text({ description: 'Keeps accounts, keys and sessions over a restart.' }),
  verificationCode: text({ description: 'Mailed instead of random codes.' }),
  tenant: object({
    domain: text({ pattern: /^[a-z0-9.-]+$/i, meaning: 'a domain name' }),
    id: text({ pattern: GUID, meaning: 'a GUID' }),
    shape: oneOf(['b2c', 'external-id'], 'What it looks like on the wire.'),
  }),
  policies: list(policy),
  applications: list(application),
  accounts: list(ACCOUNT),
  identityProviders: list(
    object(
      { id: elementId(), name: text(), issuer: text(), domainHint: text() },
      { required: ['id'] },
    ),
  ),
  behaviour,
});

/** For editors: JSON Schema, draft 2020-12. */
export const configurationSchema = (): object => ({
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'Configuration of the b2c-signin emulator',
  ...CONFIGURATION.schema,
});

/** The schema as the text of a file, for editors. */
export const configurationSchemaText = (): string =>
  `${JSON.stringify(configurationSchema(), null, 2)}\n`;
