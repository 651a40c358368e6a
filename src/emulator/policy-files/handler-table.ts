import type { Handler } from '../policy/technical-profile.ts';

/** The elements and settings that a handler needs, and the values that its settings may take (case-insensitive). */
export interface HandlerRule {
  readonly class?: string;
  readonly metadata?: readonly string[];
  readonly keys?: readonly string[];
  readonly values?: Readonly<Record<string, readonly string[]>>;
}

const PROVIDERS = 'Web.TPEngine.Providers.';
const SESSIONS = 'Web.TPEngine.SSO.';
const BOOLEAN = ['true', 'false'];

export const HANDLERS: Readonly<Record<Handler, HandlerRule>> = {
  'self-asserted': {
    class: `${PROVIDERS}SelfAssertedAttributeProvider`,
    metadata: ['ContentDefinitionReferenceId'],
    values: {
      'setting.operatingMode': ['Email', 'Username'],
      'setting.forgotPasswordLinkLocation': ['AfterInput', 'AfterLabel', 'AfterButtons', 'None'],
      'setting.showContinueButton': BOOLEAN,
      'setting.showCancelButton': BOOLEAN,
      'setting.showSignupLink': BOOLEAN,
      'setting.enableRememberMe': BOOLEAN,
      EnforceEmailVerification: BOOLEAN,
      AllowGenerationOfClaimsWithNullValues: BOOLEAN,
    },
  },
  directory: {
    class: `${PROVIDERS}AzureActiveDirectoryProvider`,
    metadata: ['Operation'],
    values: {
      Operation: ['Read', 'Write', 'DeleteClaims', 'DeleteClaimsPrincipal'],
      RaiseErrorIfClaimsPrincipalAlreadyExists: BOOLEAN,
      RaiseErrorIfClaimsPrincipalDoesNotExist: BOOLEAN,
    },
  },
  rest: {
    class: `${PROVIDERS}RestfulProvider`,
    metadata: ['ServiceUrl', 'AuthenticationType'],
    values: {
      AuthenticationType: ['None', 'Basic', 'Bearer', 'ClientCertificate', 'ApiKeyHeader'],
      SendClaimsIn: ['Body', 'Form', 'Header', 'Url', 'QueryString'],
      AllowInsecureAuthInProduction: BOOLEAN,
      ResolveJsonPathsInJsonTokens: BOOLEAN,
      DebugMode: BOOLEAN,
    },
  },
  'claims-transformation': { class: `${PROVIDERS}ClaimsTransformationProtocolProvider` },
  'one-time-password': {
    class: `${PROVIDERS}OneTimePasswordProtocolProvider`,
    metadata: ['Operation'],
    values: { Operation: ['GenerateCode', 'VerifyCode'], ReuseSameCode: BOOLEAN },
  },
  'email-verification': {
    class: `${PROVIDERS}AadSsprProtocolProvider`,
    metadata: ['Operation'],
    values: { Operation: ['SendCode', 'VerifyCode'] },
  },
  'azure-mfa': {
    class: `${PROVIDERS}AzureMfaProtocolProvider`,
    metadata: ['Operation'],
    values: {
      Operation: ['OneWaySMS', 'Verify', 'GetAvailableDevices', 'BeginVerifyOTP', 'VerifyOTP'],
    },
  },
  'phone-factor': {
    class: `${PROVIDERS}PhoneFactorProtocolProvider`,
    metadata: ['ContentDefinitionReferenceId'],
    values: {
      ManualPhoneNumberEntryAllowed: BOOLEAN,
      'setting.authenticationMode': ['sms', 'phone', 'mixed'],
      'setting.autodial': BOOLEAN,
    },
  },
  'journey-context': { class: `${PROVIDERS}UserJourneyContextProvider` },
  'conditional-access': {
    class: `${PROVIDERS}ConditionalAccessProtocolProvider`,
    metadata: ['OperationType'],
    values: { OperationType: ['Evaluation', 'Remediation'] },
  },
  'application-insights': {
    class: `${PROVIDERS}Insights.AzureApplicationInsightsProvider`,
    metadata: ['InstrumentationKey'],
  },
  'session-default': { class: `${SESSIONS}DefaultSSOSessionProvider` },
  'session-noop': { class: `${SESSIONS}NoopSSOSessionProvider` },
  'session-external-login': { class: `${SESSIONS}ExternalLoginSSOSessionProvider` },
  'session-oauth': { class: `${SESSIONS}OAuthSSOSessionProvider` },
  'session-saml': { class: `${SESSIONS}SamlSSOSessionProvider` },
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
      SendTokenResponseBodyWithJsonNumbers: BOOLEAN,
      allow_infinite_rolling_refresh_token: BOOLEAN,
    },
  },
  'json-issuer': {},
  'oauth2-error': {},
  saml: {},
  'saml-issuer': {},
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

export function handlerOf({
  protocol,
  handler,
  outputTokenFormat,
  hasEndpoint,
}: {
  protocol: string | undefined;
  handler: string | undefined;
  outputTokenFormat: string | undefined;
  /** Whether the metadata names another party, whose tokens may have a format too. */
  hasEndpoint: boolean;
}): Handler {
  if (protocol === 'Proprietary') return byClass.get(classOfHandler(handler ?? '')) ?? 'unknown';
  const issuer = hasEndpoint ? undefined : ISSUERS[outputTokenFormat ?? ''];
  return issuer ?? BY_PROTOCOL[protocol ?? ''] ?? 'unknown';
}
