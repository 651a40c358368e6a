import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { TestContext } from 'node:test';
import { type PolicyRun, type RunOptions, runPolicy } from '../../../dist/testing/testing.js';
import { emptyFolder } from '../../support/folder.js';

/** The parts of a small policy that a test is about; the rest is what every policy needs. */
export interface OwnPolicy {
  /** Data type and input type of further claim types: `string TextBox`. */
  claims?: Record<string, string>;
  /** XML of further technical profiles. */
  profiles?: string;
  /** XML between `ClaimsSchema` and `ContentDefinitions`. */
  building?: string;
  /** XML at the end of `BuildingBlocks`. */
  controls?: string;
  /** XML of the steps before `SendClaims`, which gets the next order. */
  steps: string;
  subJourneys?: string;
  /** XML of further user journeys. */
  journeys?: string;
  /** Metadata of the token issuer. */
  issuer?: Record<string, string>;
  /** XML of further content definitions. */
  pages?: string;
  /** XML in `RelyingParty` in front of its profile. */
  relyingParty?: string;
  /** Claims of the token. */
  token: readonly string[];
}

const CLAIMS: Record<string, string> = {
  objectId: 'string',
  email: 'string TextBox',
  password: 'string Password',
  newPassword: 'string Password',
  reenterPassword: 'string Password',
  displayName: 'string TextBox',
  signInName: 'string TextBox',
  newUser: 'boolean',
  grant_type: 'string',
  alternativeSecurityId: 'string',
  identityProvider: 'string',
  authenticationSource: 'string',
  fromSession: 'string',
};

const claimType = ([id, kind]: [string, string]) => {
  const [type, input] = kind.split(' ');
  const field = input ? `<UserInputType>${input}</UserInputType>` : '';
  return `<ClaimType Id="${id}"><DisplayName>${id}</DisplayName><DataType>${type}</DataType>${field}</ClaimType>`;
};

export const handler = (name: string, space = 'Providers') =>
  `<Protocol Name="Proprietary" Handler="Web.TPEngine.${space}.${name}, Web.TPEngine, Version=1.0.0.0, Culture=neutral, PublicKeyToken=null" />`;

export const metadata = (items: Record<string, string>) =>
  `<Metadata>${Object.entries(items)
    .map(([key, value]) => `<Item Key="${key}">${value}</Item>`)
    .join('')}</Metadata>`;

/** References to claims: `email`, `email Required="true"`. */
export const claims = (kind: 'Input' | 'Output' | 'Persisted', ...references: string[]) =>
  `<${kind}Claims>${references
    .map((reference) => {
      const [id, ...rest] = reference.split(' ');
      return `<${kind}Claim ClaimTypeReferenceId="${id}" ${rest.join(' ')} />`;
    })
    .join('')}</${kind}Claims>`;

/** A self-asserted page. */
export const page = (id: string, outputs: readonly string[], rest = '', items = {}) =>
  `<TechnicalProfile Id="${id}"><DisplayName>${id}</DisplayName>${handler('SelfAssertedAttributeProvider')}
    ${metadata({ ContentDefinitionReferenceId: 'page.form', ...items })}
    ${claims('Output', ...outputs)}${rest}</TechnicalProfile>`;

export const session = (id: string) =>
  `<UseTechnicalProfileForSessionManagement ReferenceId="${id}" />`;

export const validations = (...ids: string[]) =>
  `<ValidationTechnicalProfiles>${ids.map((id) => `<ValidationTechnicalProfile ReferenceId="${id}" />`).join('')}</ValidationTechnicalProfiles>`;

/** A step with one claims exchange, or with several. */
export const exchange = (order: number, profiles: string | readonly string[], inner = '') =>
  `<OrchestrationStep Order="${order}" Type="ClaimsExchange">${inner}<ClaimsExchanges>${[profiles]
    .flat()
    .map((id) => `<ClaimsExchange Id="${id}Exchange" TechnicalProfileReferenceId="${id}" />`)
    .join('')}</ClaimsExchanges></OrchestrationStep>`;

export const skipIf = (type: string, values: readonly string[], executeActionsIf = true) =>
  `<Preconditions><Precondition Type="${type}" ExecuteActionsIf="${executeActionsIf}">${values
    .map((value) => `<Value>${value}</Value>`)
    .join('')}<Action>SkipThisOrchestrationStep</Action></Precondition></Preconditions>`;

