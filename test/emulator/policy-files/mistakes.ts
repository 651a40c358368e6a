import type { RuleId } from '../../../dist/emulator/policy-files/rules.js';
import type { Mistake } from './good-chain.js';

const SELF_ASSERTED = 'Web.TPEngine.Providers.SelfAssertedAttributeProvider, Web.TPEngine';
const PROFILE = '<TechnicalProfile Id="Form-Profile">';
const NEW_TRANSFORMATION =
  '  <ClaimsProviders>\n    <ClaimsProvider>\n      <DisplayName>Additions';

/** A transformation in the extensions that the profile form calls. */
const transformation = (method: string, content: string, at: string): Mistake => ({
  from: '    </ClaimsSchema>\n  </BuildingBlocks>',
  to: `    </ClaimsSchema>
    <ClaimsTransformations>
      <ClaimsTransformation Id="Planted" TransformationMethod="${method}">
${content}
      </ClaimsTransformation>
    </ClaimsTransformations>
  </BuildingBlocks>`,
  at,
});

const inputs = (...claims: string[]) => `<InputClaims>\n${claims.join('\n')}\n</InputClaims>`;
const outputs = (...claims: string[]) => `<OutputClaims>\n${claims.join('\n')}\n</OutputClaims>`;
const parameters = (...items: string[]) =>
  `<InputParameters>\n${items.join('\n')}\n</InputParameters>`;
const input = (claim: string, name: string) =>
  `<InputClaim ClaimTypeReferenceId="${claim}" TransformationClaimType="${name}" />`;
const output = (claim: string, name: string) =>
  `<OutputClaim ClaimTypeReferenceId="${claim}" TransformationClaimType="${name}" />`;
const parameter = (id: string, type: string, value: string) =>
  `<InputParameter Id="${id}" DataType="${type}" Value="${value}" />`;

/** An additional step of the profile journey, before it sends the claims. */
const step = (content: string, at: string): Mistake => ({
  from: '        <OrchestrationStep Order="4" Type="SendClaims" CpimIssuerTechnicalProfileReferenceId="JwtIssuer" />',
  to: `${content}\n        <OrchestrationStep Order="5" Type="SendClaims" CpimIssuerTechnicalProfileReferenceId="JwtIssuer" />`,
  at,
});

/** An additional claim of the profile page. */
const profileClaim = (claim: string): Mistake => ({
  from: '            <OutputClaim ClaimTypeReferenceId="favorite" Required="true" />',
  to: `            <OutputClaim ClaimTypeReferenceId="favorite" Required="true" />\n            ${claim}`,
  at: claim,
});

const metadata = (item: string): Mistake => ({
  from: '<Item Key="SendClaimsIn">Body</Item>',
  to: `<Item Key="SendClaimsIn">Body</Item>\n            ${item}`,
  at: item,
});

const handler = (from: string, to: string, at: string): Mistake => ({ file: 'base', from, to, at });

