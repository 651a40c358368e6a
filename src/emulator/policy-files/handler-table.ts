import type { Handler } from '../policy/technical-profile.ts';
import { rowsOf, wordsOf } from './table.ts';
import { attributeValue, elementsAt, valueAt, type XmlElement } from './xml-element.ts';

/** `handler | class | metadata that it needs | keys that it needs | feature that the emulator does not run` */
const HANDLER_ROWS = `
self-asserted | Web.TPEngine.Providers.SelfAssertedAttributeProvider | ContentDefinitionReferenceId
directory | Web.TPEngine.Providers.AzureActiveDirectoryProvider | Operation
rest | Web.TPEngine.Providers.RestfulProvider | ServiceUrl AuthenticationType
claims-transformation | Web.TPEngine.Providers.ClaimsTransformationProtocolProvider
one-time-password | Web.TPEngine.Providers.OneTimePasswordProtocolProvider | Operation
email-verification | Web.TPEngine.Providers.AadSsprProtocolProvider | Operation
azure-mfa | Web.TPEngine.Providers.AzureMfaProtocolProvider | Operation
phone-factor | Web.TPEngine.Providers.PhoneFactorProtocolProvider | ContentDefinitionReferenceId
journey-context | Web.TPEngine.Providers.UserJourneyContextProvider
conditional-access | Web.TPEngine.Providers.ConditionalAccessProtocolProvider | OperationType | | Conditional Access
application-insights | Web.TPEngine.Providers.Insights.AzureApplicationInsightsProvider | InstrumentationKey | | Application Insights
session-default | Web.TPEngine.SSO.DefaultSSOSessionProvider
session-noop | Web.TPEngine.SSO.NoopSSOSessionProvider
session-external-login | Web.TPEngine.SSO.ExternalLoginSSOSessionProvider
session-oauth | Web.TPEngine.SSO.OAuthSSOSessionProvider
session-saml | Web.TPEngine.SSO.SamlSSOSessionProvider | | | SAML
openid-connect | | client_id METADATA
oauth2 | | client_id authorization_endpoint AccessTokenEndpoint | client_secret
oauth1 | | client_id request_token_endpoint authorization_endpoint access_token_endpoint | client_secret
jwt-issuer | | | issuer_secret
saml | | | | SAML
saml-issuer | | | | SAML
`;

/** `handler | settings | the values that they may take, without case` */
const SETTING_ROWS = `
self-asserted | setting.operatingMode | Email Username
self-asserted | setting.forgotPasswordLinkLocation | AfterInput AfterLabel AfterButtons None
self-asserted | setting.showContinueButton setting.showCancelButton | true false
self-asserted | setting.showSignupLink setting.enableRememberMe EnforceEmailVerification | true false
self-asserted | AllowGenerationOfClaimsWithNullValues | true false
directory | Operation | Read Write DeleteClaims DeleteClaimsPrincipal
directory | RaiseErrorIfClaimsPrincipalAlreadyExists | true false
directory | RaiseErrorIfClaimsPrincipalDoesNotExist | true false
rest | AuthenticationType | None Basic Bearer ClientCertificate ApiKeyHeader
rest | SendClaimsIn | Body Form Header Url QueryString
rest | AllowInsecureAuthInProduction ResolveJsonPathsInJsonTokens DebugMode | true false
one-time-password | Operation | GenerateCode VerifyCode
one-time-password | ReuseSameCode | true false
email-verification | Operation | SendCode VerifyCode
azure-mfa | Operation | OneWaySMS Verify GetAvailableDevices BeginVerifyOTP VerifyOTP
phone-factor | ManualPhoneNumberEntryAllowed setting.autodial | true false
phone-factor | setting.authenticationMode | sms phone mixed
conditional-access | OperationType | Evaluation Remediation
openid-connect | HttpBinding | GET POST
openid-connect | response_mode | form_post query fragment
openid-connect | token_endpoint_auth_method | client_secret_post client_secret_basic private_key_jwt
openid-connect | UsePolicyInRedirectUri | true false 0 1
oauth2 | HttpBinding | GET POST
oauth2 | AccessTokenResponseFormat | json urlencoded
oauth2 | BearerTokenTransmissionMethod | AuthorizationHeader QueryString RequestBody
oauth2 | UsePolicyInRedirectUri | true false 0 1
jwt-issuer | IssuanceClaimPattern | AuthorityAndTenantGuid AuthorityWithTfp
jwt-issuer | AuthenticationContextReferenceClaimPattern | PolicyId None
jwt-issuer | SendTokenResponseBodyWithJsonNumbers allow_infinite_rolling_refresh_token | true false
`;

