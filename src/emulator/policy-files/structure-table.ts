/**
 * The elements of a policy, one line a kind: `kind | attributes | children`.
 *
 * An attribute is `Name:type!`: `!` says that it is required, the type is `string` when left out, one of
 * the value types, an enumeration, or `>Kind` for a reference to an element by its id.
 *
 * A child is `Name?[keys]:kind`: `?` at most one, `*` any number, `+` one or more, nothing for exactly
 * one; keys tell elements of a list apart, in one file (`!`: they must be unique, `?`: they
 * should be) and between the files of a chain; `#` is the text. To a list with
 * `+` a later file adds; a list without keys it replaces. `:=type` is an element that has text. The kind is the name when it is left out. Children
 * have to come in this order.
 *
 * A kind that begins with `=` is replaced as a whole by a later file. Others are laid over each other.
 */
export const STRUCTURE = `
TrustFrameworkPolicy | PolicySchemaVersion:SchemaVersion! TenantId! TenantObjectId PolicyId:PolicyId! PublicPolicyUri! StateTableName DeploymentMode:DeploymentMode UserJourneyRecorderEndpoint | BasePolicy? PolicyConstraints?:Anything Contacts?:Anything DocumentReferences?:Anything BuildingBlocks? ClaimsProviders? UserJourneys? SubJourneys? RelyingParty?
Anything | |
BasePolicy | | TenantId:=string PolicyId:=PolicyId
BuildingBlocks | | ClaimsSchema? Predicates? InputValidations? PredicateValidations? ClaimsTransformations? ClientDefinitions? ContentDefinitions? Localization? DisplayControls?
ClaimsSchema | | ClaimType+[Id!]
ClaimType | Id! StatementType:StatementType | DisplayName?:=string DataType?:=DataType DefaultPartnerClaimTypes~ Mask? AdminHelpText?:=string UserHelpText?:=string UserInputType?:=UserInputType Restriction? InputValidationReference? PredicateValidationReference?
DefaultPartnerClaimTypes | | Protocol*[Name]:PartnerProtocol
PartnerProtocol | Name:ProtocolName! Handler PartnerClaimType! |
=Mask | Type:MaskType! Regex | =text
Restriction | MergeBehavior:MergeBehavior | Enumeration*[Value] Pattern?
Enumeration | Text! Value! SelectByDefault:boolean | =text
Pattern | RegularExpression:regex! HelpText |
InputValidationReference | Id:>InputValidation! |
PredicateValidationReference | Id:>PredicateValidation! |
Predicates | | Predicate*[Id!]
Predicate | Id! Method:PredicateMethod! HelpText | UserHelpText?:=string Parameters?
Parameters | | Parameter*[Id]
Parameter | Id! | =text
InputValidations | | InputValidation*[Id!]
=InputValidation | Id! | PredicateReferences~
PredicateReferences | Id HelpText MatchAtLeast:int Reject:boolean | PredicateReference+[Id]
PredicateReference | Id:>Predicate! |
PredicateValidations | | PredicateValidation*[Id!]
=PredicateValidation | Id! | PredicateGroups?
PredicateGroups | | PredicateGroup+[Id]
PredicateGroup | Id! | UserHelpText?:=string PredicateReferences~
ClaimsTransformations | | ClaimsTransformation*[Id!]
ClaimsTransformation | Id! TransformationMethod! | InputClaims?:TransformationInputs InputParameters? OutputClaims?:TransformationOutputs
TransformationInputs | | InputClaim*[TransformationClaimType|ClaimTypeReferenceId]:TransformationClaim
TransformationOutputs | | OutputClaim+[TransformationClaimType|ClaimTypeReferenceId]:TransformationClaim
TransformationClaim | ClaimTypeReferenceId:>ClaimType! TransformationClaimType |
InputParameters | | InputParameter+[Id?]
InputParameter | Id! DataType:DataType! Value! |
ClientDefinitions | | ClientDefinition*[Id!]
ClientDefinition | Id! | ClientUIFilterFlags:=string
ContentDefinitions | | ContentDefinition*[Id!]
ContentDefinition | Id! | LoadUri?:=string RecoveryUri?:=string DataUri?:=string Metadata? LocalizedResourcesReferences?
LocalizedResourcesReferences | MergeBehavior:MergeBehavior | LocalizedResourcesReference*[Language]
LocalizedResourcesReference | Language:culture! Url LocalizedResourcesReferenceId:>LocalizedResources |
Localization | Enabled:boolean | SupportedLanguages? LocalizedResources*[Id!]
SupportedLanguages | DefaultLanguage:culture PolicyLanguage:culture MergeBehavior:MergeBehavior | SupportedLanguage*[#]:=culture
LocalizedResources | Culture:culture Id | LocalizedCollections? LocalizedStrings?
LocalizedCollections | | LocalizedCollection*[ElementType,ElementId,TargetCollection]
=LocalizedCollection | ElementType! ElementId! TargetCollection! | Item+[Value]:Enumeration
LocalizedStrings | | LocalizedString*[ElementType,ElementId,StringId]
LocalizedString | ElementType! ElementId StringId! | =text
DisplayControls | | DisplayControl*[Id!]
DisplayControl | Id! UserInterfaceControlType:UserInterfaceControlType! | InputClaims?:ControlInputClaims DisplayClaims?:ControlDisplayClaims OutputClaims?:ControlOutputClaims Actions?
ControlInputClaims | | InputClaim*[ClaimTypeReferenceId]:ControlClaim
ControlOutputClaims | | OutputClaim*[ClaimTypeReferenceId]:ControlClaim
ControlClaim | ClaimTypeReferenceId:>ClaimType Required:boolean DefaultValue AlwaysUseDefaultValue:boolean |
ControlDisplayClaims | | DisplayClaim*[ClaimTypeReferenceId]:ControlDisplayClaim
ControlDisplayClaim | ClaimTypeReferenceId:>ClaimType ControlClaimType Required:boolean |
Actions | | Action*[Id]
Action | Id! | ValidationClaimsExchange
ValidationClaimsExchange | | ValidationClaimsExchangeTechnicalProfile+[TechnicalProfileReferenceId]
=ValidationClaimsExchangeTechnicalProfile | TechnicalProfileReferenceId:>TechnicalProfile! ContinueOnSuccess:boolean ContinueOnError:boolean | Preconditions~
ClaimsProviders | | ClaimsProvider+[]
ClaimsProvider | | Domains? Domain?:=string DisplayName?:=string TechnicalProfiles
Domains | | Domain+[]:=string
TechnicalProfiles | | TechnicalProfile*[Id]
TechnicalProfile | Id! | Domains? Domain?:=string DisplayName?:=string Description?:=string Protocol? InputTokenFormat?:=TokenFormat OutputTokenFormat?:=TokenFormat AssuranceLevelOfOutputClaims?:=string RequiredAssuranceLevelsOfInputClaims?:Anything SubjectAuthenticationRequirements? Metadata? CryptographicKeys? Suppressions?:Anything PreferredBinding?:=string IncludeInSso?:=boolean InputTokenSources?:Anything InputClaimsTransformations~ InputClaims? DisplayClaims? PersistedClaims? OutputClaims? OutputClaimsTransformations~ ValidationTechnicalProfiles~ SubjectNamingInfo? Extensions?:Anything IncludeClaimsFromTechnicalProfile?:=>TechnicalProfile IncludeTechnicalProfile? UseTechnicalProfileForSessionManagement? ErrorHandlers?:Anything EnabledForUserJourneys?:=EnabledForUserJourneys
Protocol | Name:ProtocolName! Handler |
SubjectAuthenticationRequirements | TimeToLive:int! ResetExpiryWhenTokenIssued:boolean |
Metadata | | Item+[Key?]
Item | Key! | =text
CryptographicKeys | | Key+[Id?]
Key | Id! StorageReferenceId! |
InputClaimsTransformations | | InputClaimsTransformation+[ReferenceId]
InputClaimsTransformation | ReferenceId:>ClaimsTransformation! |
OutputClaimsTransformations | | OutputClaimsTransformation+[ReferenceId]
OutputClaimsTransformation | ReferenceId:>ClaimsTransformation! |
InputClaims | | InputClaim*[ClaimTypeReferenceId]:Claim
OutputClaims | | OutputClaim*[ClaimTypeReferenceId]:Claim
=Claim | ClaimTypeReferenceId:>ClaimType! PartnerClaimType Required:boolean DefaultValue AlwaysUseDefaultValue:boolean | From*[]:Anything
PersistedClaims | | PersistedClaim*[ClaimTypeReferenceId]
PersistedClaim | ClaimTypeReferenceId:>ClaimType! PartnerClaimType DefaultValue OverwriteIfExists:boolean AlwaysUseDefaultValue:boolean |
DisplayClaims | | DisplayClaim*[ClaimTypeReferenceId|DisplayControlReferenceId]
DisplayClaim | ClaimTypeReferenceId:>ClaimType DisplayControlReferenceId:>DisplayControl Required:boolean |
ValidationTechnicalProfiles | | ValidationTechnicalProfile+[ReferenceId]
=ValidationTechnicalProfile | ReferenceId:>TechnicalProfile! ContinueOnSuccess:boolean ContinueOnError:boolean | Preconditions~
SubjectNamingInfo | ClaimType! NameQualifier SPNameQualifier Format SPProvidedID ExcludeAsClaim:boolean |
IncludeTechnicalProfile | ReferenceId:>TechnicalProfile! |
UseTechnicalProfileForSessionManagement | ReferenceId:>TechnicalProfile! |
UserJourneys | | UserJourney+[Id!]
UserJourney | Id! NonInteractive:boolean DefaultCpimIssuerTechnicalProfileReferenceId:>TechnicalProfile | AssuranceLevel?:=string PreserveOriginalAssertion?:=boolean Authorization? OrchestrationSteps? ClientDefinition?:ClientDefinitionReference CryptographicKeys?
Authorization | | AuthorizationTechnicalProfiles?
AuthorizationTechnicalProfiles | | AuthorizationTechnicalProfile+[ReferenceId!]
AuthorizationTechnicalProfile | ReferenceId:>TechnicalProfile! |
ClientDefinitionReference | ReferenceId:>ClientDefinition |
OrchestrationSteps | | OrchestrationStep+[Order!]
OrchestrationStep | Order:int! Type:StepType! ContentDefinitionReferenceId:>ContentDefinition CpimIssuerTechnicalProfileReferenceId:>TechnicalProfile | Preconditions~ ClaimsProviderSelections~ ClaimsExchanges~ JourneyList~
Preconditions | | Precondition+[+]
Precondition | Type:PreconditionType! ExecuteActionsIf:boolean! | Value+[]:=string Action+[]:=PreconditionAction
ClaimsProviderSelections | DisplayOption:DisplayOption | ClaimsProviderSelection+[TargetClaimsExchangeId|ValidationClaimsExchangeId]
ClaimsProviderSelection | TargetClaimsExchangeId ValidationClaimsExchangeId |
ClaimsExchanges | UserIdentity:boolean | ClaimsExchange*[Id]
ClaimsExchange | Id! TechnicalProfileReferenceId:>TechnicalProfile! |
JourneyList | | Candidate+[]
Candidate | SubJourneyReferenceId:>SubJourney! |
SubJourneys | | SubJourney+[Id!]
SubJourney | Id! Type:SubJourneyType! | OrchestrationSteps?
RelyingParty | | DefaultUserJourney? Endpoints? UserJourneyBehaviors? TechnicalProfile*[Id]
DefaultUserJourney | ReferenceId:>UserJourney! |
Endpoints | | Endpoint+[Id!]
Endpoint | Id! UserJourneyReferenceId:>UserJourney! |
UserJourneyBehaviors | | SingleSignOn? SessionExpiryType?:=SessionExpiryType SessionExpiryInSeconds?:=int AzureApplicationInsights?:Anything JourneyInsights? ContentDefinitionParameters? JourneyFraming? ScriptExecution?:=ScriptExecution OnError?
SingleSignOn | Scope:SingleSignOnScope! KeepAliveInDays:int EnforceIdTokenHintOnLogout:boolean |
JourneyInsights | InstrumentationKey! TelemetryEngine:TelemetryEngine! DeveloperMode:boolean ClientEnabled:boolean ServerEnabled:boolean TelemetryVersion |
ContentDefinitionParameters | | Parameter+[Name]:ContentDefinitionParameter
ContentDefinitionParameter | Name! | =text
JourneyFraming | Enabled:boolean! Sources! |
OnError | Mode:OnErrorMode! |
`;

