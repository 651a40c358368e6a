/**
 * Runs of transformations: `method | input claims | input parameters | output claims or error`.
 *
 * Claims are named by their argument; `@name` has no argument and is found by the ID of its claim.
 * `null` is a claim without a value. `(kept)` is an output claim that keeps its value. `!` comes before
 * an error: the ID of its message, or `JourneyError`; output claims may follow.
 */
import type { ClaimValue } from '../../../dist/emulator/policy/claims-bag.js';

/** The clock of every run. */
export const NOW = '2026-03-15T10:30:00.000Z';
/** The value of every policy key. */
export const SECRET = 'secret';

const SESSION = `"AssertIfEqualTo": false, "AssertIfRightOperandIsNotPresent": true, "TreatAsEqualIfWithinMillseconds": 300000`;
const GOOGLE = '{"type":6,"identityProvider":"google.com","key":"MTIz"}';
const LIVE = '{"type":6,"identityProvider":"live.com","key":"NDU2"}';
const ALICE = '{"issuer":"live.com","issuerUserId":"alice"}';
const BOB = '{"issuer":"facebook.com","issuerUserId":"bob"}';
const PAIRS = String.raw`"[{\"key\":\"email\",\"value\":\"emily@live.com\"},{\"key\":\"membershipNum\",\"value\":6353399},{\"key\":\"active\",\"value\":true},{\"key\":\"empty\",\"value\":null}]"`;
const EMILY = String.raw`"{\"emailAddress\":\"emily@live.com\",\"displayName\":\"Emily\",\"id\":6353399,\"tags\":[\"a\"],\"no\":null}"`;

export type Values = Readonly<Record<string, ClaimValue | null>>;

export interface Row {
  readonly title: string;
  readonly method: string;
  readonly inputs: Values;
  readonly parameters: Readonly<Record<string, string | number | boolean>>;
  readonly outputs: Values;
  readonly error: string | undefined;
}

