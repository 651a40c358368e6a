import { rowsOf, wordsOf } from './table.ts';

/**
 * The methods of claims transformations: `method | input claims | input parameters | output claims`.
 *
 * An argument is `name:types` with `/` between types and `?` behind an optional name; values that a
 * parameter may have follow `=`. `*` stands for any further names. `()` stands for claims without a
 * name, which a method takes by their order or by their own ids.
 */
const METHODS = `
AddItemToAlternativeSecurityIdCollection | item:string/alternativeSecurityIdCollection collection:alternativeSecurityIdCollection | | collection:alternativeSecurityIdCollection
AddItemToStringCollection | item:string collection:stringCollection | | collection:stringCollection
AddItemToUserIdentityCollection | item:userIdentity collection:userIdentityCollection | | collection:userIdentityCollection
AddParameterToStringCollection | collection:stringCollection | item:string | collection:stringCollection
AdjustNumber | inputClaim:int/long | Operator:string=INCREMENT,DECREMENT | outputClaim:int/long
AndClaims | inputClaim1:boolean inputClaim2:boolean | | outputClaim:boolean
AssertBooleanClaimIsEqualToValue | inputClaim:boolean | valueToCompareTo:boolean |
AssertDateTimeIsGreaterThan | leftOperand:string/dateTime rightOperand:string/dateTime | AssertIfEqualTo:boolean AssertIfRightOperandIsNotPresent:boolean TreatAsEqualIfWithinMillseconds:int |
AssertNumber | inputClaim:int/long | Operator:string=LessThan,GreaterThan,GreaterThanOrEqual,LessThanOrEqual,Equal,NotEqual CompareToValue:int/long throwError:boolean | outputClaim?:boolean
AssertStringClaimsAreEqual | inputClaim1:string inputClaim2:string | stringComparison:string=ordinal,ordinalIgnoreCase |
BuildUri | * | scheme?:string host?:string * | outputClaim:string
ChangeCase | inputClaim1:string | toCase:string=LOWER,UPPER | outputClaim:string
CompareBooleanClaimToValue | inputClaim:boolean | valueToCompareTo:boolean | compareResult:boolean
CompareClaimToValue | inputClaim1:string | compareTo:string operator:string=EQUAL,NOT EQUAL ignoreCase?:string/boolean | outputClaim:boolean
CompareClaims | inputClaim1:string inputClaim2:string | operator:string=EQUAL,NOT EQUAL ignoreCase?:string/boolean | outputClaim:boolean
ConvertDateTimeToDateClaim | inputClaim:dateTime | | outputClaim:date
ConvertDateToDateTimeClaim | inputClaim:date | | outputClaim:dateTime
ConvertNumberToStringClaim | inputClaim:long/int | | outputClaim:string
ConvertPhoneNumberClaimToString | phoneNumber:phoneNumber | | phoneNumberString:string
ConvertStringToPhoneNumberClaim | phoneNumberString:string country?:string | | outputClaim:phoneNumber
CopyClaim | inputClaim:any | | outputClaim:any
CopyClaimIfPredicateMatch | inputClaim:string | | outputClaim:string
CreateAlternativeSecurityId | key:string identityProvider:string | | alternativeSecurityId:string
CreateJsonArray | inputClaim:string | | outputClaim:string
CreateOtpSecret | | | outputClaim:string
CreateRandomString | | randomGeneratorType:string=GUID,INTEGER stringFormat?:string base64?:boolean maximumNumber?:int | outputClaim:string
CreateStringClaim | | value:string | createdClaim:string
CreateUserIdentity | issuer:string issuerUserId:string | | userIdentity:userIdentity
DateTimeComparison | firstDateTime:dateTime secondDateTime:dateTime | operator:string timeSpanInSeconds:int | result:boolean
DoesClaimExist | inputClaim:any | | outputClaim:boolean
FormatLocalizedString | () | stringFormatId:string | outputClaim:string
FormatStringClaim | inputClaim:string | stringFormat:string | outputClaim:string
FormatStringMultipleClaims | inputClaim1:string inputClaim2:string | stringFormat:string | outputClaim:string
GenerateJson | * | * | outputClaim:string
GetAgeGroupAndConsentProvided | dateOfBirth:date/dateTime countryCode:string consentProvidedForMinor:string | | ageGroup:string consentProvidedForMinor:string
GetAgeGroupConsentProvidedAndRequiresConsent | dateOfBirth:date/dateTime countryCode:string consentProvidedForMinor:string | | ageGroup:string requiresParentalConsent:boolean consentProvidedForMinor:string
GetClaimFromJson | inputJson:string | claimToExtract:string | extractedClaim:string
GetClaimsFromJsonArray | jsonSource:string | errorOnMissingClaims?:boolean includeEmptyClaims?:boolean jsonSourceKeyName?:string jsonSourceValueName?:string | ()
GetClaimsFromJsonArrayV2 | jsonSource:stringCollection | errorOnMissingClaims?:boolean includeEmptyClaims?:boolean jsonSourceKeyName?:string jsonSourceValueName?:string | ()
GetCurrentDateTime | | | currentDateTime:dateTime
GetIdentityProvidersFromAlternativeSecurityIdCollectionTransformation | alternativeSecurityIdCollection:alternativeSecurityIdCollection | | identityProvidersCollection:stringCollection
GetIssuersFromUserIdentityCollectionTransformation | userIdentityCollection:userIdentityCollection | | issuersCollection:stringCollection
GetLocalizedStringsTransformation | | | *
GetMappedValueFromLocalizedCollection | mapFromClaim:string | | restrictionValueClaim:string
GetNationalNumberAndCountryCodeFromPhoneNumberString | phoneNumber:string | throwExceptionOnFailure?:boolean countryCodeType?:string=ISO3166,CallingCode | nationalNumber:string countryCode:string
GetNumericClaimFromJson | inputJson:string | claimToExtract:string | extractedClaim:long/int
GetSingleItemFromJson | inputJson:string | | key:string value:string
GetSingleItemFromStringCollection | collection:stringCollection | | extractedItem:string
GetSingleValueFromJsonArray | inputJsonClaim:string | | extractedClaim:string
GuidAndRandomGenerator | | randomGeneratorType:string=GUID,INTEGER stringFormat?:string base64?:boolean maximumNumber?:int | outputClaim:string
Hash | plaintext:string salt:string | randomizerSecret:string | hash:string
IsTermsOfUseConsentRequired | termsOfUseConsentDateTime:dateTime | termsOfUseTextUpdateDateTime:dateTime | result:boolean
LookupValue | inputParameterId:string | errorOnFailedLookup?:boolean * | outputClaim:string
NotClaims | inputClaim:boolean | | outputClaim:boolean
NullClaim | | | claim_to_null:any
OrClaims | inputClaim1:boolean inputClaim2:boolean | | outputClaim:boolean
ParseDomain | emailAddress:string | | domain:string
RemoveAlternativeSecurityIdByIdentityProvider | identityProvider:string collection:alternativeSecurityIdCollection | | collection:alternativeSecurityIdCollection
RemoveUserIdentityFromCollectionByIssuer | issuer:string collection:userIdentityCollection | | collection:userIdentityCollection
SetClaimIfBooleansMatch | claimToMatch:boolean | matchTo:string/boolean outputClaimIfMatched:string | outputClaim:string
SetClaimsIfRegexMatch | claimToMatch:string | matchTo:string outputClaimIfMatched?:string extractGroups?:boolean | outputClaim?:string regexCompareResultClaim?:boolean ()
SetClaimsIfStringsAreEqual | inputClaim:string | matchTo:string stringComparison:string=ordinal,ordinalIgnoreCase stringMatchMsg?:string stringMatchMsgCode?:string | outputClaim1?:string outputClaim2?:string stringCompareResultClaim?:boolean
SetClaimsIfStringsMatch | claimToMatch:string | matchTo:string stringComparison:string=ordinal,ordinalIgnoreCase outputClaimIfMatched?:string | outputClaim?:string stringCompareResultClaim?:boolean
StringCollectionContains | inputClaim:stringCollection | item:string ignoreCase:string/boolean | outputClaim:boolean
StringCollectionContainsClaim | collection:stringCollection item:string | ignoreCase:string/boolean | outputClaim:boolean
StringContains | inputClaim:string | contains:string ignoreCase:string/boolean | outputClaim:boolean
StringJoin | inputClaim:stringCollection | delimiter:string | outputClaim:string
StringReplace | inputClaim:string | oldValue:string newValue:string | outputClaim:string
StringSplit | inputClaim:string | delimiter:string | outputClaim:stringCollection
StringSubstring | inputClaim:string | startIndex:int length:int | outputClaim:string
XmlStringToJsonString | xml:string | | json:string
`;

