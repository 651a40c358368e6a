import type { Origin } from '../policy/origin.ts';

/** An error is what a tenant refuses at upload; a warning hurts when the policy runs. */
export type Severity = 'error' | 'warning';

export interface Rule {
  readonly severity: Severity;
  /** One sentence for the table in docs/custom-policies.md. */
  readonly sentence: string;
  readonly fix: string;
}

/**
 * Every rule of `policies check`: `id | severity | sentence | fix`. Ids are stable, because scripts and
 * annotations name them.
 */
const ROWS = [
  // Reading
  'file-too-large | error | A policy file has more than 1024 kB. | Move a part of it to a base policy.',
  'file-encoding | error | The bytes of a file are not in the encoding that it declares. | Save the file as UTF-8.',
  'xml-not-well-formed | error | A file is not well-formed XML. | Correct the XML at this place.',
  'xml-dtd | error | A file has a document type declaration, which could define entities. | Remove the DOCTYPE.',
  'xml-too-deep | error | Elements are nested more than 64 deep. | Close the elements.',
  'setting-without-value | warning | A `{Settings:…}` placeholder has no value. | Add the name to PolicySettings in appsettings.json.',
  // Structure
  'namespace | error | The root element is not in the namespace of custom policies. | Set xmlns="http://schemas.microsoft.com/online/cpim/schemas/2013/06".',
  'unknown-element | error | There is no element of this name. | Correct the name, or remove it.',
  'misplaced-element | error | An element is in a place where it is not allowed. | Move the element to where it belongs.',
  'element-order | error | Elements are not in the order that they have to have. | Change the order.',
  'element-repeated | error | An element occurs twice where it may occur once. | Keep one of them, with the children of both.',
  'element-missing | error | A required element is missing. | Add the element.',
  'unknown-attribute | error | There is no attribute of this name. | Correct the name, or remove it.',
  'attribute-missing | error | A required attribute is missing or empty. | Add the attribute.',
  'value-not-allowed | error | A value is not one of the allowed values. | Use an allowed value.',
  'value-invalid | error | A value is not in its format. | Correct the value.',
  'text-not-allowed | error | An element has text where only elements are allowed. | Remove the text.',
  'white-space | error | An element that has to be empty has white space between its tags. | Close it in the same tag: <Name … />.',
  'duplicate-id | error | Two elements of a list have the same id. | Rename or remove one of them.',
  'duplicate-item | warning | Two items of a list have the same key, and one of them is ignored. | Remove one of them.',
  // Files and chains
  'policy-id-prefix | error | A policy id does not begin with `B2C_1A_`. | Add the prefix.',
  'policy-id-taken | error | Two files of a folder have the same policy id. | Rename one policy.',
  'recorder-endpoint | error | `UserJourneyRecorderEndpoint` has another value than the known one, or the policy is not in `Development` mode. | Use urn:journeyrecorder:applicationinsights with DeploymentMode="Development", or remove the attribute.',
  'base-policy-missing | error | The base policy is in no file of the folder. | Add its file to the folder, or correct BasePolicy/PolicyId.',
  'base-policy-loop | error | A policy inherits from itself. | Let one policy of the chain have no base.',
  'chain-too-long | error | A chain has more than 10 levels. | Merge files of the chain.',
  'tenant-mismatch | error | The tenant in `BasePolicy` is not the tenant of the base policy. | Use one tenant in all files of a chain.',
  // References
  'unknown-claim-type | error | A claim type is not declared in the chain. | Declare it in BuildingBlocks/ClaimsSchema, or correct the id.',
  'unknown-predicate | error | A predicate is not declared in the chain. | Add it to Predicates.',
  'unknown-input-validation | error | An input validation is not declared in the chain. | Add it to InputValidations.',
  'unknown-predicate-validation | error | A predicate validation is not declared in the chain. | Add it to PredicateValidations.',
  'unknown-claims-transformation | error | A claims transformation is not declared in the chain. | Add it to ClaimsTransformations, or correct the id.',
  'unknown-client-definition | error | A client definition is not declared in the chain. | Add it to ClientDefinitions, or remove the reference.',
  'unknown-content-definition | error | A content definition is not declared in the chain. | Add it to ContentDefinitions, or correct the id.',
  'unknown-localized-resources | error | A `LocalizedResources` element is not declared in the chain. | Add it to Localization, or correct the id.',
  'unknown-display-control | error | A display control is not declared in the chain. | Add it to DisplayControls, or correct the id.',
  'unknown-technical-profile | error | A technical profile is not declared in the chain. | Add it to a ClaimsProvider, or correct the id.',
  'unknown-user-journey | error | A user journey is not declared in the chain. | Add it to UserJourneys, or correct the id.',
  'unknown-sub-journey | error | A sub journey is not declared in the chain. | Add it to SubJourneys, or correct the id.',
  'include-loop | error | A technical profile includes itself, or too many others. | Remove one IncludeTechnicalProfile of the circle.',
  'references-too-deep | error | Profiles and journeys refer to each other more than 100 deep. | Shorten the chain of references.',
  // Claims
  'claim-type-without-data-type | error | A claim type has no `DataType` in any file of the chain. | Add a DataType.',
  'input-type | warning | A `UserInputType` cannot take the data type of its claim. | Use another UserInputType or DataType.',
  'options-missing | warning | A claim type to choose from has no `Enumeration`. | Add Restriction/Enumeration, or a LocalizedCollection.',
  'pattern-invalid | warning | A pattern cannot be compiled as a regular expression. | Correct the regular expression.',
  'predicate-parameter | error | A predicate lacks a parameter of its method, or has an unknown or invalid one. | Give the parameters of the method.',
  'match-at-least | warning | `MatchAtLeast` is more than the number of predicates in the group. | Lower the number, or add predicates.',
  // Claims transformations
  'unknown-transformation-method | error | There is no transformation method of this name. | Correct TransformationMethod.',
  'transformation-input-missing | error | A transformation lacks an input claim of its method. | Add an InputClaim with this TransformationClaimType.',
  'transformation-input-unknown | error | A transformation has an input claim that its method does not know. | Correct TransformationClaimType, or remove the claim.',
  'transformation-parameter-missing | error | A transformation lacks an input parameter of its method. | Add an InputParameter with this Id.',
  'transformation-parameter-unknown | error | A transformation has an input parameter that its method does not know. | Correct the Id, or remove the parameter.',
  'transformation-parameter-value | error | An input parameter has none of the values that the method knows. | Use one of the values.',
  'transformation-output-missing | error | A transformation lacks an output claim of its method. | Add an OutputClaim with this TransformationClaimType.',
  'transformation-output-unknown | error | A transformation has an output claim that its method does not know. | Correct TransformationClaimType, or remove the claim.',
  'transformation-data-type | error | A claim or parameter has a data type that the method does not take. | Use a claim of the data type, or convert it before.',
  'transformation-unused | warning | No technical profile uses a transformation. | Refer to the transformation, or remove it.',
  // Pages and languages
  'content-definition-incomplete | error | A content definition has no `LoadUri` or no `DataUri`. | Add the element.',
  'load-uri | error | A `LoadUri` is neither a page of the tenant (`~/…`) nor an https URL. | Use an absolute https URL.',
  'data-uri | error | A `DataUri` names no page layout. | Use urn:com:microsoft:aad:b2c:elements:contract:PAGE:VERSION.',
  'recovery-uri | warning | A `RecoveryUri` is not `~/common/default_page_error.html`. | Use ~/common/default_page_error.html.',
  'page-layout-old | warning | A page with a display control has a page layout before 2.1.0. | Raise the version in DataUri to 2.1.0 or later.',
  'script-without-contract | warning | The relying party allows scripts and a page layout without `contract` does not run them. | Use a DataUri with "contract".',
  'default-language | warning | `DefaultLanguage` is not among the supported languages. | Add the language to SupportedLanguages.',
  'language-not-supported | warning | A content definition has texts in a language that `SupportedLanguages` does not list. | Add the language to SupportedLanguages, or remove the reference.',
  'language-without-texts | warning | A content definition has texts in some supported languages and not in this one. | Add a LocalizedResourcesReference for the language.',
  'localized-element-type | warning | A localized text has an unknown `ElementType`. | Correct the ElementType.',
  'localized-element-unknown | warning | A localized text is for a claim type or display control that does not exist. | Correct the ElementId, or remove the text.',
  'localized-string-missing | warning | A transformation asks for a text that a language of the page does not have. | Add the LocalizedString.',
  'localization-without-page | error | A profile calls a localizing transformation and names no content definition. | Add the metadata item ContentDefinitionReferenceId.',
  'control-claim-type | warning | A `ControlClaimType` is unknown. | Use VerificationCode, QrCodeContent or another known role.',
  'verification-incomplete | warning | A verification control lacks `SendCode`, `VerifyCode` or the field for the code. | Add the action or the display claim.',
  // Technical profiles
  'protocol-missing | error | A technical profile has no `Protocol`, and includes none. | Add Protocol, or include a profile that has one.',
  'handler-missing | error | The protocol `Proprietary` has no `Handler`. | Add the handler.',
  'handler-needless | error | A protocol other than `Proprietary` has a `Handler`. | Remove the Handler.',
  'unknown-handler | error | There is no handler of this name. | Correct the handler.',
  'metadata-missing | error | A metadata item that the handler needs is missing or empty. | Add the metadata item.',
  'metadata-value | error | A metadata item has none of the values that the handler knows. | Use one of the values.',
  'unknown-metadata | warning | A metadata item is unknown and looks like a known one. | Correct the key.',
  'value-range | error | A number is outside its range. | Use a number of the range.',
  'key-missing | error | A cryptographic key that the handler needs is missing. | Add the key to CryptographicKeys.',
  'key-without-name | error | A cryptographic key has an empty `StorageReferenceId`. | Name a policy key of the tenant: B2C_1A_…',
  'secret-in-plain-text | warning | A secret is in the policy in plain text. | Make it a policy key, or replace it if it was shared.',
  'rest-without-authentication | error | A REST profile calls without authentication in production mode. | Set AuthenticationType, or AllowInsecureAuthInProduction to true.',
  'rest-without-tls | warning | A REST service is called over plain HTTP. | Use an https URL.',
  'extension-attribute | error | A directory profile uses `extension_` attributes without `ApplicationObjectId` and `ClientId`. | Add both to the metadata of AAD-Common.',
  'directory-key | error | A directory profile has not exactly one input claim, the key of the account. | Keep the key as the only input claim.',
  'directory-key-not-persisted | warning | A directory profile that writes does not persist its key. | Add the key to PersistedClaims.',
  'output-claim-missing | error | A claims transformation profile has no output claim. | Add the claims that its transformations set.',
  'handler-claim-missing | error | A claim that the handler needs is missing. | Add a claim with this PartnerClaimType.',
  'persisted-claims-unused | warning | A self-asserted profile has `PersistedClaims`, which do nothing. | Persist the claims in a directory profile.',
  'field-without-input-type | warning | A claim is shown on a page and has no `UserInputType`. | Add a UserInputType to the claim type.',
  'validation-not-run | warning | A profile without a page has validation profiles. | Move them to a self-asserted profile.',
  'validation-loop | error | A validation profile reaches the profile that it validates again. | Remove one reference of the loop.',
  'session-provider-kind | error | `UseTechnicalProfileForSessionManagement` names a profile that manages no session. | Name a profile with a session handler, such as SM-Noop.',
  'session-provider-missing | warning | A profile with a page names no session provider, so that the default one may skip it. | Add UseTechnicalProfileForSessionManagement, such as SM-Noop.',
  'enabled-without-claim | warning | `EnabledForUserJourneys` depends on a claim that no metadata item names. | Add the metadata item.',
  'not-supported-here | warning | The emulator does not run this kind of technical profile. | Test it in a tenant.',
  // Journeys
  'step-order | error | The steps of a journey are not numbered 1, 2, 3 and so on. | Renumber the steps.',
  'step-incomplete | error | A step lacks what its type needs. | Add the element or attribute.',
  'selection-attributes | error | A `ClaimsProviderSelection` has both of its attributes or none. | Use TargetClaimsExchangeId or ValidationClaimsExchangeId.',
  'selection-target | error | A selection names a claims exchange that the following step does not have. | Name an exchange of the following step.',
  'selection-validation | error | A selection names a validation exchange that its step does not have. | Name an exchange of the same step.',
  'selection-missing | error | A step with several claims exchanges has no selection step right before it. | Add a selection step, or split the step.',
  'exchange-unreachable | warning | No button and no link leads to a claims exchange. | Add a ClaimsProviderSelection, or remove the exchange.',
  'duplicate-exchange | error | Two claims exchanges of a journey have the same id. | Rename one of them.',
  'precondition-values | error | `ClaimsExist` takes one value, `ClaimEquals` two. | Give the claim, and for ClaimEquals the value.',
  'precondition-action | error | A precondition has the action of another kind of element. | Use the action of steps or of validation profiles.',
  'issuer | error | A `SendClaims` step names a profile that issues no token. | Name an issuer, such as JwtIssuer.',
  'default-issuer-missing | warning | A journey sends claims in several steps and names no default issuer. | Set DefaultCpimIssuerTechnicalProfileReferenceId.',
  'journey-without-send-claims | error | A journey has no `SendClaims` step. | End the journey with a step of the type SendClaims.',
  'step-unreachable | warning | A step is behind one that always ends the journey. | Remove the step, or give the earlier one a precondition.',
  'sub-journey-nested | warning | A sub journey invokes another sub journey, which the documentation advises against. | Invoke both from the user journey.',
  'input-claim-never-set | error | No earlier step puts out a required input claim of a step. | Add the claim to the OutputClaims of an earlier step, or give it a DefaultValue.',
  'claim-never-set | warning | A claim is read and nothing before sets it, on any path. | Set the claim before, or remove what reads it.',
  // Relying party
  'relying-party-incomplete | error | A relying party has no `DefaultUserJourney` or no `TechnicalProfile`. | Add the element.',
  'relying-party-profile | error | The profile of a relying party has another id than `PolicyProfile`. | Name it PolicyProfile.',
  'relying-party-protocol | error | The protocol of a relying party is neither `OpenIdConnect` nor `SAML2`. | Use OpenIdConnect.',
  'token-claim-never-set | error | No step of the journey puts out an output claim of the relying party. | Put the claim out in a step, give it a DefaultValue, or remove it.',
  'token-claim-twice | warning | Two output claims of the relying party have the same name in the token. | Give one another PartnerClaimType.',
  'subject-missing | warning | A relying party has no `SubjectNamingInfo`. | Add <SubjectNamingInfo ClaimType="sub" />.',
  'subject-unknown | warning | `SubjectNamingInfo` names none of the output claims. | Give one output claim the PartnerClaimType that it names.',
] as const;

export type RuleId = (typeof ROWS)[number] extends infer Row
  ? Row extends `${infer Id} | ${string}`
    ? Id
    : never
  : never;

export const RULES = Object.fromEntries(
  ROWS.map((row) => {
    const [id = '', severity, sentence = '', fix = ''] = row.split(' | ');
    return [id, { severity: severity as Severity, sentence, fix } satisfies Rule];
  }),
) as Record<RuleId, Rule>;

/** A finding before it becomes text. */
export interface PolicyFault extends Origin {
  readonly rule: RuleId;
  readonly message: string;
  readonly fix: string;
}

/** Takes a message without a full stop at its end. */
export type Report = (rule: RuleId, at: Origin, message: string) => void;

/** The end of a message about an unknown id: the known one that was probably meant, or nothing. */
export type Suggest = (
  word: string,
  known: readonly string[] | (() => readonly string[]),
) => string;