/** The page with a sign-in form (`Form-SignIn`) and a button of `Social`, as the first step. */
export const SIGN_IN = `<OrchestrationStep Order="1" Type="CombinedSignInAndSignUp" ContentDefinitionReferenceId="page.signin">
  <ClaimsProviderSelections>
    <ClaimsProviderSelection TargetClaimsExchangeId="SocialExchange" />
    <ClaimsProviderSelection ValidationClaimsExchangeId="SignInExchange" />
  </ClaimsProviderSelections>
  <ClaimsExchanges><ClaimsExchange Id="SignInExchange" TechnicalProfileReferenceId="Form-SignIn" /></ClaimsExchanges>
</OrchestrationStep>`;

/** `SIGN_IN`, then sign-up or the provider if the form did not sign in. */
export const SIGN_UP_OR_SIGN_IN =
  SIGN_IN + exchange(2, ['Social', 'SignUp'], skipIf('ClaimsExist', ['objectId']));

const profilesOf = (issuer: OwnPolicy['issuer']) => `
${page(
  'Form-SignIn',
  ['signInName Required="true"', 'password Required="true"', 'objectId'],
  validations('Password-Check') + session('Session-Local'),
  { SignUpTarget: 'SignUpExchange' },
)}
${page(
  'SignUp',
  [
    'email PartnerClaimType="Verified.Email" Required="true"',
    'newPassword Required="true"',
    'reenterPassword Required="true"',
    'displayName Required="true"',
    'objectId',
    'newUser',
  ],
  validations('Directory-Create') + session('Session-None'),
)}
<TechnicalProfile Id="Password-Check"><DisplayName>Password</DisplayName><Protocol Name="OpenIdConnect" />
  ${metadata({ client_id: 'proxy', METADATA: 'https://login.microsoftonline.com/{tenant}/.well-known/openid-configuration', UserMessageIfInvalidPassword: 'The password is wrong.' })}
  ${claims('Input', 'signInName PartnerClaimType="username" Required="true"', 'password Required="true"', 'grant_type DefaultValue="password"')}
  ${claims('Output', 'objectId PartnerClaimType="oid"')}
</TechnicalProfile>
<TechnicalProfile Id="Directory"><DisplayName>Directory</DisplayName>${handler('AzureActiveDirectoryProvider')}
  <IncludeInSso>false</IncludeInSso>${session('Session-None')}</TechnicalProfile>
<TechnicalProfile Id="Directory-Create">
  ${metadata({ Operation: 'Write', RaiseErrorIfClaimsPrincipalAlreadyExists: 'true' })}
  ${claims('Input', 'email PartnerClaimType="signInNames.emailAddress" Required="true"')}
  ${claims('Persisted', 'email PartnerClaimType="signInNames.emailAddress"', 'newPassword PartnerClaimType="password"', 'displayName')}
  ${claims('Output', 'objectId', 'newUser PartnerClaimType="newClaimsPrincipalCreated"')}
  <IncludeTechnicalProfile ReferenceId="Directory" /></TechnicalProfile>
<TechnicalProfile Id="Directory-Read">${metadata({ Operation: 'Read', RaiseErrorIfClaimsPrincipalDoesNotExist: 'true' })}
  ${claims('Input', 'objectId Required="true"')}
  ${claims('Output', 'displayName', 'email PartnerClaimType="signInNames.emailAddress"')}
  <IncludeTechnicalProfile ReferenceId="Directory" /></TechnicalProfile>
<TechnicalProfile Id="Social"><DisplayName>Social</DisplayName><Protocol Name="OAuth2" />
  ${metadata({ client_id: 'shop', authorization_endpoint: 'https://social.example/a', AccessTokenEndpoint: 'https://social.example/t' })}
  <CryptographicKeys><Key Id="client_secret" StorageReferenceId="B2C_1A_Social" /></CryptographicKeys>
  ${claims('Output', 'objectId PartnerClaimType="id"', 'displayName PartnerClaimType="name"', 'email', 'identityProvider DefaultValue="social.example" AlwaysUseDefaultValue="true"')}
  ${session('Session-Social')}</TechnicalProfile>
<TechnicalProfile Id="Session-None"><DisplayName>None</DisplayName>${handler('NoopSSOSessionProvider', 'SSO')}</TechnicalProfile>
<TechnicalProfile Id="Session-Local"><DisplayName>Local</DisplayName>${handler('DefaultSSOSessionProvider', 'SSO')}
  ${claims('Persisted', 'objectId', 'signInName')}${claims('Output', 'fromSession DefaultValue="yes"')}</TechnicalProfile>
<TechnicalProfile Id="Session-Social"><DisplayName>Social</DisplayName>${handler('ExternalLoginSSOSessionProvider', 'SSO')}
  ${claims('Persisted', 'objectId', 'identityProvider')}</TechnicalProfile>
<TechnicalProfile Id="JwtIssuer"><DisplayName>JWT</DisplayName><Protocol Name="OpenIdConnect" /><OutputTokenFormat>JWT</OutputTokenFormat>
  ${issuer ? metadata(issuer) : ''}<CryptographicKeys><Key Id="issuer_secret" StorageReferenceId="B2C_1A_Signing" /><Key Id="issuer_refresh_token_key" StorageReferenceId="B2C_1A_Encryption" /></CryptographicKeys></TechnicalProfile>`;