/** The inputs, parameters and outputs of one method. */
interface Signature {
  readonly method: string;
  readonly inputClaims: Arguments;
  readonly inputParameters: Arguments;
  readonly outputClaims: Arguments;
}

export interface Arguments {
  readonly named: readonly {
    readonly name: string;
    readonly types: readonly string[];
    readonly isOptional: boolean;
    readonly values: readonly string[];
  }[];
  readonly hasFurther: boolean;
  readonly hasUnnamed: boolean;
}

const ARGUMENT = /^([\w.]+)(\??):([\w/]+)(?:=(.+))?$/;

/** Policies write methods in any case. */
const SIGNATURES = new Map(
  rowsOf(METHODS).map(([method = '', inputs = '', parameters = '', outputs = '']) => [
    method.toLowerCase(),
    {
      method,
      inputClaims: readArguments(inputs),
      inputParameters: readArguments(parameters),
      outputClaims: readArguments(outputs),
    } satisfies Signature,
  ]),
);

export const METHOD_NAMES: readonly string[] = [...SIGNATURES.values()].map(({ method }) => method);

export const signatureOf = (method: string): Signature | undefined =>
  SIGNATURES.get(method.toLowerCase());

function readArguments(cell: string): Arguments {
  // "NOT EQUAL" is one value.
  const words = wordsOf(cell.replaceAll('NOT EQUAL', 'NOT_EQUAL'));
  return {
    hasFurther: words.includes('*'),
    hasUnnamed: words.includes('()'),
    named: words.flatMap((word) => {
      const [, name = '', optional, types = '', values] = ARGUMENT.exec(word) ?? [];
      if (name === '') return [];
      return {
        name,
        types: types.split('/'),
        isOptional: optional === '?',
        values: values?.replaceAll('_', ' ').split(',') ?? [],
      };
    }),
  };
}
