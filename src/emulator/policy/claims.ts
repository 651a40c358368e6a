import type { Origin, Sourced } from './origin.ts';

export type DataType =
  | 'boolean'
  | 'date'
  | 'dateTime'
  | 'duration'
  | 'int'
  | 'long'
  | 'string'
  | 'stringCollection'
  | 'alternativeSecurityIdCollection'
  | 'userIdentityCollection'
  | 'userIdentity'
  | 'phoneNumber'
  | 'objectIdentityCollection'
  | 'objectIdentity';

export type UserInputType =
  | 'TextBox'
  | 'EmailBox'
  | 'DateTimeDropdown'
  | 'RadioSingleSelect'
  | 'DropdownSingleSelect'
  | 'CheckboxMultiSelect'
  | 'Password'
  | 'Readonly'
  | 'Button'
  | 'Paragraph';

export type PredicateMethod =
  | 'IsLengthRange'
  | 'MatchesRegex'
  | 'IncludesCharacters'
  | 'IsDateRange';

export interface ClaimType extends Origin {
  readonly id: string;
  /** Absent when no file of the chain declares it, which `policies check` refuses. */
  readonly dataType: Sourced<DataType> | undefined;
  readonly displayName: Sourced<string> | undefined;
  /** ID of the built-in text that names the claim, and another name of its field in forms; default: its own ID. */
  readonly textId?: string;
  readonly userHelpText: Sourced<string> | undefined;
  readonly adminHelpText: Sourced<string> | undefined;
  readonly userInputType: Sourced<UserInputType> | undefined;
  /** How a page shows the value: `Simple` is a text before it, `Regex` replaces what matches. */
  readonly mask: Sourced<{ type: 'Simple' | 'Regex'; text: string; regex?: string }> | undefined;
  readonly pattern:
    | Sourced<{ regularExpression: string; helpText: string | undefined }>
    | undefined;
  readonly enumeration: readonly EnumerationItem[];
  readonly predicateValidation: PredicateValidation | undefined;
  /** The claim's name at another party, by protocol: `OpenIdConnect`, `OAuth2`, … */
  readonly partnerClaimTypes: ReadonlyMap<string, string>;
}

/** A claim type that nothing is known about. */
export const emptyClaimType = (id: string): ClaimType => ({
  ...{ id, file: '', line: 0, column: 0, dataType: undefined, displayName: undefined },
  ...{ userHelpText: undefined, adminHelpText: undefined, userInputType: undefined },
  ...{ mask: undefined, pattern: undefined, enumeration: [], predicateValidation: undefined },
  partnerClaimTypes: new Map(),
});

export interface EnumerationItem extends Origin {
  readonly text: string;
  readonly value: string;
  readonly selectByDefault: boolean;
}

export interface PredicateValidation extends Origin {
  readonly id: string;
  /** Built-in text instead of the help texts of what failed; user flows have one for passwords. */
  readonly message?: { readonly id: string; readonly values: readonly string[] };
  /** Passes when every group does. */
  readonly groups: readonly PredicateGroup[];
}

export interface PredicateGroup extends Origin {
  readonly id: string;
  readonly userHelpText: string | undefined;
  /** How many of the predicates have to pass; all of them by default. */
  readonly matchAtLeast: number;
  readonly predicates: readonly Predicate[];
}

export interface Predicate extends Origin {
  readonly id: string;
  readonly method: PredicateMethod;
  readonly helpText: string | undefined;
  readonly parameters: ReadonlyMap<string, string>;
}

/** One call of a transformation method, with the claims and constants that it takes. */
export interface ClaimsTransformation extends Origin {
  readonly id: string;
  /** The method as the documentation spells it; policies may use any case. */
  readonly method: string;
  readonly inputClaims: readonly TransformationClaim[];
  readonly inputParameters: readonly TransformationParameter[];
  readonly outputClaims: readonly TransformationClaim[];
}

export interface TransformationClaim extends Origin {
  readonly claimType: ClaimType;
  /** The name of the method's argument; a few methods go by order or by the claim's own id instead. */
  readonly argument: string | undefined;
}

export interface TransformationParameter extends Origin {
  readonly id: string;
  readonly dataType: DataType;
  readonly value: string;
}
