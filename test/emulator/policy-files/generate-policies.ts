import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const HEAD =
  'xmlns="http://schemas.microsoft.com/online/cpim/schemas/2013/06" PolicySchemaVersion="0.3.0.0" TenantId="shop.onmicrosoft.com"';
const HANDLER =
  'Web.TPEngine.Providers.SelfAssertedAttributeProvider, Web.TPEngine, Version=1.0.0.0, Culture=neutral, PublicKeyToken=null';

/** Files of a chain: a base, extensions, more extensions, and a relying party. */
const CHAIN = 4;

/**
 * Writes policy files of about `bytes` each, in chains of four, in one folder per chain. Each file adds
 * claims, profiles that use them and a journey. Returns how many bytes there are.
 */
export function generatePolicies(
  folder: string,
  { files, bytes }: { files: number; bytes: number },
): number {
  let written = 0;
  for (let number = 0; number < files; number += 1) {
    const chain = path.join(folder, `chain-${Math.floor(number / CHAIN)}`);
    mkdirSync(chain, { recursive: true });
    const text = policyText(number, bytes);
    writeFileSync(path.join(chain, `policy-${number}.xml`), text);
    written += Buffer.byteLength(text);
  }
  return written;
}

function policyText(number: number, bytes: number): string {
  const isBase = number % CHAIN === 0;
  const isLast = number % CHAIN === CHAIN - 1;
  const base = isBase
    ? ''
    : `<BasePolicy><TenantId>shop.onmicrosoft.com</TenantId><PolicyId>B2C_1A_P${number - 1}</PolicyId></BasePolicy>`;
  // A claim with its profile has about 690 characters.
  const count = Math.max(1, Math.floor((bytes - 1000) / 690));
  const numbers = Array.from({ length: count }, (_, index) => `${number}_${index}`);
  const journey = isLast
    ? `<RelyingParty><DefaultUserJourney ReferenceId="J${number}" /><TechnicalProfile Id="PolicyProfile"><Protocol Name="OpenIdConnect" /><OutputClaims><OutputClaim ClaimTypeReferenceId="c${numbers[0]}" PartnerClaimType="sub" /></OutputClaims><SubjectNamingInfo ClaimType="sub" /></TechnicalProfile></RelyingParty>`
    : '';
  return `<?xml version="1.0" encoding="utf-8"?>
<TrustFrameworkPolicy ${HEAD} PolicyId="B2C_1A_P${number}" PublicPolicyUri="http://shop.onmicrosoft.com/P${number}">
${base}
<BuildingBlocks>
<ClaimsSchema>
${numbers.map(claimText).join('\n')}
</ClaimsSchema>
${isBase ? PAGE : ''}
</BuildingBlocks>
<ClaimsProviders>
<ClaimsProvider>
<DisplayName>Generated</DisplayName>
<TechnicalProfiles>
${isBase ? COMMON : ''}
${numbers.map(profileText).join('\n')}
</TechnicalProfiles>
</ClaimsProvider>
</ClaimsProviders>
<UserJourneys>
<UserJourney Id="J${number}">
<OrchestrationSteps>
${numbers.map(stepText).join('\n')}
<OrchestrationStep Order="${count + 1}" Type="SendClaims" CpimIssuerTechnicalProfileReferenceId="JwtIssuer" />
</OrchestrationSteps>
</UserJourney>
</UserJourneys>
${journey}
</TrustFrameworkPolicy>
`;
}

const PAGE = `<ContentDefinitions>
<ContentDefinition Id="page">
<LoadUri>~/tenant/templates/AzureBlue/selfAsserted.cshtml</LoadUri>
<DataUri>urn:com:microsoft:aad:b2c:elements:contract:selfasserted:2.1.7</DataUri>
</ContentDefinition>
</ContentDefinitions>`;

const COMMON = `<TechnicalProfile Id="Session"><Protocol Name="Proprietary" Handler="Web.TPEngine.SSO.NoopSSOSessionProvider, Web.TPEngine" /></TechnicalProfile>
<TechnicalProfile Id="Form">
<Protocol Name="Proprietary" Handler="${HANDLER}" />
<Metadata><Item Key="ContentDefinitionReferenceId">page</Item></Metadata>
<UseTechnicalProfileForSessionManagement ReferenceId="Session" />
</TechnicalProfile>
<TechnicalProfile Id="JwtIssuer"><Protocol Name="None" /><OutputTokenFormat>JWT</OutputTokenFormat><CryptographicKeys><Key Id="issuer_secret" StorageReferenceId="B2C_1A_Key" /></CryptographicKeys></TechnicalProfile>`;

const claimText = (id: string) => `<ClaimType Id="c${id}">
<DisplayName>Claim ${id}</DisplayName>
<DataType>string</DataType>
<UserHelpText>What the user should know about the claim ${id}.</UserHelpText>
<UserInputType>TextBox</UserInputType>
</ClaimType>`;

const profileText = (id: string) => `<TechnicalProfile Id="Form-${id}">
<DisplayName>Form ${id}</DisplayName>
<OutputClaims>
<OutputClaim ClaimTypeReferenceId="c${id}" PartnerClaimType="partner-${id}" Required="true" />
</OutputClaims>
<IncludeTechnicalProfile ReferenceId="Form" />
</TechnicalProfile>`;

const stepText = (
  id: string,
  index: number,
) => `<OrchestrationStep Order="${index + 1}" Type="ClaimsExchange">
<ClaimsExchanges>
<ClaimsExchange Id="Exchange-${id}" TechnicalProfileReferenceId="Form-${id}" />
</ClaimsExchanges>
</OrchestrationStep>`;
