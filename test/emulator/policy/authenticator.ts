import {
  claims,
  exchange,
  handler,
  metadata,
  type OwnPolicy,
  page,
  SIGN_UP_OR_SIGN_IN,
  skipIf,
  validations,
} from './own-policy.js';

const transformation = (
  [id, method]: [string, string],
  inputs: Record<string, string>,
  parameters: Record<string, string>,
  [argument, output]: [string, string],
) => `<ClaimsTransformation Id="${id}" TransformationMethod="${method}">
  ${
    Object.keys(inputs).length > 0
      ? `<InputClaims>${Object.entries(inputs)
          .map(
            ([name, claim]) =>
              `<InputClaim ClaimTypeReferenceId="${claim}" TransformationClaimType="${name}" />`,
          )
          .join('')}</InputClaims>`
      : ''
  }
  ${
    Object.keys(parameters).length > 0
      ? `<InputParameters>${Object.entries(parameters)
          .map(
            ([name, value]) => `<InputParameter Id="${name}" DataType="string" Value="${value}" />`,
          )
          .join('')}</InputParameters>`
      : ''
  }
  <OutputClaims><OutputClaim ClaimTypeReferenceId="${output}" TransformationClaimType="${argument}" /></OutputClaims>
</ClaimsTransformation>`;

const mfa = (operation: string, inputs: string, outputs = '') =>
  `<TechnicalProfile Id="${operation}"><DisplayName>${operation}</DisplayName>${handler('AzureMfaProtocolProvider')}
    ${metadata({ Operation: operation })}${inputs}${outputs}</TechnicalProfile>`;

const control = (id: string, inner = '', type = id) =>
  `<DisplayControl Id="${id}" UserInterfaceControlType="${type}">${inner}</DisplayControl>`;

const shown = (
  claim: string,
  role = '',
) => `<InputClaims><InputClaim ClaimTypeReferenceId="${claim}" /></InputClaims>
  <DisplayClaims><DisplayClaim ClaimTypeReferenceId="${claim}" ${role && `ControlClaimType="${role}"`} /></DisplayClaims>`;

const displayed = (...claimsAndControls: string[]) =>
  `<DisplayClaims>${claimsAndControls
    .map((id) =>
      id.endsWith('Control')
        ? `<DisplayClaim DisplayControlReferenceId="${id}" />`
        : `<DisplayClaim ClaimTypeReferenceId="${id}" Required="true" />`,
    )
    .join('')}</DisplayClaims>`;

/** A page with display claims in front of its output claims, as the schema orders them. */
const codePage = (id: string, before: string, display: string) =>
  page(id, ['otpCode'], validations('BeginVerifyOTP', 'VerifyOTP'), {
    UserMessageIfMaxAllowedCodeRetryReached: 'Too many codes.',
  }).replace('<OutputClaims>', `${before}${display}<OutputClaims>`);

/** Sign-in, then the code of an authenticator app, which the first sign-in sets up: as in published policies. */
export const AUTHENTICATOR: OwnPolicy = {
  claims: {
    secretKey: 'string Paragraph',
    qrCodeContent: 'string Paragraph',
    uriLabel: 'string',
    otpCode: 'string TextBox',
    numberOfAvailableDevices: 'int',
    kept: 'string',
  },
  building: `<ClaimsTransformations>
    ${transformation(['CreateSecret', 'CreateOtpSecret'], {}, {}, ['outputClaim', 'secretKey'])}
    ${transformation(['CreateUriLabel', 'FormatStringClaim'], { inputClaim: 'objectId' }, { stringFormat: 'Shop:{0}' }, ['outputClaim', 'uriLabel'])}
    ${transformation(['CreateUriString', 'BuildUri'], { path: 'uriLabel', 'query.secret': 'secretKey' }, { scheme: 'otpauth', host: 'totp', 'query.issuer': '{AuthenticatorIssuer}' }, ['outputClaim', 'qrCodeContent'])}
  </ClaimsTransformations>`,
  controls: `<DisplayControls>
    ${control('authenticatorAppIconControl', '', 'AuthenticatorAppIconControl')}
    ${control('totpQrCodeControl', shown('qrCodeContent', 'QrCodeContent'), 'QrCodeControl')}
    ${control('authenticatorInfoControl', shown('secretKey'), 'AuthenticatorInfoControl')}
  </DisplayControls>`,
  profiles: [
    mfa(
      'GetAvailableDevices',
      claims('Input', 'objectId'),
      claims('Output', 'numberOfAvailableDevices'),
    ),
    mfa('BeginVerifyOTP', claims('Input', 'secretKey', 'objectId')),
    mfa('VerifyOTP', claims('Input', 'otpCode')),
    codePage(
      'EnrolApp',
      `<InputClaimsTransformations>${['CreateSecret', 'CreateUriLabel', 'CreateUriString'].map((id) => `<InputClaimsTransformation ReferenceId="${id}" />`).join('')}</InputClaimsTransformations>${claims('Input', 'qrCodeContent', 'secretKey')}`,
      displayed(
        'authenticatorAppIconControl',
        'totpQrCodeControl',
        'authenticatorInfoControl',
        'otpCode',
      ),
    ),
    codePage('UseApp', '', displayed('otpCode')),
  ].join(''),
  steps: [
    SIGN_UP_OR_SIGN_IN,
    exchange(3, 'GetAvailableDevices'),
    exchange(4, 'EnrolApp', skipIf('ClaimEquals', ['numberOfAvailableDevices', '0'], false)),
    exchange(5, 'UseApp', skipIf('ClaimEquals', ['numberOfAvailableDevices', '0'])),
  ].join(''),
  relyingParty:
    '<UserJourneyBehaviors><SingleSignOn Scope="Tenant" KeepAliveInDays="30" /></UserJourneyBehaviors>',
  token: [
    'objectId PartnerClaimType="sub"',
    'kept DefaultValue="{Context:KMSI}" AlwaysUseDefaultValue="true"',
  ],
};
