import type { Handler } from '../policy/technical-profile.ts';
import { attributeValue, elementsAt, valueAt, type XmlElement } from './xml-element.ts';

/** The needs of a handler, and the values that its settings may take (case-insensitive). */
interface HandlerRule {
  readonly class?: string;
  readonly metadata?: readonly string[];
  readonly keys?: readonly string[];
  /** The claims that an operation needs, by their partner names. */
  readonly claims?: Readonly<Record<string, { input: string[]; output?: string[] }>>;
  readonly values?: Readonly<Record<string, readonly string[]>>;
  /** The feature that the emulator does not run. */
  readonly notHere?: string;
}

const PROVIDERS = 'Web.TPEngine.Providers.';
const SESSIONS = 'Web.TPEngine.SSO.';
const BOOLEAN = ['true', 'false'];
const flags = (...keys: string[]) => Object.fromEntries(keys.map((key) => [key, BOOLEAN]));

export const HANDLERS: Readonly<Record<Handler, HandlerRule>> = {
  'self-asserted': {
    class: `${PROVIDERS}SelfAssertedAttributeProvider`,
    metadata: ['ContentDefinitionReferenceId'],
    values: {
      'setting.operatingMode': ['Email', 'Username'],
      'setting.forgotPasswordLinkLocation': ['AfterInput', 'AfterLabel', 'AfterButtons', 'None'],
      ...flags('setting.showContinueButton', 'setting.showCancelButton', 'setting.showSignupLink'),
      ...flags('setting.enableRememberMe', 'EnforceEmailVerification'),
      ...flags('AllowGenerationOfClaimsWithNullValues'),
    },
  },
  directory: {
    class: `${PROVIDERS}AzureActiveDirectoryProvider`,
    metadata: ['Operation'],
    values: {
      Operation: ['Read', 'Write', 'DeleteClaims', 'DeleteClaimsPrincipal'],
      ...flags('RaiseErrorIfClaimsPrincipalAlreadyExists'),
      ...flags('RaiseErrorIfClaimsPrincipalDoesNotExist'),
    },
  },
  rest: {
    class: `${PROVIDERS}RestfulProvider`,
    metadata: ['ServiceUrl', 'AuthenticationType'],
    values: {
      AuthenticationType: ['None', 'Basic', 'Bearer', 'ClientCertificate', 'ApiKeyHeader'],
      SendClaimsIn: ['Body', 'Form', 'Header', 'Url', 'QueryString'],
      ...flags('AllowInsecureAuthInProduction', 'ResolveJsonPathsInJsonTokens', 'DebugMode'),
    },
  },
  'claims-transformation': { class: `${PROVIDERS}ClaimsTransformationProtocolProvider` },
  'one-time-password': {
    class: `${PROVIDERS}OneTimePasswordProtocolProvider`,
    metadata: ['Operation'],
    values: { Operation: ['GenerateCode', 'VerifyCode'], ReuseSameCode: BOOLEAN },
    claims: {
      generatecode: { input: ['identifier'], output: ['otpGenerated'] },
      verifycode: { input: ['identifier', 'otpToVerify'] },
    },
  },
  'email-verification': {
    class: `${PROVIDERS}AadSsprProtocolProvider`,
    metadata: ['Operation'],
    values: { Operation: ['SendCode', 'VerifyCode'] },
    claims: {
      sendcode: { input: ['emailAddress'] },
      verifycode: { input: ['emailAddress', 'verificationCode'] },
    },
  },
  'azure-mfa': {
    class: `${PROVIDERS}AzureMfaProtocolProvider`,
    metadata: ['Operation'],
    values: {
      Operation: ['OneWaySMS', 'Verify', 'GetAvailableDevices', 'BeginVerifyOTP', 'VerifyOTP'],
    },
    claims: {
      onewaysms: { input: ['userPrincipalName', 'phoneNumber'] },
      verify: { input: ['phoneNumber', 'verificationCode'] },
    },
  },
  'phone-factor': {
    class: `${PROVIDERS}PhoneFactorProtocolProvider`,
    metadata: ['ContentDefinitionReferenceId'],
    values: {
      ...flags('ManualPhoneNumberEntryAllowed', 'setting.autodial'),
      'setting.authenticationMode': ['sms', 'phone', 'mixed'],
    },
    claims: { '': { input: ['UserId'] } },
  },
  'journey-context': { class: `${PROVIDERS}UserJourneyContextProvider` },
  'conditional-access': {
    class: `${PROVIDERS}ConditionalAccessProtocolProvider`,
    metadata: ['OperationType'],
    values: { OperationType: ['Evaluation', 'Remediation'] },
    notHere: 'Conditional Access',
  },
  'application-insights': {
    class: `${PROVIDERS}Insights.AzureApplicationInsightsProvider`,
    metadata: ['InstrumentationKey'],
    notHere: 'Application Insights',
  },
  'session-default': { class: `${SESSIONS}DefaultSSOSessionProvider` },
  'session-noop': { class: `${SESSIONS}NoopSSOSessionProvider` },
  'session-external-login': { class: `${SESSIONS}ExternalLoginSSOSessionProvider` },
  'session-oauth': { class: `${SESSIONS}OAuthSSOSessionProvider` },
  'session-saml': { class: `${SESSIONS}SamlSSOSessionProvider`, notHere: 'SAML' },
  'openid-connect': {
    metadata: ['client_id', 'METADATA'],
    values: {
      HttpBinding: ['GET', 'POST'],
      response_mode: ['form_post', 'query', 'fragment'],
      token_endpoint_auth_method: ['client_secret_post', 'client_secret_basic', 'private_key_jwt'],
      UsePolicyInRedirectUri: [...BOOLEAN, '0', '1'],
    },
  },
  oauth2: {
    metadata: ['client_id', 'authorization_endpoint', 'AccessTokenEndpoint'],
    keys: ['client_secret'],
    values: {
      HttpBinding: ['GET', 'POST'],
      AccessTokenResponseFormat: ['json', 'urlencoded'],
      BearerTokenTransmissionMethod: ['AuthorizationHeader', 'QueryString', 'RequestBody'],
      UsePolicyInRedirectUri: [...BOOLEAN, '0', '1'],
    },
  },
  oauth1: {
    metadata: [
      ...['client_id', 'request_token_endpoint', 'authorization_endpoint'],
      'access_token_endpoint',
    ],
    keys: ['client_secret'],
  },
  'jwt-issuer': {
    keys: ['issuer_secret'],
    values: {
      IssuanceClaimPattern: ['AuthorityAndTenantGuid', 'AuthorityWithTfp'],
      AuthenticationContextReferenceClaimPattern: ['PolicyId', 'None'],
      ...flags('SendTokenResponseBodyWithJsonNumbers', 'allow_infinite_rolling_refresh_token'),
    },
  },
  'json-issuer': {},
  'oauth2-error': {},
  saml: { notHere: 'SAML' },
  'saml-issuer': { notHere: 'SAML' },
  none: {},
  unknown: {},
};

