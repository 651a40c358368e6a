import type { Origin } from '../policy/origin.ts';

/** An error is what a tenant refuses at upload; a warning hurts when the policy runs. */
export type Severity = 'error' | 'warning';

export interface Rule {
  readonly severity: Severity;
  /** One sentence for the table in docs/custom-policies/rules.md. */
  readonly sentence: string;
  readonly fix: string;
  /** Names its values in braces; a full stop is added. */
  readonly message: string;
}

/**
 * Every rule of `policies check`: `id | severity | sentence | fix | message`. Ids are stable, because
 * scripts and annotations name them.
 */
const ROWS = [
  // Reading
  'file-too-large | error | A policy file has more than 1024 kB. | Move a part of it to a base policy. | The file has {size} kB',
  'file-encoding | error | The bytes of a file are not in the encoding that it declares. | Save the file as UTF-8. | The bytes of the file are not in the encoding that it declares',
  'xml-not-well-formed | error | A file is not well-formed XML. | Correct the XML at this place. | {problem}',
  'xml-dtd | error | A file has a document type declaration, which could define entities. | Remove the DOCTYPE. | The file has a document type declaration',
  'xml-too-deep | error | Elements are nested more than 64 deep. | Close the elements. | Elements are nested more than {most} deep',
  'setting-without-value | warning | A `{Settings:…}` placeholder has no value. | Add the name to PolicySettings in appsettings.json. | {placeholder} has no value',
  // Structure
  'namespace | error | The root element is not in the namespace of custom policies. | Set xmlns="http://schemas.microsoft.com/online/cpim/schemas/2013/06". | TrustFrameworkPolicy has {namespace}',
  'unknown-element | error | There is no element of this name. | Correct the name, or remove it. | {parent} has no element {name}{suggestion}',
  'misplaced-element | error | An element is in a place where it is not allowed. | Move the element to where it belongs. | {name} is not allowed in {parent}, but in {places}',
  'element-order | error | Elements are not in the order that they have to have. | Change the order. | {name} has to stand before {last} in {parent}',
  'element-repeated | error | An element occurs twice where it may occur once. | Keep one of them, with the children of both. | {parent} has a second {name}',
  'element-missing | error | A required element is missing. | Add the element. | {parent} has no {name}',
  'unknown-attribute | error | There is no attribute of this name. | Correct the name, or remove it. | {element} has no attribute {name}{suggestion}',
  'attribute-missing | error | A required attribute is missing or empty. | Add the attribute. | {element} has no {name}',
  'value-not-allowed | error | A value is not one of the allowed values. | Use an allowed value. | {name} cannot be "{value}"{suggestion}',
  'value-invalid | error | A value is not in its format. | Correct the value. | {name} is "{value}" and has to be {form}',
  'text-not-allowed | error | An element has text where only elements are allowed. | Remove the text. | {element} has text: "{text}"',
  'white-space | error | An element that has to be empty has white space between its tags. | Close it in the same tag: <Name … />. | {element} has white space between its tags',
  'duplicate-id | error | Two elements of a list have the same id. | Rename or remove one of them. | {element} {key} "{value}" is in line {line} too',
  'duplicate-item | warning | Two items of a list have the same key, and one of them is ignored. | Remove one of them. | {element} {key} "{value}" is in line {line} too',
  // Files and chains
  'policy-id-prefix | error | A policy id does not begin with `B2C_1A_`. | Add the prefix. | The policy id "{id}" does not begin with B2C_1A_',
  'policy-id-taken | error | Two files of a folder have the same policy id. | Rename one policy. | {file} has the policy id "{id}" too',
  'recorder-endpoint | error | `UserJourneyRecorderEndpoint` has another value than the known one, or the policy is not in `Development` mode. | Use urn:journeyrecorder:applicationinsights with DeploymentMode="Development", or remove the attribute. | UserJourneyRecorderEndpoint {problem}',
  'base-policy-missing | error | The base policy is in no file of the folder. | Add its file to the folder, or correct BasePolicy/PolicyId. | No file of the folder has the policy id "{id}"{suggestion}',
  'base-policy-loop | error | A policy inherits from itself. | Let one policy of the chain have no base. | The policy "{id}" inherits from itself',
  'chain-too-long | error | A chain has more than 10 levels. | Merge files of the chain. | {id} is level {level} of its chain',
  'tenant-mismatch | error | The tenant in `BasePolicy` is not the tenant of the base policy. | Use one tenant in all files of a chain. | The tenants differ: the base policy is said to be of "{named}", its file says "{actual}"',
  // References
  'unknown-claim-type | error | A claim type is not declared in the chain. | Declare it in BuildingBlocks/ClaimsSchema, or correct the id. | There is no claim type "{id}"{suggestion}',
  'unknown-predicate | error | A predicate is not declared in the chain. | Add it to Predicates. | There is no predicate "{id}"{suggestion}',
  'unknown-input-validation | error | An input validation is not declared in the chain. | Add it to InputValidations. | There is no input validation "{id}"{suggestion}',
  'unknown-predicate-validation | error | A predicate validation is not declared in the chain. | Add it to PredicateValidations. | There is no predicate validation "{id}"{suggestion}',
  'unknown-claims-transformation | error | A claims transformation is not declared in the chain. | Add it to ClaimsTransformations, or correct the id. | There is no claims transformation "{id}"{suggestion}',
  'unknown-client-definition | error | A client definition is not declared in the chain. | Add it to ClientDefinitions, or remove the reference. | There is no client definition "{id}"{suggestion}',
  'unknown-content-definition | error | A content definition is not declared in the chain. | Add it to ContentDefinitions, or correct the id. | There is no content definition "{id}"{suggestion}',
  'unknown-localized-resources | error | A `LocalizedResources` element is not declared in the chain. | Add it to Localization, or correct the id. | There is no LocalizedResources element "{id}"{suggestion}',
  'unknown-display-control | error | A display control is not declared in the chain. | Add it to DisplayControls, or correct the id. | There is no display control "{id}"{suggestion}',
  'unknown-technical-profile | error | A technical profile is not declared in the chain. | Add it to a ClaimsProvider, or correct the id. | There is no technical profile "{id}"{suggestion}',
  'unknown-user-journey | error | A user journey is not declared in the chain. | Add it to UserJourneys, or correct the id. | There is no user journey "{id}"{suggestion}',
  'unknown-sub-journey | error | A sub journey is not declared in the chain. | Add it to SubJourneys, or correct the id. | There is no sub journey "{id}"{suggestion}',
  'include-loop | error | A technical profile includes itself, or too many others. | Remove one IncludeTechnicalProfile of the circle. | The technical profile "{id}" includes itself or too many others',
  'references-too-deep | error | Profiles and journeys refer to each other more than 100 deep. | Shorten the chain of references. | {kind} "{id}" is behind more than {most} references',
  // Claims
  'claim-type-without-data-type | error | A claim type has no `DataType` in any file of the chain. | Add a DataType. | The claim type "{id}" has no DataType',
  'input-type | warning | A `UserInputType` cannot take the data type of its claim. | Use another UserInputType or DataType. | {input} cannot take the {dataType} "{id}"',
  'options-missing | warning | A claim type to choose from has no `Enumeration`. | Add Restriction/Enumeration, or a LocalizedCollection. | The claim type "{id}" has no Enumeration to choose from',
  'pattern-invalid | warning | A pattern cannot be compiled as a regular expression. | Correct the regular expression. | The pattern of "{id}" is not a regular expression',
  'predicate-parameter | error | A predicate lacks a parameter of its method, or has an unknown or invalid one. | Give the parameters of the method. | {problem}',
  'match-at-least | warning | `MatchAtLeast` is more than the number of predicates in the group. | Lower the number, or add predicates. | MatchAtLeast is {atLeast}, of {count} predicates',
  // Claims transformations
  'unknown-transformation-method | error | There is no transformation method of this name. | Correct TransformationMethod. | There is no method "{method}"{suggestion}',
  'transformation-input-missing | error | A transformation lacks an input claim of its method. | Add an InputClaim with this TransformationClaimType. | {id} has no input claim "{name}", which {method} needs',
  'transformation-input-unknown | error | A transformation has an input claim that its method does not know. | Correct TransformationClaimType, or remove the claim. | {method} has no input claim "{name}"{suggestion}',
  'transformation-parameter-missing | error | A transformation lacks an input parameter of its method. | Add an InputParameter with this Id. | {id} has no input parameter "{name}", which {method} needs',
  'transformation-parameter-unknown | error | A transformation has an input parameter that its method does not know. | Correct the Id, or remove the parameter. | {method} has no input parameter "{name}"{suggestion}',
  'transformation-parameter-value | error | An input parameter has none of the values that the method knows. | Use one of the values. | {name} of {method} cannot be "{value}": {allowed}',
  'transformation-output-missing | error | A transformation lacks an output claim of its method. | Add an OutputClaim with this TransformationClaimType. | {id} has no output claim "{name}", which {method} needs',
  'transformation-output-unknown | error | A transformation has an output claim that its method does not know. | Correct TransformationClaimType, or remove the claim. | {method} has no output claim "{name}"{suggestion}',
  'transformation-data-type | error | A claim or parameter has a data type that the method does not take. | Use a claim of the data type, or convert it before. | The {kind} "{name}" of {method} has to be {types}, not {type}',
  'transformation-unused | warning | No technical profile uses a transformation. | Refer to the transformation, or remove it. | No technical profile uses "{id}"',
  // Pages and languages
  'content-definition-incomplete | error | A content definition has no `LoadUri` or no `DataUri`. | Add the element. | "{id}" has no {name}',
  'load-uri | error | A `LoadUri` is neither a page of the tenant (`~/…`) nor an https URL. | Use an absolute https URL. | LoadUri is "{uri}"',
  'data-uri | error | A `DataUri` names no page layout. | Use urn:com:microsoft:aad:b2c:elements:contract:PAGE:VERSION. | DataUri "{uri}" names no page layout',
  'recovery-uri | warning | A `RecoveryUri` is not `~/common/default_page_error.html`. | Use ~/common/default_page_error.html. | RecoveryUri of "{id}" is "{uri}"',
  'page-layout-old | warning | A page with a display control has a page layout before 2.1.0. | Raise the version in DataUri to 2.1.0 or later. | The page of "{id}" has layout {version}; display controls need 2.1.0',
  'script-without-contract | warning | The relying party allows scripts and a page layout without `contract` does not run them. | Use a DataUri with "contract". | ScriptExecution is allowed, but the page layout of "{id}" runs no script',
  'default-language | warning | `DefaultLanguage` is not among the supported languages. | Add the language to SupportedLanguages. | DefaultLanguage "{language}" is not in the list',
  'language-not-supported | warning | A content definition has texts in a language that `SupportedLanguages` does not list. | Add the language to SupportedLanguages, or remove the reference. | "{id}" has texts in "{language}", which is not supported',
  'language-without-texts | warning | A content definition has texts in some supported languages and not in this one. | Add a LocalizedResourcesReference for the language. | "{id}" has no texts in "{language}"',
  'localized-element-type | warning | A localized text has an unknown `ElementType`. | Correct the ElementType. | There is no ElementType "{type}"{suggestion}',
  'localized-element-unknown | warning | A localized text is for a claim type or display control that does not exist. | Correct the ElementId, or remove the text. | There is no {type} "{id}" to be localized',
  'localized-string-missing | warning | A transformation asks for a text that a language of the page does not have. | Add the LocalizedString. | The texts of "{content}" in "{language}" have no string "{id}"',
  'localization-without-page | error | A profile calls a localizing transformation and names no content definition. | Add the metadata item ContentDefinitionReferenceId. | "{profile}" calls "{transformation}" and has no ContentDefinitionReferenceId',
  'control-claim-type | warning | A `ControlClaimType` is unknown. | Use VerificationCode, QrCodeContent or another known role. | There is no ControlClaimType "{role}"',
  'verification-incomplete | warning | A verification control lacks `SendCode`, `VerifyCode` or the field for the code. | Add the action or the display claim. | The control "{id}" has no {missing}',
  // Technical profiles
  'protocol-missing | error | A technical profile has no `Protocol`, and includes none. | Add Protocol, or include a profile that has one. | The technical profile "{id}" has no Protocol',
  'handler-missing | error | The protocol `Proprietary` has no `Handler`. | Add the handler. | Proprietary has no Handler',
  'handler-needless | error | A protocol other than `Proprietary` has a `Handler`. | Remove the Handler. | Handler is only for the protocol Proprietary',
  'unknown-handler | error | There is no handler of this name. | Correct the handler. | There is no handler "{name}"{suggestion}',
  'metadata-missing | error | A metadata item that the handler needs is missing or empty. | Add the metadata item. | The metadata item {key} of "{id}" is {state}',
  'metadata-value | error | A metadata item has none of the values that the handler knows. | Use one of the values. | {key} of "{id}" cannot be "{value}": {allowed}',
  'unknown-metadata | warning | A metadata item is unknown and looks like a known one. | Correct the key. | There is no metadata item "{key}"{suggestion}',
  'value-range | error | A number is outside its range. | Use a number of the range. | {name} is "{value}" and has to be from {least} to {most}',
  'key-missing | error | A cryptographic key that the handler needs is missing. | Add the key to CryptographicKeys. | The technical profile "{id}" has no key "{key}"',
  'key-without-name | error | A cryptographic key has an empty `StorageReferenceId`. | Name a policy key of the tenant: B2C_1A_… | The cryptographic key has an empty StorageReferenceId',
  'secret-in-plain-text | warning | A secret is in the policy in plain text. | Make it a policy key, or replace it if it was shared. | {place} a secret in plain text',
  'rest-without-authentication | error | A REST profile calls without authentication in production mode. | Set AuthenticationType, or AllowInsecureAuthInProduction to true. | "{id}" calls a REST service without authentication in production',
  'rest-without-tls | warning | A REST service is called over plain HTTP. | Use an https URL. | "{id}" calls {url} without TLS',
  'extension-attribute | error | A directory profile uses `extension_` attributes without `ApplicationObjectId` and `ClientId`. | Add both to the metadata of AAD-Common. | "{id}" uses "{claim}" and has no {missing}',
  'directory-key | error | A directory profile has not exactly one input claim, the key of the account. | Keep the key as the only input claim. | "{id}" has {count} input claims, and takes the key of the account alone',
  'directory-key-not-persisted | warning | A directory profile that writes does not persist its key. | Add the key to PersistedClaims. | "{id}" does not persist its key "{key}"',
  'output-claim-missing | error | A claims transformation profile has no output claim. | Add the claims that its transformations set. | "{id}" has no output claim',
  'handler-claim-missing | error | A claim that the handler needs is missing. | Add a claim with this PartnerClaimType. | "{id}" has no {kind} claim for "{name}"',
  'persisted-claims-unused | warning | A self-asserted profile has `PersistedClaims`, which do nothing. | Persist the claims in a directory profile. | The page "{id}" persists no claims',
  'field-without-input-type | warning | A claim is shown on a page and has no `UserInputType`. | Add a UserInputType to the claim type. | The claim type "{id}" has no UserInputType',
  'validation-not-run | warning | A profile without a page has validation profiles. | Move them to a self-asserted profile. | "{id}" shows no page, so nothing runs its validation profiles',
  'validation-loop | error | A validation profile reaches the profile that it validates again. | Remove one reference of the loop. | "{validation}" validates "{id}" and reaches it again',
  'session-provider-kind | error | `UseTechnicalProfileForSessionManagement` names a profile that manages no session. | Name a profile with a session handler, such as SM-Noop. | "{session}", the session provider of "{id}", does not manage a session',
  'session-provider-missing | warning | A profile with a page names no session provider, so that the default one may skip it. | Add UseTechnicalProfileForSessionManagement, such as SM-Noop. | The technical profile "{id}" names no session provider',
  'enabled-without-claim | warning | `EnabledForUserJourneys` depends on a claim that no metadata item names. | Add the metadata item. | {mode} of "{id}" needs the metadata item {key}',
  'not-supported-here | warning | The emulator does not run this kind of technical profile. | Test it in a tenant. | The emulator does not run "{id}": {feature}',
  // Journeys
  'step-order | error | The steps of a journey are not numbered 1, 2, 3 and so on. | Renumber the steps. | Step {order} of "{id}" follows step {last}',
  'step-incomplete | error | A step lacks what its type needs. | Add the element or attribute. | Step {order} of the type {type} has no {name}',
  'selection-attributes | error | A `ClaimsProviderSelection` has both of its attributes or none. | Use TargetClaimsExchangeId or ValidationClaimsExchangeId. | A ClaimsProviderSelection has {attributes}',
  'selection-target | error | A selection names a claims exchange that the following step does not have. | Name an exchange of the following step. | The step behind step {order} has no claims exchange "{id}"{suggestion}',
  'selection-validation | error | A selection names a validation exchange that its step does not have. | Name an exchange of the same step. | Step {order} has no claims exchange "{id}"{suggestion}',
  'selection-missing | error | A step with several claims exchanges has no selection step right before it. | Add a selection step, or split the step. | Step {order} has {count} claims exchanges and no selection before it',
  'exchange-unreachable | warning | No button and no link leads to a claims exchange. | Add a ClaimsProviderSelection, or remove the exchange. | Nothing in step {order} leads to "{id}"',
  'duplicate-exchange | error | Two claims exchanges of a journey have the same id. | Rename one of them. | The claims exchange "{id}" is in line {line} of this journey too',
  'precondition-values | error | `ClaimsExist` takes one value, `ClaimEquals` two. | Give the claim, and for ClaimEquals the value. | {type} has {count} values and takes {wanted}',
  'precondition-action | error | A precondition has the action of another kind of element. | Use the action of steps or of validation profiles. | The action here is {action}, not {given}',
  'issuer | error | A `SendClaims` step names a profile that issues no token. | Name an issuer, such as JwtIssuer. | "{id}" issues no token: it has no OutputTokenFormat, or another protocol',
  'default-issuer-missing | warning | A journey sends claims in several steps and names no default issuer. | Set DefaultCpimIssuerTechnicalProfileReferenceId. | "{id}" has {count} steps that send claims',
  'journey-without-send-claims | error | A journey has no `SendClaims` step. | End the journey with a step of the type SendClaims. | "{id}" has no step of the type SendClaims',
  'step-unreachable | warning | A step is behind one that always ends the journey. | Remove the step, or give the earlier one a precondition. | Step {order} is behind step {last}, which always sends the claims',
  'sub-journey-nested | warning | A sub journey invokes another sub journey, which the documentation advises against. | Invoke both from the user journey. | The sub journey "{id}" invokes another one',
  'input-claim-never-set | error | No earlier step puts out a required input claim of a step. | Add the claim to the OutputClaims of an earlier step, or give it a DefaultValue. | No step before step {order} has the output claim "{id}", which "{profile}" takes',
  'claim-never-set | warning | A claim is read and nothing before sets it, on any path. | Set the claim before, or remove what reads it. | Nothing sets "{id}" before {use}',
  // Relying party
  'relying-party-incomplete | error | A relying party has no `DefaultUserJourney` or no `TechnicalProfile`. | Add the element. | RelyingParty has no {name}',
  'relying-party-profile | error | The profile of a relying party has another id than `PolicyProfile`. | Name it PolicyProfile. | The profile of the relying party has the id "{id}"',
  'relying-party-protocol | error | The protocol of a relying party is neither `OpenIdConnect` nor `SAML2`. | Use OpenIdConnect. | The protocol of the relying party is {name}',
  'token-claim-never-set | error | No step of the journey puts out an output claim of the relying party. | Put the claim out in a step, give it a DefaultValue, or remove it. | No step of "{journey}" has the output claim "{id}"',
  'token-claim-twice | warning | Two output claims of the relying party have the same name in the token. | Give one another PartnerClaimType. | "{first}" and "{id}" are both "{name}" in the token',
  'subject-missing | warning | A relying party has no `SubjectNamingInfo`. | Add <SubjectNamingInfo ClaimType="sub" />. | The relying party has no SubjectNamingInfo',
  'subject-unknown | warning | `SubjectNamingInfo` names none of the output claims. | Give one output claim the PartnerClaimType that it names. | No output claim has the partner name "{name}"',
] as const;