const content = (id: string, layout: string) =>
  `<ContentDefinition Id="${id}"><LoadUri>~/tenant/default/${layout}.cshtml</LoadUri><RecoveryUri>~/common/default_page_error.html</RecoveryUri>
    <DataUri>urn:com:microsoft:aad:b2c:elements:contract:${layout}:2.1.5</DataUri></ContentDefinition>`;

/** The policy `B2C_1A_Own` in one file. */
export function policyXml(policy: OwnPolicy): string {
  const {
    steps,
    token,
    building = '',
    controls = '',
    profiles = '',
    subJourneys = '',
    journeys = '',
    issuer,
    pages = '',
    relyingParty = '',
  } = policy;
  const last = Math.max(
    0,
    ...[...steps.matchAll(/<OrchestrationStep Order="(\d+)"/g)].map(([, order]) => Number(order)),
  );
  const types = Object.entries({ ...CLAIMS, ...policy.claims }).map(claimType);
  return `<?xml version="1.0" encoding="utf-8"?>
<TrustFrameworkPolicy xmlns="http://schemas.microsoft.com/online/cpim/schemas/2013/06" PolicySchemaVersion="0.3.0.0"
  TenantId="shop.onmicrosoft.com" PolicyId="B2C_1A_Own" PublicPolicyUri="http://shop.onmicrosoft.com/B2C_1A_Own">
  <BuildingBlocks>
    <ClaimsSchema>${types.join('\n')}</ClaimsSchema>
    ${building}
    <ContentDefinitions>${content('page.signin', 'unifiedssp')}${content('page.form', 'selfasserted')}${content('page.buttons', 'providerselection')}${content('page.phone', 'multifactor')}${pages}</ContentDefinitions>
    ${controls}
  </BuildingBlocks>
  <ClaimsProviders>
    <ClaimsProvider><Domain>social.example</Domain><DisplayName>Own</DisplayName><TechnicalProfiles>${profiles}${profilesOf(issuer)}</TechnicalProfiles></ClaimsProvider>
  </ClaimsProviders>
  <UserJourneys><UserJourney Id="Own"><OrchestrationSteps>
    ${steps}
    <OrchestrationStep Order="${last + 1}" Type="SendClaims" CpimIssuerTechnicalProfileReferenceId="JwtIssuer" />
  </OrchestrationSteps></UserJourney>${journeys}</UserJourneys>
  ${subJourneys && `<SubJourneys>${subJourneys}</SubJourneys>`}
  <RelyingParty>
    <DefaultUserJourney ReferenceId="Own" />${relyingParty}
    <TechnicalProfile Id="PolicyProfile"><DisplayName>Own</DisplayName><Protocol Name="OpenIdConnect" />
      ${claims('Output', ...token)}<SubjectNamingInfo ClaimType="sub" /></TechnicalProfile>
  </RelyingParty>
</TrustFrameworkPolicy>`;
}

/** Writes the policy and returns a function that runs it. */
export function ownPolicy(t: TestContext, policy: OwnPolicy) {
  const folder = emptyFolder(t);
  writeFileSync(path.join(folder, 'own.xml'), policyXml(policy));
  const run = (options: RunOptions = {}): Promise<PolicyRun> =>
    runPolicy({ folder, policy: 'B2C_1A_Own', ...options });
  return Object.assign(run, { folder });
}