/** The values that an attribute or a text may have: `type | values`. */
export const ENUMERATION_TABLE = `
SchemaVersion | 0.3.0.0
DeploymentMode | Production Development Debugging
StatementType | Attribute Authentication Subject
DataType | boolean date dateTime duration int long string stringCollection alternativeSecurityIdCollection userIdentityCollection userIdentity phoneNumber objectIdentityCollection objectIdentity
UserInputType | TextBox EmailBox DateTimeDropdown RadioSingleSelect DropdownSingleSelect CheckboxMultiSelect Password Readonly Button Paragraph
ProtocolName | None OAuth1 OAuth2 SAML2 OpenIdConnect WsFed WsTrust UProve11 Proprietary
MaskType | Simple Regex
MergeBehavior | Append Prepend ReplaceAll
PredicateMethod | IsLengthRange MatchesRegex IncludesCharacters IsDateRange
UserInterfaceControlType | VerificationControl QrCodeControl AuthenticatorInfoControl AuthenticatorAppIconControl
TokenFormat | JSON JWT SAML11 SAML2 CpimUnsigned UProve11 OAuth2Error
EnabledForUserJourneys | true false Always Never OnClaimsExistence OnItemExistenceInStringCollectionClaim OnItemAbsenceInStringCollectionClaim
StepType | ClaimsProviderSelection CombinedSignInAndSignUp ClaimsExchange GetClaims InvokeSubJourney SendClaims ConsentScreen ReviewScreen UserDialog Noop
PreconditionType | ClaimsExist ClaimEquals
PreconditionAction | SkipThisOrchestrationStep SkipThisValidationTechnicalProfile
DisplayOption | DoNotShowSingleProvider ShowSingleProvider
SubJourneyType | Call Transfer
SessionExpiryType | Rolling Absolute
SingleSignOnScope | Suppressed TrustFramework Tenant Application Policy
ScriptExecution | Allow Disallow
TelemetryEngine | ApplicationInsights
OnErrorMode | ReturnToRequestor DisplayInService
`;