type Row = (typeof ROWS)[number];

type IdOf<Of> = Of extends `${infer Id} | ${string}` ? Id : never;

export type RuleId = IdOf<Row>;

type MessageOf<Of> = Of extends `${string} | ${string} | ${string} | ${string} | ${infer Message}`
  ? Message
  : never;

type NamesIn<Text> = Text extends `${string}{${infer Name}}${infer Rest}`
  ? Name | NamesIn<Rest>
  : never;

/** The values that the message of a rule names. */
type Values<Id extends RuleId> = Readonly<
  Record<NamesIn<MessageOf<Extract<Row, `${Id} | ${string}`>>>, string | number>
>;

export const RULES = Object.fromEntries(
  ROWS.map((row) => {
    const [id = '', severity, sentence = '', fix = '', message = ''] = row.split(' | ');
    return [id, { severity: severity as Severity, sentence, fix, message } satisfies Rule];
  }),
) as Record<RuleId, Rule>;

/** A finding before it becomes text. */
export interface PolicyFault extends Origin {
  readonly rule: RuleId;
  readonly message: string;
  readonly fix: string;
}

/** Takes a finding of a rule, with the values of its message. */
export type Report = <Id extends RuleId>(rule: Id, at: Origin, values: Values<Id>) => void;

/** The end of a message about an unknown id: the known one that was probably meant, or nothing. */
export type Suggest = (
  word: string,
  known: readonly string[] | (() => readonly string[]),
) => string;

/** Reports findings and finds similar names, for every check. */
export interface Reporter {
  readonly report: Report;
  readonly suggest: Suggest;
}