const TABLE = String.raw`
# Text
AssertStringClaimsAreEqual | {"inputClaim1": "a", "inputClaim2": "a"} | {"stringComparison": "ordinal"} | {}
AssertStringClaimsAreEqual | {"inputClaim1": "a", "inputClaim2": "A"} | {"stringComparison": "OrdinalIgnoreCase"} | {}
AssertStringClaimsAreEqual | {"inputClaim1": "a", "inputClaim2": "A"} | {"stringComparison": "ordinal"} | !UserMessageIfClaimsTransformationStringsAreNotEqual
AssertStringClaimsAreEqual | {"inputClaim1": "someone@contoso.com", "inputClaim2": "someone@outlook.com"} | {"stringComparison": "ordinalIgnoreCase"} | !UserMessageIfClaimsTransformationStringsAreNotEqual
AssertStringClaimsAreEqual | {"inputClaim1": "a", "inputClaim2": null} | {"stringComparison": "ordinal"} | !UserMessageIfClaimsTransformationStringsAreNotEqual
AssertStringClaimsAreEqual | {"inputClaim1": null, "inputClaim2": null} | {"stringComparison": "ordinal"} | {}
ChangeCase | {"inputClaim1": "SomeOne@contoso.com"} | {"toCase": "LOWER"} | {"outputClaim": "someone@contoso.com"}
ChangeCase | {"inputClaim1": "Straße"} | {"toCase": "upper"} | {"outputClaim": "STRASSE"}
ChangeCase | {"inputClaim1": null} | {"toCase": "UPPER"} | {"outputClaim": null}
CompareClaims | {"inputClaim1": "someone@contoso.com", "inputClaim2": "someone@outlook.com"} | {"operator": "NOT EQUAL", "ignoreCase": true} | {"outputClaim": true}
CompareClaims | {"inputClaim1": "a", "inputClaim2": "A"} | {"operator": "equal", "ignoreCase": "true"} | {"outputClaim": true}
CompareClaims | {"inputClaim1": "a", "inputClaim2": "A"} | {"operator": "EQUAL", "ignoreCase": false} | {"outputClaim": false}
CompareClaims | {"inputClaim1": "a", "inputClaim2": null} | {"operator": "EQUAL"} | {"outputClaim": false}
CompareClaims | {"inputClaim1": null, "inputClaim2": null} | {"operator": "EQUAL"} | {"outputClaim": true}
CompareClaimToValue | {"inputClaim1": "v1"} | {"compareTo": "V1", "operator": "EQUAL", "ignoreCase": true} | {"outputClaim": true}
CompareClaimToValue | {"inputClaim1": "v1"} | {"compareTo": "V1", "operator": "not equal", "ignoreCase": "false"} | {"outputClaim": true}
CompareClaimToValue | {"inputClaim1": null} | {"compareTo": "V1", "operator": "not equal"} | {"outputClaim": true}
CreateStringClaim | {} | {"value": "Contoso terms of service..."} | {"createdClaim": "Contoso terms of service..."}
CreateStringClaim | {} | {"value": "{RelyingPartyTenantId}"} | {"createdClaim": "contoso.onmicrosoft.com"}
CreateStringClaim | {} | {"value": ""} | {"createdClaim": null}
FormatStringClaim | {"inputClaim": "5164db16"} | {"stringFormat": "cpim_{0}@{RelyingPartyTenantId}"} | {"outputClaim": "cpim_5164db16@contoso.onmicrosoft.com"}
FormatStringClaim | {"inputClaim": "x"} | {"stringFormat": "{{{0}}} {0,3}|{0,-3}|{0:D4}"} | {"outputClaim": "{x}   x|x  |x"}
FormatStringClaim | {"inputClaim": 7} | {"stringFormat": "{0:D4}-{0:000}"} | {"outputClaim": "0007-007"}
FormatStringClaim | {"inputClaim": true} | {"stringFormat": "{0}"} | {"outputClaim": "True"}
FormatStringClaim | {"inputClaim": null} | {"stringFormat": "a{0}b"} | {"outputClaim": "ab"}
FormatStringClaim | {"inputClaim": "x"} | {"stringFormat": "{1}"} | !JourneyError
FormatStringClaim | {"inputClaim": "x"} | {"stringFormat": "{name}"} | !JourneyError
FormatStringMultipleClaims | {"inputClaim1": "Joe", "inputClaim2": "Fernando"} | {"stringFormat": "{0} {1}"} | {"outputClaim": "Joe Fernando"}
FormatStringMultipleClaims | {"inputClaim1": "+49", "inputClaim2": "123"} | {"stringFormat": "{1}{0}{1}"} | {"outputClaim": "123+49123"}
FormatStringMultipleClaims | {"inputClaim1": "Joe", "inputClaim2": null} | {"stringFormat": "{0} {1}"} | {"outputClaim": "Joe "}
FormatLocalizedString | {"@first": "abc", "@second": "ABC", "@third": "123"} | {"stringFormatId": "three"} | {"outputClaim": "'abc', 'ABC', 123"}
FormatLocalizedString | {"@first": "abc", "@second": null, "@third": "123"} | {"stringFormatId": "three"} | {"outputClaim": "'abc', '', 123"}
FormatLocalizedString | {"@first": "abc"} | {"stringFormatId": "unknown"} | !JourneyError
GetLocalizedStringsTransformation | {} | {} | {"email_subject": "Your code", "email_code": "Code:"}
GetLocalizedStringsTransformation | {} | {} | {"unknown": null}
GetLocalizedStringsTransformation | {} | {} | {"@email_code": "Code:"}
GetMappedValueFromLocalizedCollection | {"mapFromClaim": "B2C_V1_90001"} | {} | {"restrictionValueClaim": "You are a minor"}
GetMappedValueFromLocalizedCollection | {"mapFromClaim": "B2C_V1_1"} | {} | {"restrictionValueClaim": null}
GetMappedValueFromLocalizedCollection | {"mapFromClaim": null} | {} | {"restrictionValueClaim": null}
LookupValue | {"inputParameterId": "fabrikam.com"} | {"contoso.com": "app-1", "fabrikam.com": "app-2", "errorOnFailedLookup": false} | {"outputClaim": "app-2"}
LookupValue | {"inputParameterId": "FABRIKAM.com"} | {"contoso.com": "app-1", "fabrikam.com": "app-2"} | {"outputClaim": "app-2"}
LookupValue | {"inputParameterId": "test.com"} | {"contoso.com": "app-1", "fabrikam.com": "app-2", "errorOnFailedLookup": false} | {"outputClaim": null}
LookupValue | {"inputParameterId": "test.com"} | {"contoso.com": "app-1", "fabrikam.com": "app-2", "errorOnFailedLookup": true} | !LookupNotFound
LookupValue | {"inputParameterId": "errorOnFailedLookup"} | {"contoso.com": "app-1", "fabrikam.com": "app-2", "errorOnFailedLookup": false} | {"outputClaim": null}
LookupValue | {"inputParameterId": null} | {"contoso.com": "app-1", "fabrikam.com": "app-2", "errorOnFailedLookup": true} | !LookupNotFound
ParseDomain | {"emailAddress": "joe@outlook.com"} | {} | {"domain": "outlook.com"}
ParseDomain | {"emailAddress": "joe"} | {} | {"domain": null}
ParseDomain | {"emailAddress": null} | {} | {"domain": null}
SetClaimIfBooleansMatch | {"claimToMatch": true} | {"matchTo": "true", "outputClaimIfMatched": "yes"} | {"outputClaim": "yes"}
SetClaimIfBooleansMatch | {"claimToMatch": false} | {"matchTo": "False", "outputClaimIfMatched": "no"} | {"outputClaim": "no"}
SetClaimIfBooleansMatch | {"claimToMatch": null} | {"matchTo": "true", "outputClaimIfMatched": "yes"} | {"outputClaim": "(kept)"}
SetClaimsIfRegexMatch | {"claimToMatch": "64854114520"} | {"matchTo": "^[0-9]{4,16}$", "outputClaimIfMatched": "ok"} | {"outputClaim": "ok", "regexCompareResultClaim": true}
setClaimsIfRegexMatch | {"claimToMatch": "abc"} | {"matchTo": "^[0-9]{4,16}$", "outputClaimIfMatched": "ok"} | {"outputClaim": null, "regexCompareResultClaim": false}
SetClaimsIfRegexMatch | {"claimToMatch": "ABC"} | {"matchTo": "(?i)^abc$"} | {"regexCompareResultClaim": true}
SetClaimsIfRegexMatch | {"claimToMatch": "emily@contoso.com"} | {"matchTo": "(?<name>.*)@(.*)$", "extractGroups": true} | {"@name": "emily", "regexCompareResultClaim": true}
SetClaimsIfRegexMatch | {"claimToMatch": "emily@contoso.com"} | {"matchTo": "(?<name>.*)@(.*)$", "extractGroups": false} | {"@name": "(kept)", "regexCompareResultClaim": true}
SetClaimsIfRegexMatch | {"claimToMatch": null} | {"matchTo": ".*", "outputClaimIfMatched": "ok"} | {"outputClaim": null, "regexCompareResultClaim": false}
SetClaimsIfRegexMatch | {"claimToMatch": "a"} | {"matchTo": "("} | !JourneyError
SetClaimsIfStringsAreEqual | {"inputClaim": "v1"} | {"matchTo": "V1", "stringComparison": "ordinalIgnoreCase", "stringMatchMsg": "B2C_V1_90005", "stringMatchMsgCode": "upgraded"} | {"outputClaim1": "B2C_V1_90005", "outputClaim2": "upgraded", "stringCompareResultClaim": true}
SetClaimsIfStringsAreEqual | {"inputClaim": "v1"} | {"matchTo": "V1", "stringComparison": "ordinal", "stringMatchMsg": "a"} | {"outputClaim1": "(kept)", "stringCompareResultClaim": false}
SetClaimsIfStringsAreEqual | {"inputClaim": null} | {"matchTo": "V1", "stringComparison": "ordinal"} | {"stringCompareResultClaim": false}
SetClaimsIfStringsMatch | {"claimToMatch": "Minor"} | {"matchTo": "minor", "stringComparison": "ordinalIgnoreCase", "outputClaimIfMatched": "B2C_V1_90001"} | {"outputClaim": "B2C_V1_90001", "stringCompareResultClaim": true}
SetClaimsIfStringsMatch | {"claimToMatch": "Adult"} | {"matchTo": "minor", "stringComparison": "ordinalIgnoreCase", "outputClaimIfMatched": "B2C_V1_90001"} | {"outputClaim": null, "stringCompareResultClaim": false}
SetClaimsIfStringsMatch | {"claimToMatch": null} | {"matchTo": "minor", "stringComparison": "ordinal", "outputClaimIfMatched": "x"} | {"outputClaim": null, "stringCompareResultClaim": false}
StringContains | {"inputClaim": "Admin, Approver"} | {"contains": "admin,", "ignoreCase": "true"} | {"outputClaim": true}
StringContains | {"inputClaim": "Admin, Approver"} | {"contains": "admin,", "ignoreCase": "false"} | {"outputClaim": false}
StringContains | {"inputClaim": null} | {"contains": "admin", "ignoreCase": "true"} | {"outputClaim": false}
StringReplace | {"inputClaim": "+123-456-7"} | {"oldValue": "-", "newValue": ""} | {"outputClaim": "+1234567"}
StringReplace | {"inputClaim": "a.b"} | {"oldValue": ".", "newValue": "$&"} | {"outputClaim": "a$&b"}
StringReplace | {"inputClaim": null} | {"oldValue": "-", "newValue": "x"} | {"outputClaim": null}
StringSubstring | {"inputClaim": "+1644114520"} | {"startIndex": 0, "length": 2} | {"outputClaim": "+1"}
StringSubstring | {"inputClaim": "abc"} | {"startIndex": 1, "length": 3} | !JourneyError
StringSubstring | {"inputClaim": null} | {"startIndex": 0, "length": 2} | {"outputClaim": null}
# Booleans
AndClaims | {"inputClaim1": true, "inputClaim2": false} | {} | {"outputClaim": false}
AndClaims | {"inputClaim1": true, "inputClaim2": true} | {} | {"outputClaim": true}
AndClaims | {"inputClaim1": true, "inputClaim2": null} | {} | {"outputClaim": false}
AssertBooleanClaimIsEqualToValue | {"inputClaim": true} | {"valueToCompareTo": "true"} | {}
AssertBooleanClaimIsEqualToValue | {"inputClaim": false} | {"valueToCompareTo": "false"} | {}
AssertBooleanClaimIsEqualToValue | {"inputClaim": false} | {"valueToCompareTo": true} | !UserMessageIfClaimsTransformationBooleanValueIsNotEqual
AssertBooleanClaimIsEqualToValue | {"inputClaim": null} | {"valueToCompareTo": false} | !UserMessageIfClaimsTransformationBooleanValueIsNotEqual
CompareBooleanClaimToValue | {"inputClaim": false} | {"valueToCompareTo": true} | {"compareResult": false}
CompareBooleanClaimToValue | {"inputClaim": true} | {"valueToCompareTo": "True"} | {"compareResult": true}
CompareBooleanClaimToValue | {"inputClaim": null} | {"valueToCompareTo": false} | {"compareResult": false}
NotClaims | {"inputClaim": false} | {} | {"outputClaim": true}
NotClaims | {"inputClaim": true} | {} | {"outputClaim": false}
NotClaims | {"inputClaim": null} | {} | {"outputClaim": true}
OrClaims | {"inputClaim1": true, "inputClaim2": false} | {} | {"outputClaim": true}
OrClaims | {"inputClaim1": false, "inputClaim2": false} | {} | {"outputClaim": false}
OrClaims | {"inputClaim1": null, "inputClaim2": true} | {} | {"outputClaim": true}
# Numbers
AdjustNumber | {"inputClaim": 1} | {"Operator": "INCREMENT"} | {"outputClaim": 2}
AdjustNumber | {"inputClaim": 1} | {"Operator": "Decrement"} | {"outputClaim": 0}
AdjustNumber | {"inputClaim": null} | {"Operator": "INCREMENT"} | {"outputClaim": 1}
AssertNumber | {"inputClaim": 10} | {"Operator": "GreaterThan", "CompareToValue": 5, "throwError": true} | !AssertNumberError
AssertNumber | {"inputClaim": 5} | {"Operator": "GreaterThan", "CompareToValue": 5} | {}
AssertNumber | {"inputClaim": 10} | {"Operator": "GreaterThan", "CompareToValue": 5, "throwError": false} | {"outputClaim": true}
AssertNumber | {"inputClaim": 5} | {"Operator": "lessthan", "CompareToValue": 5, "throwError": false} | {"outputClaim": false}
AssertNumber | {"inputClaim": 5} | {"Operator": "LessThanOrEqual", "CompareToValue": 5, "throwError": false} | {"outputClaim": true}
AssertNumber | {"inputClaim": 5} | {"Operator": "GreaterThanOrEqual", "CompareToValue": 6, "throwError": false} | {"outputClaim": false}
AssertNumber | {"inputClaim": 5} | {"Operator": "Equal", "CompareToValue": 5, "throwError": false} | {"outputClaim": true}
AssertNumber | {"inputClaim": 5} | {"Operator": "NotEqual", "CompareToValue": 5, "throwError": false} | {"outputClaim": false}
AssertNumber | {"inputClaim": null} | {"Operator": "Equal", "CompareToValue": 5, "throwError": false} | !JourneyError
ConvertNumberToStringClaim | {"inputClaim": 12334} | {} | {"outputClaim": "12334"}
ConvertNumberToStringClaim | {"inputClaim": -1} | {} | {"outputClaim": "-1"}
ConvertNumberToStringClaim | {"inputClaim": null} | {} | {"outputClaim": null}
# Dates
AssertDateTimeIsGreaterThan | {"leftOperand": "2026-01-20T00:00:00.100000Z", "rightOperand": "2026-01-01T00:00:00.100000Z"} | {${SESSION}} | {}
AssertDateTimeIsGreaterThan | {"leftOperand": "2026-01-01T15:00:00", "rightOperand": "2026-01-22T15:00:00Z"} | {${SESSION}} | !DateTimeGreaterThan
AssertDateTimeIsGreaterThan | {"leftOperand": "2026-01-01T15:00:00Z", "rightOperand": "2026-01-01T15:04:59Z"} | {${SESSION}} | {}
AssertDateTimeIsGreaterThan | {"leftOperand": "2026-01-01T15:00:00Z", "rightOperand": "2026-01-01T15:00:00Z"} | {"AssertIfEqualTo": true, "AssertIfRightOperandIsNotPresent": true, "TreatAsEqualIfWithinMillseconds": 300000} | !DateTimeGreaterThan
AssertDateTimeIsGreaterThan | {"leftOperand": "2026-01-01T15:00:00Z", "rightOperand": null} | {${SESSION}} | {}
AssertDateTimeIsGreaterThan | {"leftOperand": "2026-01-01T15:00:00Z", "rightOperand": null} | {"AssertIfEqualTo": false, "AssertIfRightOperandIsNotPresent": false, "TreatAsEqualIfWithinMillseconds": 300000} | !DateTimeGreaterThan
AssertDateTimeIsGreaterThan | {"leftOperand": null, "rightOperand": "2026-01-01T15:00:00Z"} | {${SESSION}} | !DateTimeGreaterThan
AssertDateTimeIsGreaterThan | {"leftOperand": "soon", "rightOperand": "2026-01-01T15:00:00Z"} | {${SESSION}} | !JourneyError
ConvertDateTimeToDateClaim | {"inputClaim": "2021-11-30T23:33:19.000Z"} | {} | {"outputClaim": "2021-11-30"}
ConvertDateTimeToDateClaim | {"inputClaim": "2021-11-30T23:33:19-05:00"} | {} | {"outputClaim": "2021-12-01"}
ConvertDateTimeToDateClaim | {"inputClaim": null} | {} | {"outputClaim": null}
ConvertDateToDateTimeClaim | {"inputClaim": "2022-01-03"} | {} | {"outputClaim": "2022-01-03T00:00:00.000Z"}
ConvertDateToDateTimeClaim | {"inputClaim": "2022-02-30x"} | {} | !JourneyError
ConvertDateToDateTimeClaim | {"inputClaim": null} | {} | {"outputClaim": null}
DateTimeComparison | {"firstDateTime": "2026-03-01T00:00:00Z", "secondDateTime": "2026-03-02T00:00:00Z"} | {"operator": "later than", "timeSpanInSeconds": 5} | {"result": false}
DateTimeComparison | {"firstDateTime": "2026-03-01T00:00:00Z", "secondDateTime": "2026-03-02T00:00:00Z"} | {"operator": "greater than", "timeSpanInSeconds": 86401} | {"result": true}
DateTimeComparison | {"firstDateTime": "2026-03-01T00:00:00Z", "secondDateTime": "2026-03-02T00:00:00Z"} | {"operator": "Earlier Than", "timeSpanInSeconds": 5} | {"result": true}
DateTimeComparison | {"firstDateTime": "2026-03-01T00:00:00Z", "secondDateTime": "2026-03-02T00:00:00Z"} | {"operator": "same", "timeSpanInSeconds": 86400} | {"result": true}
DateTimeComparison | {"firstDateTime": "2026-03-15T10:30:00.000Z", "secondDateTime": null} | {"operator": "same", "timeSpanInSeconds": 0} | {"result": true}
DateTimeComparison | {"firstDateTime": null, "secondDateTime": "2026-03-15T10:30:00.000Z"} | {"operator": "same", "timeSpanInSeconds": 0} | !JourneyError
DateTimeComparison | {"firstDateTime": "2026-03-15T10:30:00.000Z", "secondDateTime": "2026-03-15T10:30:00.000Z"} | {"operator": "before", "timeSpanInSeconds": 0} | !JourneyError
GetCurrentDateTime | {} | {} | {"currentDateTime": "2026-03-15T10:30:00.000Z"}
getcurrentdatetime | {} | {} | {"currentDateTime": "2026-03-15T10:30:00.000Z"}
GetCurrentDateTime | {} | {} | {"@currentDateTime": "2026-03-15T10:30:00.000Z"}
IsTermsOfUseConsentRequired | {"termsOfUseConsentDateTime": "2026-01-01T00:00:00Z"} | {"termsOfUseTextUpdateDateTime": "2026-02-01T00:00:00Z"} | {"result": true}
IsTermsOfUseConsentRequired | {"termsOfUseConsentDateTime": "2026-03-01T00:00:00Z"} | {"termsOfUseTextUpdateDateTime": "2026-02-01T00:00:00Z"} | {"result": false}
IsTermsOfUseConsentRequired | {"termsOfUseConsentDateTime": null} | {"termsOfUseTextUpdateDateTime": "2026-02-01T00:00:00Z"} | {"result": true}
GetAgeGroupConsentProvidedAndRequiresConsent | {"dateOfBirth": "2000-01-01", "countryCode": "DE", "consentProvidedForMinor": null} | {} | {"ageGroup": "Adult", "requiresParentalConsent": false, "consentProvidedForMinor": "NotRequired"}
GetAgeGroupConsentProvidedAndRequiresConsent | {"dateOfBirth": "2008-03-16", "countryCode": "DE", "consentProvidedForMinor": null} | {} | {"ageGroup": "NotAdult", "requiresParentalConsent": false, "consentProvidedForMinor": "NotRequired"}
GetAgeGroupConsentProvidedAndRequiresConsent | {"dateOfBirth": "2008-03-15", "countryCode": "de", "consentProvidedForMinor": null} | {} | {"ageGroup": "Adult", "requiresParentalConsent": false, "consentProvidedForMinor": "NotRequired"}
GetAgeGroupConsentProvidedAndRequiresConsent | {"dateOfBirth": "2015-01-01", "countryCode": "DE", "consentProvidedForMinor": "Granted"} | {} | {"ageGroup": "Minor", "requiresParentalConsent": true, "consentProvidedForMinor": "Granted"}
GetAgeGroupConsentProvidedAndRequiresConsent | {"dateOfBirth": "2015-01-01", "countryCode": "US", "consentProvidedForMinor": null} | {} | {"ageGroup": "Minor", "requiresParentalConsent": true, "consentProvidedForMinor": null}
GetAgeGroupConsentProvidedAndRequiresConsent | {"dateOfBirth": "2006-01-01", "countryCode": "SG", "consentProvidedForMinor": null} | {} | {"ageGroup": "Minor", "requiresParentalConsent": false, "consentProvidedForMinor": "NotRequired"}
GetAgeGroupConsentProvidedAndRequiresConsent | {"dateOfBirth": null, "countryCode": "US", "consentProvidedForMinor": null} | {} | {"ageGroup": "Undefined", "requiresParentalConsent": false, "consentProvidedForMinor": null}
GetAgeGroupAndConsentProvided | {"dateOfBirth": "2000-01-01", "countryCode": "DE", "consentProvidedForMinor": null} | {} | {"ageGroup": "Adult", "consentProvidedForMinor": "NotRequired"}
GetAgeGroupAndConsentProvided | {"dateOfBirth": "2015-01-01", "countryCode": "KR", "consentProvidedForMinor": "Denied"} | {} | {"ageGroup": "Minor", "consentProvidedForMinor": "Denied"}
GetAgeGroupAndConsentProvided | {"dateOfBirth": "2015-01-01", "countryCode": null, "consentProvidedForMinor": null} | {} | {"ageGroup": "Undefined", "consentProvidedForMinor": null}
# Collections
AddItemToStringCollection | {"item": "admin@contoso.com", "collection": ["someone@outlook.com"]} | {} | {"collection": ["someone@outlook.com","admin@contoso.com"]}
AddItemToStringCollection | {"item": "a", "collection": ["a"]} | {} | {"collection": ["a"]}
AddItemToStringCollection | {"item": "a", "collection": null} | {} | {"collection": ["a"]}
AddItemToStringCollection | {"item": null, "collection": null} | {} | {"collection": null}
AddParameterToStringCollection | {"collection": ["someone@outlook.com"]} | {"item": "admin@contoso.com"} | {"collection": ["someone@outlook.com","admin@contoso.com"]}
AddParameterToStringCollection | {"collection": ["a"]} | {"item": "a"} | {"collection": ["a"]}
AddParameterToStringCollection | {"collection": null} | {"item": "a"} | {"collection": ["a"]}
GetSingleItemFromStringCollection | {"collection": ["a","b"]} | {} | {"extractedItem": "a"}
GetSingleItemFromStringCollection | {"collection": []} | {} | {"extractedItem": null}
GetSingleItemFromStringCollection | {"collection": null} | {} | {"extractedItem": null}
StringCollectionContains | {"inputClaim": ["reader","admin"]} | {"item": "Admin", "ignoreCase": "true"} | {"outputClaim": true}
StringCollectionContains | {"inputClaim": ["reader","admin"]} | {"item": "Admin", "ignoreCase": "false"} | {"outputClaim": false}
StringCollectionContains | {"inputClaim": null} | {"item": "Admin", "ignoreCase": "true"} | {"outputClaim": false}
StringCollectionContainsClaim | {"collection": ["reader","admin"], "item": "Admin"} | {"ignoreCase": true} | {"outputClaim": true}
StringCollectionContainsClaim | {"collection": ["reader","admin"], "item": "Admin"} | {"ignoreCase": false} | {"outputClaim": false}
StringCollectionContainsClaim | {"collection": ["reader"], "item": null} | {"ignoreCase": false} | {"outputClaim": false}
StringJoin | {"inputClaim": ["admin","author","reader"]} | {"delimiter": ","} | {"outputClaim": "admin,author,reader"}
StringJoin | {"inputClaim": ["admin"]} | {"delimiter": ","} | {"outputClaim": "admin"}
StringJoin | {"inputClaim": null} | {"delimiter": ","} | {"outputClaim": null}
StringSplit | {"inputClaim": "google,facebook"} | {"delimiter": ","} | {"outputClaim": ["google","facebook"]}
StringSplit | {"inputClaim": "google"} | {"delimiter": ", "} | {"outputClaim": ["google"]}
StringSplit | {"inputClaim": null} | {"delimiter": ","} | {"outputClaim": null}
# Identities
AddItemToAlternativeSecurityIdCollection | {"item": "{\"type\":6,\"identityProvider\":\"live.com\",\"key\":\"NDU2\"}", "collection": [${GOOGLE}]} | {} | {"collection": [${GOOGLE},${LIVE}]}
AddItemToAlternativeSecurityIdCollection | {"item": "{\"type\":6,\"identityProvider\":\"live.com\",\"key\":\"NDU2\"}", "collection": null} | {} | {"collection": [${LIVE}]}
AddItemToAlternativeSecurityIdCollection | {"item": null, "collection": [${GOOGLE}]} | {} | {"collection": [${GOOGLE}]}
AddItemToAlternativeSecurityIdCollection | {"item": "live", "collection": [${GOOGLE}]} | {} | !JourneyError
AddItemToUserIdentityCollection | {"item": ${BOB}, "collection": [${ALICE}]} | {} | {"collection": [${ALICE},${BOB}]}
AddItemToUserIdentityCollection | {"item": ${BOB}, "collection": null} | {} | {"collection": [${BOB}]}
AddItemToUserIdentityCollection | {"item": null, "collection": [${ALICE}]} | {} | {"collection": [${ALICE}]}
CreateAlternativeSecurityId | {"key": "12345", "identityProvider": "facebook.com"} | {} | {"alternativeSecurityId": "{\"type\":6,\"identityProvider\":\"facebook.com\",\"key\":\"MTIzNDU=\"}"}
CreateAlternativeSecurityId | {"key": "é\"", "identityProvider": "a\"b"} | {} | {"alternativeSecurityId": "{\"type\":6,\"identityProvider\":\"a\\\"b\",\"key\":\"w6ki\"}"}
CreateAlternativeSecurityId | {"key": null, "identityProvider": "facebook.com"} | {} | {"alternativeSecurityId": null}
CreateUserIdentity | {"issuerUserId": "bob", "issuer": "facebook.com"} | {} | {"userIdentity": ${BOB}}
CreateUserIdentity | {"issuerUserId": "alice", "issuer": "live.com"} | {} | {"userIdentity": ${ALICE}}
CreateUserIdentity | {"issuerUserId": "bob", "issuer": null} | {} | {"userIdentity": null}
GetIdentityProvidersFromAlternativeSecurityIdCollectionTransformation | {"alternativeSecurityIdCollection": [${GOOGLE},${LIVE}]} | {} | {"identityProvidersCollection": ["google.com","live.com"]}
GetIdentityProvidersFromAlternativeSecurityIdCollectionTransformation | {"alternativeSecurityIdCollection": []} | {} | {"identityProvidersCollection": null}
GetIdentityProvidersFromAlternativeSecurityIdCollectionTransformation | {"alternativeSecurityIdCollection": null} | {} | {"identityProvidersCollection": null}
GetIssuersFromUserIdentityCollectionTransformation | {"userIdentityCollection": [${ALICE},${BOB}]} | {} | {"issuersCollection": ["live.com","facebook.com"]}
GetIssuersFromUserIdentityCollectionTransformation | {"userIdentityCollection": [${BOB}]} | {} | {"issuersCollection": ["facebook.com"]}
GetIssuersFromUserIdentityCollectionTransformation | {"userIdentityCollection": null} | {} | {"issuersCollection": null}
RemoveAlternativeSecurityIdByIdentityProvider | {"identityProvider": "live.com", "collection": [${GOOGLE},${LIVE}]} | {} | {"collection": [${GOOGLE}]}
RemoveAlternativeSecurityIdByIdentityProvider | {"identityProvider": "apple.com", "collection": [${GOOGLE}]} | {} | {"collection": [${GOOGLE}]}
RemoveAlternativeSecurityIdByIdentityProvider | {"identityProvider": "google.com", "collection": [${GOOGLE}]} | {} | {"collection": null}
RemoveUserIdentityFromCollectionByIssuer | {"issuer": "Live.com", "collection": [${ALICE},${BOB}]} | {} | {"collection": [${BOB}]}
RemoveUserIdentityFromCollectionByIssuer | {"issuer": null, "collection": [${ALICE}]} | {} | {"collection": [${ALICE}]}
RemoveUserIdentityFromCollectionByIssuer | {"issuer": "live.com", "collection": null} | {} | {"collection": null}
# Phone numbers
ConvertPhoneNumberClaimToString | {"phoneNumber": "+11234567890"} | {} | {"phoneNumberString": "+11234567890"}
ConvertPhoneNumberClaimToString | {"phoneNumber": "+491234567"} | {} | {"phoneNumberString": "+491234567"}
ConvertPhoneNumberClaimToString | {"phoneNumber": null} | {} | {"phoneNumberString": null}
ConvertStringToPhoneNumberClaim | {"phoneNumberString": "+1 (123) 456-7890"} | {} | {"outputClaim": "+11234567890"}
ConvertStringToPhoneNumberClaim | {"phoneNumberString": "0030 123456", "country": "de"} | {} | {"outputClaim": "+4930123456"}
ConvertStringToPhoneNumberClaim | {"phoneNumberString": "+44 20 7946 0018", "country": "DE"} | {} | {"outputClaim": "+442079460018"}
ConvertStringToPhoneNumberClaim | {"inputClaim": "+49 30 1234567"} | {} | {"outputClaim": "+49301234567"}
ConvertStringToPhoneNumberClaim | {"phoneNumberString": "123-456-7890"} | {} | !UserMessageIfClaimsTransformationInvalidPhoneNumber
ConvertStringToPhoneNumberClaim | {"phoneNumberString": "call me", "country": "US"} | {} | !UserMessageIfClaimsTransformationInvalidPhoneNumber
ConvertStringToPhoneNumberClaim | {"phoneNumberString": null} | {} | !UserMessageIfClaimsTransformationInvalidPhoneNumber
GetNationalNumberAndCountryCodeFromPhoneNumberString | {"phoneNumber": "+49 (123) 456-7890"} | {"countryCodeType": "ISO3166"} | {"nationalNumber": "1234567890", "countryCode": "DE"}
GetNationalNumberAndCountryCodeFromPhoneNumberString | {"phoneNumber": "+49 (123) 456-7890"} | {"countryCodeType": "CallingCode"} | {"nationalNumber": "1234567890", "countryCode": "+49"}
GetNationalNumberAndCountryCodeFromPhoneNumberString | {"phoneNumber": "+15551234567"} | {} | {"nationalNumber": "5551234567", "countryCode": "US"}
GetNationalNumberAndCountryCodeFromPhoneNumberString | {"phoneNumber": "123"} | {"throwExceptionOnFailure": false} | {"nationalNumber": "(kept)", "countryCode": "(kept)"}
GetNationalNumberAndCountryCodeFromPhoneNumberString | {"phoneNumber": null} | {"throwExceptionOnFailure": true} | !UserMessageIfPhoneNumberParseFailure
# JSON and XML
CreateJsonArray | {"inputClaim": "someone@example.com"} | {} | {"outputClaim": "[\"someone@example.com\"]"}
CreateJsonArray | {"inputClaim": "a\"b"} | {} | {"outputClaim": "[\"a\\\"b\"]"}
CreateJsonArray | {"inputClaim": null} | {} | {"outputClaim": "[]"}
GenerateJson | {"personalizations.0.to.0.email": "a@b.c", "data.flag": true, "data.count": 2} | {"template_id": "d-1", "data.fixed": "x"} | {"outputClaim": "{\"personalizations\":[{\"to\":[{\"email\":\"a@b.c\"}]}],\"data\":{\"flag\":true,\"count\":2,\"fixed\":\"x\"},\"template_id\":\"d-1\"}"}
GenerateJson | {"username": "a", "hash": null} | {} | {"outputClaim": "{\"username\":\"a\"}"}
GenerateJson | {"__proto__": "a", "constructor.prototype.x": "b"} | {"id": 5, "on": true} | {"outputClaim": "{\"__proto__\":\"a\",\"constructor\":{\"prototype\":{\"x\":\"b\"}},\"id\":5,\"on\":true}"}
GenerateJson | {"0.name": "a", "1.name": "b"} | {} | {"outputClaim": "[{\"name\":\"a\"},{\"name\":\"b\"}]"}
GenerateJson | {"a.0": "x", "a.4000000000": "y"} | {} | !JourneyError
GetClaimFromJson | {"inputJson": ${EMILY}} | {"claimToExtract": "emailAddress"} | {"extractedClaim": "emily@live.com"}
GetClaimFromJson | {"inputJson": ${EMILY}} | {"claimToExtract": "tags"} | {"extractedClaim": "[\"a\"]"}
GetClaimFromJson | {"inputJson": ${EMILY}} | {"claimToExtract": "toString"} | {"extractedClaim": null}
GetClaimFromJson | {"inputJson": null} | {"claimToExtract": "id"} | {"extractedClaim": null}
GetClaimFromJson | {"inputJson": "no JSON"} | {"claimToExtract": "id"} | !JourneyError
GetClaimsFromJsonArray | {"jsonSource": ${PAIRS}} | {"errorOnMissingClaims": false, "includeEmptyClaims": false} | {"@email": "emily@live.com", "@membershipNum": 6353399, "@active": true, "@empty": "(kept)", "@other": "(kept)"}
GetClaimsFromJsonArray | {"jsonSource": ${PAIRS}} | {"errorOnMissingClaims": false, "includeEmptyClaims": true} | {"@email": "emily@live.com", "@empty": null}
GetClaimsFromJsonArray | {"jsonSource": ${PAIRS}} | {"errorOnMissingClaims": true} | {"@email": "emily@live.com"}
GetClaimsFromJsonArray | {"jsonSource": "{}"} | {"errorOnMissingClaims": false} | !JourneyError
GetClaimsFromJsonArray | {"jsonSource": ${PAIRS}} | {"errorOnMissingClaims": true} | !JourneyError {"@other": null}
GetClaimsFromJsonArray | {"jsonSource": null} | {"errorOnMissingClaims": false} | {"@email": "(kept)"}
GetClaimsFromJsonArrayV2 | {"jsonSource": ["{\"type\":\"email\",\"val\":\"emily@live.com\"}","{\"type\":\"active\",\"val\":false}"]} | {"jsonSourceKeyName": "type", "jsonSourceValueName": "val"} | {"@email": "emily@live.com", "@active": false}
GetClaimsFromJsonArrayV2 | {"jsonSource": ["no JSON"]} | {} | !JourneyError
GetClaimsFromJsonArrayV2 | {"jsonSource": null} | {} | {"@email": "(kept)"}
GetNumericClaimFromJson | {"inputJson": ${EMILY}} | {"claimToExtract": "id"} | {"extractedClaim": 6353399}
GetNumericClaimFromJson | {"inputJson": "{\"id\":\"12\"}"} | {"claimToExtract": "id"} | {"extractedClaim": 12}
GetNumericClaimFromJson | {"inputJson": ${EMILY}} | {"claimToExtract": "displayName"} | !JourneyError
GetNumericClaimFromJson | {"inputJson": null} | {"claimToExtract": "id"} | {"extractedClaim": null}
GetSingleItemFromJson | {"inputJson": ${EMILY}} | {} | {"key": "emailAddress", "value": "emily@live.com"}
GetSingleItemFromJson | {"inputJson": "{\"en\":{\"a\":1}}"} | {} | {"key": "en", "value": "{\"a\":1}"}
GetSingleItemFromJson | {"inputJson": null} | {} | {"key": null, "value": null}
GetSingleValueFromJsonArray | {"inputJsonClaim": "[\"emily@live.com\",\"Emily Smith\",6353399]"} | {} | {"extractedClaim": "emily@live.com"}
GetSingleValueFromJsonArray | {"inputJsonClaim": "[]"} | {} | {"extractedClaim": null}
GetSingleValueFromJsonArray | {"inputJsonClaim": "{}"} | {} | !JourneyError
XmlStringToJsonString | {"xml": "<user><name>Emily</name><email>emily@contoso.com</email></user>"} | {} | {"json": "{\"user\":{\"name\":\"Emily\",\"email\":\"emily@contoso.com\"}}"}
XmlStringToJsonString | {"xml": "<?xml version=\"1.0\"?><a id=\"1\"><b/><b>x &amp; <![CDATA[<y>]]></b></a>"} | {} | {"json": "{\"a\":{\"@id\":\"1\",\"b\":[null,\"x & <y>\"]}}"}
XmlStringToJsonString | {"xml": "<a id=\"1\">x</a>"} | {} | {"json": "{\"a\":{\"@id\":\"1\",\"#text\":\"x\"}}"}
XmlStringToJsonString | {"xml": "<a><b></a></b>"} | {} | !JourneyError
XmlStringToJsonString | {"xml": "<a"} | {} | !JourneyError
XmlStringToJsonString | {"xml": null} | {} | {"json": null}
# General
BuildUri | {"path": "Contoso:emily@fabrikam.com", "query.secret": "fay2lj7"} | {"scheme": "otpauth", "host": "totp", "query.issuer": "Contoso B2C"} | {"outputClaim": "otpauth://totp/Contoso:emily@fabrikam.com?issuer=Contoso%20B2C&secret=fay2lj7"}
BuildUri | {"path": "a%3A b"} | {"scheme": "https", "host": "example.com"} | {"outputClaim": "https://example.com/a%3A%20b"}
BuildUri | {"path": null} | {"host": "example.com", "query.a": "1&2"} | {"outputClaim": "https://example.com/?a=1%262"}
CopyClaim | {"inputClaim": "a"} | {} | {"outputClaim": "a"}
CopyClaim | {"inputClaim": ["a","b"]} | {} | {"outputClaim": ["a","b"]}
CopyClaim | {"inputClaim": null} | {} | {"outputClaim": null}
DoesClaimExist | {"inputClaim": "someone@contoso.com"} | {} | {"outputClaim": true}
DoesClaimExist | {"inputClaim": false} | {} | {"outputClaim": true}
DoesClaimExist | {"inputClaim": null} | {} | {"outputClaim": false}
Hash | {"plaintext": null, "salt": "487624568"} | {"randomizerSecret": "B2C_1A_AccountTransformSecret"} | {"hash": null}
Hash | {"plaintext": "a", "salt": "b"} | {"randomizerSecret": "B2C_1A_AccountTransformSecret"} | {"hash": "Xi9QkSaVzTdXwPSd7THFFWj3kMBOyCreGN+ZmkBGS/M="}
NullClaim | {} | {} | {"claim_to_null": null}
nullclaim | {} | {} | {"claim_to_null": null}
NullClaim | {} | {} | {"@claim_to_null": null}
Hash | {"plaintext": "a"} | {"randomizerSecret": "B2C_1A_AccountTransformSecret"} | {"hash": "BNpQ2w2XnrhyOPDa+BwZDafNtIo8odYqjc7RJOgYMg0="}
`;

export const ROWS: readonly Row[] = TABLE.split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'))
  .map((title) => {
    const [method = '', inputs = '', parameters = '', result = ''] = title.split(' | ');
    const [, error, outputs = ''] = /^(?:!(\w+))?\s*(.*)$/.exec(result) ?? [];
    return {
      ...{ title, method, error },
      inputs: JSON.parse(inputs),
      parameters: JSON.parse(parameters),
      outputs: JSON.parse(outputs || '{}'),
    };
  });