/** `handler | operation | input claims that it needs | output claims that it needs`, by their partner names */
const CLAIM_ROWS = `
one-time-password | generatecode | identifier | otpGenerated
one-time-password | verifycode | identifier otpToVerify
email-verification | sendcode | emailAddress
email-verification | verifycode | emailAddress verificationCode
azure-mfa | onewaysms | userPrincipalName phoneNumber
azure-mfa | verify | phoneNumber verificationCode
phone-factor | | UserId
`;

/** The needs of a handler, and the values that its settings may take. */
interface HandlerRule {
  readonly class: string;
  readonly metadata: readonly string[];
  readonly keys: readonly string[];
  /** The feature that the emulator does not run. */
  readonly notHere: string | undefined;
  readonly values: ReadonlyMap<string, readonly string[]>;
  readonly claims: readonly NeededClaims[];
}

interface NeededClaims {
  /** In lower case. */
  readonly operation: string;
  readonly input: readonly string[];
  readonly output: readonly string[];
}

const SETTINGS = rowsOf(SETTING_ROWS);
const CLAIMS = rowsOf(CLAIM_ROWS);

const RULES: ReadonlyMap<string, HandlerRule> = new Map(
  rowsOf(HANDLER_ROWS).map(([handler = '', name = '', metadata = '', keys = '', notHere]) => [
    handler,
    {
      ...{ class: name, metadata: wordsOf(metadata), keys: wordsOf(keys), notHere },
      values: new Map(
        SETTINGS.filter(([owner]) => owner === handler).flatMap(([, settings = '', values = '']) =>
          wordsOf(settings).map((setting) => [setting, wordsOf(values)] as const),
        ),
      ),
      claims: CLAIMS.filter(([owner]) => owner === handler).map(
        ([, operation = '', input = '', output = '']) => ({
          ...{ operation, input: wordsOf(input), output: wordsOf(output) },
        }),
      ),
    },
  ]),
);

const NO_RULE: HandlerRule = {
  ...{ class: '', metadata: [], keys: [], notHere: undefined, values: new Map(), claims: [] },
};

export const handlerRule = (handler: Handler): HandlerRule => RULES.get(handler) ?? NO_RULE;

const BY_CLASS = new Map(
  [...RULES]
    .filter(([, rule]) => rule.class !== '')
    .map(([handler, rule]) => [rule.class, handler as Handler]),
);

export const HANDLER_CLASSES: readonly string[] = [...BY_CLASS.keys()];

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

const ENDPOINTS = ['METADATA', 'authorization_endpoint'];

/** Finds the handler of a profile from its protocol, its token format and its metadata. */
export function handlerOf(profile: XmlElement): Handler {
  const protocol = valueAt(profile, 'Protocol/@Name') ?? '';
  if (protocol === 'Proprietary') {
    return BY_CLASS.get(classOfHandler(valueAt(profile, 'Protocol/@Handler') ?? '')) ?? 'unknown';
  }
  // A profile of another party says where that is, and may have a token format too.
  const isOther = elementsAt(profile, 'Metadata/Item').some((item) =>
    ENDPOINTS.includes(attributeValue(item, 'Key') ?? ''),
  );
  const issuer = isOther ? undefined : ISSUERS[valueAt(profile, 'OutputTokenFormat') ?? ''];
  return issuer ?? BY_PROTOCOL[protocol] ?? 'unknown';
}