/** A mistake for each rule, some rules with several. */
export const MISTAKES: readonly (readonly [RuleId, string, Mistake])[] = [
  // Reading
  [
    'xml-not-well-formed',
    'a tag that is closed too early',
    {
      from: '</DisplayName>\n      <TechnicalProfiles>',
      to: '</DisplayNam>\n      <TechnicalProfiles>',
      at: '</DisplayNam>',
    },
  ],
  [
    'xml-not-well-formed',
    'an attribute twice',
    { from: PROFILE, to: '<TechnicalProfile Id="Form-Profile" Id="Again">' },
  ],
  [
    'xml-not-well-formed',
    'an unknown entity',
    { from: '<DisplayName>Profile<', to: '<DisplayName>Pro&nbsp;file<' },
  ],
  [
    'xml-not-well-formed',
    'a control character',
    { from: '<DisplayName>Profile<', to: '<DisplayName>Pro\u0001file<' },
  ],
  [
    'xml-dtd',
    'a document type',
    {
      from: '<TrustFrameworkPolicy ',
      to: '<!DOCTYPE x [<!ENTITY a "b">]>\n<TrustFrameworkPolicy ',
      at: '<!DOCTYPE',
    },
  ],
  [
    'xml-too-deep',
    'elements nested 70 deep',
    {
      from: '<DisplayName>Profile</DisplayName>',
      to: `${'<a>'.repeat(70)}${'</a>'.repeat(70)}`,
      at: '<a><a>',
    },
  ],
  [
    'file-too-large',
    'a comment of a megabyte',
    {
      from: '  <BasePolicy>',
      to: `<!-- ${'x'.repeat(1_048_577)} -->\n  <BasePolicy>`,
      at: '<?xml',
    },
  ],
  [
    'setting-without-value',
    'a placeholder',
    { from: 'https://api.example.com/loyalty', to: 'https://{Settings:Host}/loyalty' },
  ],
  // Structure
  ['namespace', 'another namespace', { from: 'cpim/schemas/2013/06', to: 'cpim/schemas/2014/07' }],
  [
    'unknown-element',
    'a misspelled element',
    {
      from: '<DisplayName>Loyalty number</DisplayName>',
      to: '<DisplayNam>Loyalty number</DisplayNam>',
    },
  ],
  [
    'misplaced-element',
    'a profile outside its list',
    {
      from: NEW_TRANSFORMATION,
      to: `  <ClaimsProvider>\n<DisplayName>Lost</DisplayName>\n<TechnicalProfiles />\n</ClaimsProvider>\n${NEW_TRANSFORMATION}`,
    },
  ],
  [
    'element-order',
    'the data type before the name',
    {
      from: '<DisplayName>Loyalty number</DisplayName>\n        <DataType>string</DataType>',
      to: '<DataType>string</DataType>\n        <DisplayName>Loyalty number</DisplayName>',
      at: '<DisplayName>Loyalty',
    },
  ],
  [
    'element-repeated',
    'a second name',
    {
      from: '<DisplayName>Loyalty number</DisplayName>',
      to: '<DisplayName>Loyalty number</DisplayName>\n<DisplayName>Again</DisplayName>',
      at: 'Again',
    },
  ],
  [
    'element-missing',
    'a claims provider without profiles',
    {
      from: NEW_TRANSFORMATION,
      to: '  <ClaimsProviders>\n<ClaimsProvider><DisplayName>Empty</DisplayName></ClaimsProvider>\n    <ClaimsProvider>\n      <DisplayName>Additions',
      at: 'Empty',
    },
  ],
  [
    'unknown-attribute',
    'a misspelled attribute',
    { from: 'DisplayOption="ShowSingleProvider"', to: 'DisplayOptions="ShowSingleProvider"' },
  ],
  [
    'attribute-missing',
    'a step without a type',
    {
      from: '<OrchestrationStep Order="3" Type="ClaimsExchange">',
      to: '<OrchestrationStep Order="3">',
    },
  ],
  [
    'attribute-missing',
    'an empty id',
    { from: '<ClaimsExchange Id="ShowProfile"', to: '<ClaimsExchange Id=""' },
  ],
  [
    'value-not-allowed',
    'an unknown step type',
    {
      from: '<OrchestrationStep Order="3" Type="ClaimsExchange">',
      to: '<OrchestrationStep Order="3" Type="ClaimExchange">',
    },
  ],
  [
    'value-not-allowed',
    'an unknown data type',
    { from: '<DataType>string</DataType>', to: '<DataType>text</DataType>' },
  ],
  [
    'value-not-allowed',
    'another schema version',
    { from: 'PolicySchemaVersion="0.3.0.0"', to: 'PolicySchemaVersion="0.4.0.0"' },
  ],
  [
    'value-invalid',
    'a boolean in capitals',
    {
      from: '<OutputClaim ClaimTypeReferenceId="favorite" Required="true" />',
      to: '<OutputClaim ClaimTypeReferenceId="favorite" Required="True" />',
    },
  ],
  [
    'value-invalid',
    'an order that is no number',
    {
      from: '<OrchestrationStep Order="3" Type="ClaimsExchange">',
      to: '<OrchestrationStep Order="three" Type="ClaimsExchange">',
    },
  ],
  [
    'text-not-allowed',
    'the end of a comment',
    {
      from: '<OutputClaim ClaimTypeReferenceId="favorite" Required="true" />',
      to: '-->\n<OutputClaim ClaimTypeReferenceId="favorite" Required="true" />',
      at: '-->',
    },
  ],
  [
    'white-space',
    'white space in an empty element',
    {
      from: '<ClaimsExchange Id="ShowProfile" TechnicalProfileReferenceId="Form-Profile" />',
      to: '<ClaimsExchange Id="ShowProfile" TechnicalProfileReferenceId="Form-Profile">\n</ClaimsExchange>',
      at: 'Id="ShowProfile"',
    },
  ],
  [
    'duplicate-id',
    'two claim types',
    {
      from: '<ClaimType Id="favorite">',
      to: '<ClaimType Id="extension_Loyalty" />\n<ClaimType Id="favorite">',
    },
  ],
  [
    'duplicate-id',
    'two steps of one order',
    {
      from: '<OrchestrationStep Order="3" Type="ClaimsExchange">',
      to: '<OrchestrationStep Order="2" Type="ClaimsExchange"><!-- 3 -->',
    },
  ],
  ['duplicate-item', 'two metadata items', metadata('<Item Key="sendclaimsin">Form</Item>')],
  // Files and chains
  [
    'policy-id-prefix',
    'an id without prefix',
    { file: 'edit-profile', from: 'PolicyId="B2C_1A_EditProfile"', to: 'PolicyId="EditProfile"' },
  ],
  [
    'policy-id-taken',
    'the id of another file',
    {
      file: 'sign-up-or-sign-in',
      from: 'PolicyId="B2C_1A_SignUpOrSignIn"',
      to: 'PolicyId="b2c_1a_editprofile"',
      at: '<TrustFrameworkPolicy',
    },
  ],
  [
    'recorder-endpoint',
    'an unknown recorder',
    {
      file: 'edit-profile',
      from: 'TenantId="shop',
      to: 'DeploymentMode="Development" UserJourneyRecorderEndpoint="https://log.example" TenantId="shop',
      at: 'UserJourneyRecorderEndpoint',
    },
  ],
  [
    'recorder-endpoint',
    'a recorder in production',
    {
      file: 'edit-profile',
      from: 'TenantId="shop',
      to: 'UserJourneyRecorderEndpoint="urn:journeyrecorder:applicationinsights" TenantId="shop',
      at: 'UserJourneyRecorderEndpoint',
    },
  ],
  [
    'base-policy-missing',
    'a base that is nowhere',
    { from: '<PolicyId>B2C_1A_Base</PolicyId>', to: '<PolicyId>B2C_1A_Bose</PolicyId>' },
  ],
  [
    'base-policy-loop',
    'a base that is its own',
    { from: '<PolicyId>B2C_1A_Base</PolicyId>', to: '<PolicyId>B2C_1A_Extensions</PolicyId>' },
  ],
  [
    'tenant-mismatch',
    'another tenant',
    { file: 'edit-profile', from: '<TenantId>shop.', to: '<TenantId>store.' },
  ],
  // References
  [
    'unknown-claim-type',
    'a misspelled claim',
    profileClaim('<OutputClaim ClaimTypeReferenceId="favourite" />'),
  ],
  [
    'unknown-claim-type',
    'a claim with a blank behind it',
    profileClaim('<OutputClaim ClaimTypeReferenceId="email " />'),
  ],
  [
    'unknown-claim-type',
    'the claim of a precondition',
    {
      file: 'base',
      from: '<Value>authenticationSource</Value>',
      to: '<Value>authenticationsSource</Value>',
    },
  ],
  [
    'unknown-predicate',
    'a predicate',
    {
      file: 'base',
      from: '<PredicateReference Id="hasDigit" />',
      to: '<PredicateReference Id="hasDigits" />',
    },
  ],
  [
    'unknown-input-validation',
    'an input validation',
    {
      from: '<UserInputType>TextBox</UserInputType>',
      to: '<UserInputType>TextBox</UserInputType>\n<InputValidationReference Id="old" />',
      at: 'InputValidationReference',
    },
  ],
  [
    'unknown-predicate-validation',
    'a predicate validation',
    {
      file: 'base',
      from: '<PredicateValidationReference Id="strongPassword" />',
      to: '<PredicateValidationReference Id="strongPasswords" />',
    },
  ],
  [
    'unknown-claims-transformation',
    'a transformation',
    {
      file: 'base',
      from: '<OutputClaimsTransformation ReferenceId="AssertFresh" />',
      to: '<OutputClaimsTransformation ReferenceId="AssertFrsh" />',
    },
  ],
  [
    'unknown-client-definition',
    'a client definition',
    {
      file: 'base',
      from: '<ClientDefinition ReferenceId="Web" />',
      to: '<ClientDefinition ReferenceId="Native" />',
    },
  ],
  [
    'unknown-content-definition',
    'the page of a profile',
    {
      from: '          <Metadata>\n            <Item Key="ContentDefinitionReferenceId">page.form</Item>\n          </Metadata>\n          <OutputClaims>',
      to: '          <Metadata>\n            <Item Key="ContentDefinitionReferenceId">page.from</Item>\n          </Metadata>\n          <OutputClaims>',
      at: 'page.from',
    },
  ],
  [
    'unknown-content-definition',
    'the page of a step',
    {
      file: 'base',
      from: 'ContentDefinitionReferenceId="page.signin"',
      to: 'ContentDefinitionReferenceId="page.sign"',
    },
  ],
  [
    'unknown-localized-resources',
    'the texts of a language',
    {
      file: 'base',
      from: 'LocalizedResourcesReferenceId="form.de"',
      to: 'LocalizedResourcesReferenceId="form.fr"',
    },
  ],
  [
    'unknown-display-control',
    'a display control',
    {
      file: 'base',
      from: '<DisplayClaim DisplayControlReferenceId="proveEmail" />',
      to: '<DisplayClaim DisplayControlReferenceId="proveMail" />',
    },
  ],
  [
    'unknown-technical-profile',
    'the profile of an exchange',
    {
      from: 'TechnicalProfileReferenceId="Form-Profile"',
      to: 'TechnicalProfileReferenceId="Form-Profil"',
    },
  ],
  [
    'unknown-technical-profile',
    'an included profile',
    {
      from: '<IncludeTechnicalProfile ReferenceId="Form-SignIn" />',
      to: '<IncludeTechnicalProfile ReferenceId="Form-Signup2" />',
    },
  ],
  [
    'unknown-user-journey',
    'the journey of a relying party',
    {
      file: 'edit-profile',
      from: '<DefaultUserJourney ReferenceId="EditProfile" />',
      to: '<DefaultUserJourney ReferenceId="ProfileEdit" />',
    },
  ],
  [
    'unknown-sub-journey',
    'a sub journey',
    {
      file: 'base',
      from: 'SubJourneyReferenceId="Welcome"',
      to: 'SubJourneyReferenceId="Goodbye"',
    },
  ],
  [
    'include-loop',
    'a profile that includes itself',
    {
      file: 'base',
      from: '          <IncludeInSso>false</IncludeInSso>\n',
      to: '          <IncludeInSso>false</IncludeInSso>\n<IncludeTechnicalProfile ReferenceId="Directory-Read" />\n',
      at: '<IncludeTechnicalProfile ReferenceId="Directory-Read" />',
    },
  ],
  // Claims
  [
    'claim-type-without-data-type',
    'a claim type',
    { from: '        <DataType>string</DataType>\n', to: '', at: 'Id="extension_loyalty">' },
  ],
  [
    'input-type',
    'a date in a text box',
    {
      from: '<DataType>string</DataType>',
      to: '<DataType>date</DataType>',
      at: '<UserInputType>TextBox',
    },
  ],
  [
    'options-missing',
    'a choice of nothing',
    {
      from: '<UserInputType>TextBox</UserInputType>',
      to: '<UserInputType>RadioSingleSelect</UserInputType>',
    },
  ],
  [
    'pattern-invalid',
    'an open group',
    { file: 'base', from: '^[^@ ]+@[^@ ]+$', to: '^([^@ ]+@[^@ ]+$' },
  ],
  [
    'predicate-parameter',
    'a missing parameter',
    {
      file: 'base',
      from: '          <Parameter Id="Maximum">64</Parameter>\n',
      to: '',
      at: 'Id="longEnough" Method',
    },
  ],
  [
    'predicate-parameter',
    'a length in words',
    {
      file: 'base',
      from: '<Parameter Id="Maximum">64<',
      to: '<Parameter Id="Maximum">many<',
      at: 'Id="longEnough" Method',
    },
  ],
  [
    'match-at-least',
    'more than there are',
    { file: 'base', from: 'MatchAtLeast="2"', to: 'MatchAtLeast="3"' },
  ],
  // Claims transformations
  [
    'unknown-transformation-method',
    'a misspelled method',
    {
      file: 'base',
      from: 'TransformationMethod="CreateRandomString"',
      to: 'TransformationMethod="CreateRandomStrings"',
    },
  ],
  [
    'transformation-input-missing',
    'one of two inputs',
    transformation(
      'CompareClaims',
      [
        inputs(input('email', 'inputClaim1')),
        parameters(parameter('operator', 'string', 'EQUAL')),
        outputs(output('newUser', 'outputClaim')),
      ].join('\n'),
      'Id="Planted"',
    ),
  ],
  [
    'transformation-input-unknown',
    'a misspelled input',
    transformation(
      'ParseDomain',
      [inputs(input('email', 'emailAdress')), outputs(output('greeting', 'domain'))].join('\n'),
      'emailAdress',
    ),
  ],
  [
    'transformation-parameter-missing',
    'a missing parameter',
    transformation(
      'CreateStringClaim',
      outputs(output('greeting', 'createdClaim')),
      'Id="Planted"',
    ),
  ],
  [
    'transformation-parameter-unknown',
    'a parameter of another method',
    transformation(
      'CreateStringClaim',
      [
        parameters(parameter('value', 'string', 'x'), parameter('stringFormat', 'string', 'y')),
        outputs(output('greeting', 'createdClaim')),
      ].join('\n'),
      'stringFormat',
    ),
  ],
  [
    'transformation-parameter-value',
    'an unknown operator',
    transformation(
      'ChangeCase',
      [
        inputs(input('email', 'inputClaim1')),
        parameters(parameter('toCase', 'string', 'SMALL')),
        outputs(output('greeting', 'outputClaim')),
      ].join('\n'),
      'SMALL',
    ),
  ],
  [
    'transformation-output-missing',
    'a missing output',
    transformation('ParseDomain', inputs(input('email', 'emailAddress')), 'Id="Planted"'),
  ],
  [
    'transformation-output-unknown',
    'a misspelled output',
    transformation(
      'ParseDomain',
      [inputs(input('email', 'emailAddress')), outputs(output('greeting', 'domains'))].join('\n'),
      '"domains"',
    ),
  ],
  [
    'transformation-data-type',
    'a text for a boolean',
    transformation(
      'NotClaims',
      [inputs(input('email', 'inputClaim')), outputs(output('newUser', 'outputClaim'))].join('\n'),
      'inputClaim"',
    ),
  ],
  [
    'transformation-data-type',
    'a boolean output for a text',
    transformation(
      'ParseDomain',
      [inputs(input('email', 'emailAddress')), outputs(output('newUser', 'domain'))].join('\n'),
      '"domain"',
    ),
  ],
  [
    'transformation-data-type',
    'a parameter of another type',
    transformation(
      'CreateStringClaim',
      [
        parameters(parameter('value', 'boolean', 'true')),
        outputs(output('greeting', 'createdClaim')),
      ].join('\n'),
      'Id="value"',
    ),
  ],
  [
    'transformation-unused',
    'a transformation without a user',
    transformation(
      'GetCurrentDateTime',
      outputs(output('issuedOn', 'currentDateTime')),
      'Id="Planted"',
    ),
  ],
  // Pages and languages
  [
    'content-definition-incomplete',
    'a page without DataUri',
    {
      file: 'base',
      from: '        <DataUri>urn:com:microsoft:aad:b2c:elements:contract:unifiedssp:2.1.5</DataUri>\n',
      to: '',
      at: 'Id="page.signin"',
    },
  ],
  [
    'load-uri',
    'a page over http',
    {
      file: 'base',
      from: 'https://pages.example.com/form.html',
      to: 'http://pages.example.com/form.html',
    },
  ],
  [
    'data-uri',
    'an unknown page layout',
    { file: 'base', from: 'contract:unifiedssp:2.1.5', to: 'contract:unified:2.1.5' },
  ],
  [
    'recovery-uri',
    'another recovery page',
    {
      file: 'base',
      from: '<RecoveryUri>~/common/default_page_error.html</RecoveryUri>\n        <DataUri>urn:com:microsoft:aad:b2c:elements:contract:unifiedssp',
      to: '<RecoveryUri>~/error.html</RecoveryUri>\n        <DataUri>urn:com:microsoft:aad:b2c:elements:contract:unifiedssp',
      at: 'Id="page.signin"',
    },
  ],
  [
    'page-layout-old',
    'a control on an old page',
    { file: 'base', from: 'contract:selfasserted:2.1.7', to: 'contract:selfasserted:2.0.0' },
  ],
  [
    'script-without-contract',
    'a page without contract',
    { file: 'base', from: 'elements:contract:unifiedssp', to: 'elements:unifiedssp' },
  ],
  [
    'default-language',
    'a default that is not supported',
    {
      file: 'base',
      from: 'DefaultLanguage="en"',
      to: 'DefaultLanguage="fr"',
      at: '<SupportedLanguage>en',
    },
  ],
  [
    'language-not-supported',
    'texts in another language',
    {
      file: 'base',
      from: '<LocalizedResourcesReference Language="de"',
      to: '<LocalizedResourcesReference Language="fr"',
      at: 'Id="page.form"',
    },
  ],
  [
    'language-without-texts',
    'a language without texts',
    {
      file: 'base',
      from: '<SupportedLanguage>de</SupportedLanguage>',
      to: '<SupportedLanguage>de</SupportedLanguage>\n<SupportedLanguage>fr</SupportedLanguage>',
      at: 'Id="page.form"',
    },
  ],
  [
    'localized-element-type',
    'an unknown element type',
    {
      file: 'base',
      from: 'ElementType="ClaimType" ElementId="email" StringId="DisplayName">Email address',
      to: 'ElementType="ClaimTypes" ElementId="email" StringId="DisplayName">Email address',
    },
  ],
  [
    'localized-element-unknown',
    'the text of no claim',
    {
      file: 'base',
      from: 'ElementId="email" StringId="DisplayName">Email address',
      to: 'ElementId="mail" StringId="DisplayName">Email address',
    },
  ],
  [
    'localized-string-missing',
    'a text in one language only',
    {
      file: 'base',
      from: 'StringId="hello">Hallo',
      to: 'StringId="hallo">Hallo',
      at: 'Id="Greet" TransformationMethod',
    },
  ],
  [
    'localization-without-page',
    'a greeting without a page',
    {
      file: 'base',
      from: '          <Metadata>\n            <Item Key="ContentDefinitionReferenceId">page.form</Item>\n          </Metadata>\n          <OutputClaims>\n            <OutputClaim ClaimTypeReferenceId="greeting" />',
      to: '          <OutputClaims>\n            <OutputClaim ClaimTypeReferenceId="greeting" />',
      at: 'TechnicalProfile Id="Greeting"',
    },
  ],
  [
    'control-claim-type',
    'an unknown role',
    {
      file: 'base',
      from: 'ClaimTypeReferenceId="email" Required="true" />\n          <DisplayClaim',
      to: 'ClaimTypeReferenceId="email" ControlClaimType="Mail" Required="true" />\n          <DisplayClaim',
      at: 'ControlClaimType="Mail"',
    },
  ],
  [
    'verification-incomplete',
    'a missing action',
    {
      file: 'base',
      from: '<Action Id="VerifyCode">',
      to: '<Action Id="Verify">',
      at: 'Id="proveEmail" UserInterface',
    },
  ],
  // Technical profiles
  [
    'protocol-missing',
    'a profile without protocol',
    {
      from: '          <IncludeTechnicalProfile ReferenceId="Form-SignIn" />\n',
      to: '',
      at: 'Id="Form-SignIn-Page"',
    },
  ],
  [
    'handler-missing',
    'Proprietary alone',
    {
      from: `<TechnicalProfile Id="Form-Profile">\n          <DisplayName>Profile</DisplayName>\n          <Protocol Name="Proprietary" Handler="${SELF_ASSERTED}, Version=1.0.0.0, Culture=neutral, PublicKeyToken=null" />`,
      to: '<TechnicalProfile Id="Form-Profile">\n          <DisplayName>Profile</DisplayName>\n          <Protocol Name="Proprietary" />',
      at: '<Protocol Name="Proprietary" />',
    },
  ],
  [
    'handler-needless',
    'a handler of OAuth2',
    handler('<Protocol Name="OAuth2" />', '<Protocol Name="OAuth2" Handler="x" />', 'Handler="x"'),
  ],
  [
    'unknown-handler',
    'a misspelled handler',
    handler(
      'Web.TPEngine.SSO.OAuthSSOSessionProvider',
      'Web.TPEngine.SSO.OAuthSSOSessionProviders',
      'OAuthSSOSessionProviders',
    ),
  ],
  [
    'metadata-missing',
    'a missing client id',
    {
      from: '            <Item Key="client_id">shop-at-social</Item>\n',
      to: '',
      at: 'TechnicalProfile Id="Social-OAuth2"',
    },
  ],
  [
    'metadata-missing',
    'an empty client id',
    { from: '<Item Key="client_id">shop-at-social</Item>', to: '<Item Key="client_id" />' },
  ],
  [
    'metadata-missing',
    'a page that is not named',
    {
      from: '          <Metadata>\n            <Item Key="ContentDefinitionReferenceId">page.form</Item>\n          </Metadata>\n          <OutputClaims>',
      to: '          <OutputClaims>',
      at: 'Id="Form-Profile"',
    },
  ],
  [
    'metadata-value',
    'an unknown operation',
    {
      file: 'base',
      from: '<Item Key="Operation">VerifyCode</Item>',
      to: '<Item Key="Operation">CheckCode</Item>',
    },
  ],
  ['unknown-metadata', 'a misspelled key', metadata('<Item Key="DebugModus">true</Item>')],
  [
    'value-range',
    'a code that lasts too long',
    {
      file: 'base',
      from: '<Item Key="CodeExpirationInSeconds">600</Item>',
      to: '<Item Key="CodeExpirationInSeconds">3600</Item>',
    },
  ],
  [
    'value-range',
    'a session of a minute',
    {
      file: 'sign-up-or-sign-in',
      from: '<SessionExpiryInSeconds>3600<',
      to: '<SessionExpiryInSeconds>60<',
    },
  ],
  [
    'value-range',
    'a year of keeping signed in',
    { file: 'sign-up-or-sign-in', from: 'KeepAliveInDays="30"', to: 'KeepAliveInDays="365"' },
  ],
  [
    'key-missing',
    'a missing password',
    {
      from: '            <Key Id="BasicAuthenticationPassword" StorageReferenceId="B2C_1A_LoyaltyPassword" />\n',
      to: '',
      at: 'Id="Loyalty-Call"',
    },
  ],
  [
    'key-without-name',
    'a key without a name',
    { from: 'StorageReferenceId="B2C_1A_LoyaltyPassword"', to: 'StorageReferenceId=""' },
  ],
  [
    'secret-in-plain-text',
    'a secret in metadata',
    metadata('<Item Key="client_secret">hunter2hunter2</Item>'),
  ],
  [
    'secret-in-plain-text',
    'a key in a URL',
    {
      from: 'https://api.example.com/loyalty',
      to: 'https://api.example.com/loyalty?code=abcdefgh12345678',
    },
  ],
  [
    'secret-in-plain-text',
    'a key as a default value',
    {
      from: '<InputClaim ClaimTypeReferenceId="objectId" Required="true" />',
      to: '<InputClaim ClaimTypeReferenceId="objectId" Required="true" />\n<InputClaim ClaimTypeReferenceId="apiKey" DefaultValue="abcdef" />',
      at: 'apiKey',
    },
  ],
  [
    'rest-without-authentication',
    'None in production',
    {
      from: '<Item Key="AuthenticationType">Basic</Item>',
      to: '<Item Key="AuthenticationType">None</Item>',
    },
  ],
  [
    'rest-without-tls',
    'plain HTTP',
    { from: 'https://api.example.com/loyalty', to: 'http://api.example.com/loyalty' },
  ],
  [
    'extension-attribute',
    'no application for extensions',
    {
      from: '            <Item Key="ApplicationObjectId">extensions-app-object</Item>\n',
      to: '',
      at: '            <OutputClaim ClaimTypeReferenceId="extension_loyalty" />',
    },
  ],
  [
    'directory-key',
    'two keys',
    {
      file: 'base',
      from: '<InputClaim ClaimTypeReferenceId="alternativeSecurityId" Required="true" />',
      to: '<InputClaim ClaimTypeReferenceId="alternativeSecurityId" Required="true" />\n<InputClaim ClaimTypeReferenceId="displayName" />',
      at: '<InputClaim ClaimTypeReferenceId="displayName" />',
    },
  ],
  [
    'directory-key-not-persisted',
    'a key that is not written',
    {
      file: 'base',
      from: '            <PersistedClaim ClaimTypeReferenceId="email" PartnerClaimType="signInNames.emailAddress" />\n',
      to: '',
      at: 'TechnicalProfile Id="Directory-Create"',
    },
  ],
  [
    'output-claim-missing',
    'a greeting without output',
    {
      file: 'base',
      from: '          <OutputClaims>\n            <OutputClaim ClaimTypeReferenceId="greeting" />\n          </OutputClaims>\n',
      to: '',
      at: 'TechnicalProfile Id="Greeting"',
    },
  ],
  [
    'handler-claim-missing',
    'a code that is not checked',
    {
      file: 'base',
      from: 'PartnerClaimType="otpToVerify"',
      to: 'PartnerClaimType="otp"',
      at: 'TechnicalProfile Id="Code-Check"',
    },
  ],
  [
    'persisted-claims-unused',
    'a page that persists',
    {
      from: '          <OutputClaims>\n            <OutputClaim ClaimTypeReferenceId="favorite" Required="true" />',
      to: '          <PersistedClaims>\n<PersistedClaim ClaimTypeReferenceId="email" />\n</PersistedClaims>\n          <OutputClaims>\n            <OutputClaim ClaimTypeReferenceId="favorite" Required="true" />',
      at: '<PersistedClaim ClaimTypeReferenceId="email" />',
    },
  ],
  [
    'field-without-input-type',
    'a field that no page can show',
    {
      file: 'base',
      from: '<DisplayClaim ClaimTypeReferenceId="displayName" />',
      to: '<DisplayClaim ClaimTypeReferenceId="upnUserName" />',
    },
  ],
  [
    'validation-not-run',
    'a service with validation',
    {
      from: '          <UseTechnicalProfileForSessionManagement ReferenceId="Session-None" />\n        </TechnicalProfile>\n        <TechnicalProfile Id="Form-Profile">',
      to: '          <ValidationTechnicalProfiles>\n<ValidationTechnicalProfile ReferenceId="Directory-Read" />\n</ValidationTechnicalProfiles>\n          <UseTechnicalProfileForSessionManagement ReferenceId="Session-None" />\n        </TechnicalProfile>\n        <TechnicalProfile Id="Form-Profile">',
      at: 'Id="Loyalty-Call"',
    },
  ],
  [
    'validation-loop',
    'a page that validates itself',
    {
      from: '<ValidationTechnicalProfile ReferenceId="Loyalty-Call" />',
      to: '<ValidationTechnicalProfile ReferenceId="Form-Profile" />',
    },
  ],
  [
    'session-provider-kind',
    'a directory as session',
    {
      file: 'base',
      from: '<UseTechnicalProfileForSessionManagement ReferenceId="Session-Social" />',
      to: '<UseTechnicalProfileForSessionManagement ReferenceId="Directory-Read" />',
      at: 'TechnicalProfile Id="Social-OAuth2"',
      in: 'extensions',
    },
  ],
  [
    'session-provider-missing',
    'a page without session',
    {
      from: '          <UseTechnicalProfileForSessionManagement ReferenceId="Session-None" />\n        </TechnicalProfile>\n      </TechnicalProfiles>',
      to: '        </TechnicalProfile>\n      </TechnicalProfiles>',
      at: 'Id="Form-Profile"',
    },
  ],
  [
    'enabled-without-claim',
    'a filter without its claim',
    {
      from: '          <IncludeTechnicalProfile ReferenceId="Form-SignIn" />\n',
      to: '          <IncludeTechnicalProfile ReferenceId="Form-SignIn" />\n<EnabledForUserJourneys>OnClaimsExistence</EnabledForUserJourneys>\n',
      at: '<EnabledForUserJourneys>',
    },
  ],
  [
    'not-supported-here',
    'SAML',
    {
      from: '<TechnicalProfile Id="Loyalty-Call">\n          <DisplayName>Loyalty service</DisplayName>\n          <Protocol Name="Proprietary" Handler="Web.TPEngine.Providers.RestfulProvider, Web.TPEngine, Version=1.0.0.0, Culture=neutral, PublicKeyToken=null" />',
      to: '<TechnicalProfile Id="Loyalty-Call">\n          <DisplayName>Loyalty service</DisplayName>\n          <Protocol Name="SAML2" />',
    },
  ],
  // Journeys
  [
    'step-order',
    'a gap',
    {
      from: '<OrchestrationStep Order="4" Type="SendClaims"',
      to: '<OrchestrationStep Order="5" Type="SendClaims"',
    },
  ],
  [
    'step-incomplete',
    'a step without exchanges',
    step('<OrchestrationStep Order="4" Type="ClaimsExchange" />', 'Order="4"'),
  ],
  [
    'selection-attributes',
    'a selection of nothing',
    {
      from: '<ClaimsProviderSelection TargetClaimsExchangeId="LocalForProfile" />',
      to: '<ClaimsProviderSelection TargetClaimsExchangeId="LocalForProfile" />\n<ClaimsProviderSelection />',
      at: '<ClaimsProviderSelection />',
    },
  ],
  [
    'selection-target',
    'a button that leads nowhere',
    {
      from: '<ClaimsProviderSelection TargetClaimsExchangeId="LocalForProfile" />',
      to: '<ClaimsProviderSelection TargetClaimsExchangeId="LocalForProfil" />',
    },
  ],
  [
    'selection-validation',
    'a form of another step',
    {
      file: 'base',
      from: 'ValidationClaimsExchangeId="SignInExchange"',
      to: 'ValidationClaimsExchangeId="SignUpExchange"',
    },
  ],
  [
    'selection-missing',
    'two exchanges without a choice',
    step(
      '<OrchestrationStep Order="4" Type="ClaimsExchange"><ClaimsExchanges>\n<ClaimsExchange Id="One" TechnicalProfileReferenceId="Form-Profile" />\n<ClaimsExchange Id="Two" TechnicalProfileReferenceId="Form-Profile" />\n</ClaimsExchanges></OrchestrationStep>',
      'Order="4"',
    ),
  ],
  [
    'exchange-unreachable',
    'an exchange without a button',
    {
      from: '            <ClaimsProviderSelection TargetClaimsExchangeId="LocalForProfile" />\n',
      to: '',
      at: '<ClaimsExchange Id="LocalForProfile"',
    },
  ],
  [
    'duplicate-exchange',
    'two exchanges of one id',
    step(
      '<OrchestrationStep Order="4" Type="ClaimsExchange"><ClaimsExchanges>\n<ClaimsExchange Id="showprofile" TechnicalProfileReferenceId="Form-Profile" />\n</ClaimsExchanges></OrchestrationStep>',
      'Id="showprofile"',
    ),
  ],
  [
    'precondition-values',
    'a comparison with nothing',
    {
      file: 'base',
      from: '              <Value>local</Value>\n',
      to: '',
      at: 'Type="ClaimEquals"',
    },
  ],
  [
    'precondition-action',
    'the action of a validation profile',
    {
      file: 'base',
      from: '<Value>local</Value>\n              <Action>SkipThisOrchestrationStep</Action>',
      to: '<Value>local</Value>\n<Action>SkipThisValidationTechnicalProfile</Action><!-- here -->',
      at: '<!-- here -->',
    },
  ],
  [
    'issuer',
    'a page as issuer',
    {
      from: 'CpimIssuerTechnicalProfileReferenceId="JwtIssuer"',
      to: 'CpimIssuerTechnicalProfileReferenceId="Form-Profile"',
    },
  ],
  [
    'default-issuer-missing',
    'two issuers',
    step(
      '<OrchestrationStep Order="4" Type="SendClaims" CpimIssuerTechnicalProfileReferenceId="JwtIssuer"><Preconditions><Precondition Type="ClaimsExist" ExecuteActionsIf="true"><Value>favorite</Value><Action>SkipThisOrchestrationStep</Action></Precondition></Preconditions></OrchestrationStep>',
      '<UserJourney Id="EditProfile">',
    ),
  ],
  [
    'journey-without-send-claims',
    'a journey without an end',
    {
      from: '        <OrchestrationStep Order="4" Type="SendClaims" CpimIssuerTechnicalProfileReferenceId="JwtIssuer" />\n',
      to: '',
      at: '<UserJourney Id="EditProfile">',
    },
  ],
  [
    'step-unreachable',
    'a step behind the end',
    step(
      '<OrchestrationStep Order="4" Type="SendClaims" CpimIssuerTechnicalProfileReferenceId="JwtIssuer" />',
      'Order="5"',
    ),
  ],
  [
    'sub-journey-nested',
    'a sub journey in a sub journey',
    {
      file: 'base',
      from: '<OrchestrationStep Order="2" Type="ClaimsExchange">\n          <ClaimsExchanges>\n            <ClaimsExchange Id="Greet"',
      to: '<OrchestrationStep Order="2" Type="InvokeSubJourney">\n          <JourneyList><Candidate SubJourneyReferenceId="Welcome" /></JourneyList>\n        </OrchestrationStep>\n        <OrchestrationStep Order="3" Type="ClaimsExchange">\n          <ClaimsExchanges>\n            <ClaimsExchange Id="Greet"',
      at: 'Order="2" Type="InvokeSubJourney"',
    },
  ],
  [
    'input-claim-never-set',
    'a key that nothing gives',
    {
      file: 'base',
      from: '<InputClaim ClaimTypeReferenceId="alternativeSecurityId" Required="true" />',
      to: '<InputClaim ClaimTypeReferenceId="validFrom" Required="true" />',
    },
  ],
  [
    'claim-never-set',
    'a precondition on nothing',
    {
      file: 'base',
      from: '<Precondition Type="ClaimsExist" ExecuteActionsIf="true">\n              <Value>objectId',
      to: '<Precondition Type="ClaimsExist" ExecuteActionsIf="true"><!-- here -->\n<Value>validFrom',
      at: '<!-- here -->',
    },
  ],
  // Relying party
  [
    'relying-party-incomplete',
    'no journey',
    {
      file: 'edit-profile',
      from: '    <DefaultUserJourney ReferenceId="EditProfile" />\n',
      to: '',
      at: '<RelyingParty>',
    },
  ],
  [
    'relying-party-profile',
    'another id',
    { file: 'edit-profile', from: 'Id="PolicyProfile"', to: 'Id="MyProfile"' },
  ],
  [
    'relying-party-protocol',
    'another protocol',
    {
      file: 'edit-profile',
      from: '<Protocol Name="OpenIdConnect" />',
      to: '<Protocol Name="OAuth2" />',
    },
  ],
  [
    'token-claim-never-set',
    'a claim from nowhere',
    {
      file: 'edit-profile',
      from: '<OutputClaim ClaimTypeReferenceId="displayName" />',
      to: '<OutputClaim ClaimTypeReferenceId="greeting" />',
    },
  ],
  [
    'token-claim-twice',
    'one name for two',
    {
      file: 'sign-up-or-sign-in',
      from: '<OutputClaim ClaimTypeReferenceId="email" />',
      to: '<OutputClaim ClaimTypeReferenceId="email" PartnerClaimType="loyalty" />',
      at: 'ClaimTypeReferenceId="extension_loyalty"',
    },
  ],
  [
    'subject-missing',
    'no subject',
    {
      file: 'edit-profile',
      from: '      <SubjectNamingInfo ClaimType="sub" />\n',
      to: '',
      at: 'Id="PolicyProfile"',
    },
  ],
  [
    'subject-unknown',
    'a subject that is no claim',
    {
      file: 'edit-profile',
      from: '<SubjectNamingInfo ClaimType="sub" />',
      to: '<SubjectNamingInfo ClaimType="subject" />',
    },
  ],
];