const byClass = new Map(
  Object.entries(HANDLERS).flatMap(([handler, rule]) =>
    rule.class === undefined ? [] : [[rule.class, handler as Handler] as const],
  ),
);

export const HANDLER_CLASSES: readonly string[] = [...byClass.keys()];

/** The class of `Handler="Class, Assembly, Version=…"`. */
export const classOfHandler = (handler: string): string => handler.split(',')[0]?.trim() ?? '';

/** Issuers and identity providers share protocols; the format of the token tells them apart. */
const ISSUERS: Record<string, Handler> = {
  JWT: 'jwt-issuer',
  JSON: 'json-issuer',
  OAuth2Error: 'oauth2-error',
  SAML2: 'saml-issuer',
  SAML11: 'saml-issuer',
};

const BY_PROTOCOL: Record<string, Handler> = {
  OpenIdConnect: 'openid-connect',
  OAuth2: 'oauth2',
  OAuth1: 'oauth1',
  SAML2: 'saml',
  None: 'none',
};

/** Finds the handler of a profile from its protocol, its token format and its metadata. */
export function handlerOf(profile: XmlElement): Handler {
  const protocol = valueAt(profile, 'Protocol/@Name') ?? '';
  if (protocol === 'Proprietary') {
    return byClass.get(classOfHandler(valueAt(profile, 'Protocol/@Handler') ?? '')) ?? 'unknown';
  }
  // A profile of another party says where that is, and may have a token format too.
  const isOther = elementsAt(profile, 'Metadata/Item').some((item) =>
    ENDPOINTS.includes(attributeValue(item, 'Key') ?? ''),
  );
  const issuer = isOther ? undefined : ISSUERS[valueAt(profile, 'OutputTokenFormat') ?? ''];
  return issuer ?? BY_PROTOCOL[protocol] ?? 'unknown';
}

const ENDPOINTS = ['METADATA', 'authorization_endpoint'];
