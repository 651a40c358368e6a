import type { Origin } from '../policy/origin.ts';

/** An error is what a tenant refuses at upload; a warning hurts when the policy runs. */
export type Severity = 'error' | 'warning';

export interface Rule {
  readonly severity: Severity;
  /** One sentence for the table in docs/custom-policies.md. */
  readonly sentence: string;
  readonly fix: string;
}

const error = (sentence: string, fix: string): Rule => ({ severity: 'error', sentence, fix });
const warning = (sentence: string, fix: string): Rule => ({ severity: 'warning', sentence, fix });

/** Every rule of `policies check`. Ids are stable: scripts and annotations may name them. */
export const RULES = {
  // Reading
  'file-too-large': error(
    'A policy file has more than 1024 kB.',
    'Move a part of it to a base policy.',
  ),
  'file-encoding': error(
    'The bytes of a file are not in the encoding that it declares.',
    'Save the file as UTF-8.',
  ),
  'xml-not-well-formed': error('A file is not well-formed XML.', 'Correct the XML at this place.'),
  'xml-dtd': error(
    'A file has a document type declaration, which could define entities.',
    'Remove the DOCTYPE.',
  ),
  'xml-too-deep': error('Elements are nested more than 64 deep.', 'Close the elements.'),
  'setting-without-value': warning(
    'A `{Settings:…}` placeholder has no value.',
    'Add the name to PolicySettings in appsettings.json.',
  ),
  // Structure
  namespace: error(
    'The root element is not in the namespace of custom policies.',
    'Set xmlns="http://schemas.microsoft.com/online/cpim/schemas/2013/06".',
  ),
  'unknown-element': error('There is no element of this name.', 'Correct the name, or remove it.'),
  'misplaced-element': error(
    'An element is in a place where it is not allowed.',
    'Move the element to where it belongs.',
  ),
  'element-order': error(
    'Elements are not in the order that they have to have.',
    'Change the order.',
  ),
  'element-repeated': error(
    'An element occurs twice where it may occur once.',
    'Keep one of them, with the children of both.',
  ),
  'element-missing': error('A required element is missing.', 'Add the element.'),
  'unknown-attribute': error(
    'There is no attribute of this name.',
    'Correct the name, or remove it.',
  ),
  'attribute-missing': error('A required attribute is missing or empty.', 'Add the attribute.'),
  'value-not-allowed': error('A value is none of those that are allowed.', 'Use an allowed value.'),
  'value-invalid': error('A value is not in its format.', 'Correct the value.'),
  'text-not-allowed': error(
    'An element has text where only elements are allowed.',
    'Remove the text.',
  ),
  'white-space': error(
    'An element that has to be empty has white space between its tags.',
    'Close it in the same tag: <Name … />.',
  ),
  'duplicate-id': error(
    'Two elements of a list have the same id.',
    'Rename or remove one of them.',
  ),
  'duplicate-item': warning(
    'Two items of a list have the same key, and one of them is ignored.',
    'Remove one of them.',
  ),
  // Files and chains
  'policy-id-prefix': error('A policy id does not begin with `B2C_1A_`.', 'Add the prefix.'),
  'policy-id-taken': error('Two files of a folder have the same policy id.', 'Rename one policy.'),
  'recorder-endpoint': error(
    '`UserJourneyRecorderEndpoint` has another value than the known one, or the policy is not in `Development` mode.',
    'Use urn:journeyrecorder:applicationinsights with DeploymentMode="Development", or remove the attribute.',
  ),
  'base-policy-missing': error(
    'The base policy is in no file of the folder.',
    'Add its file to the folder, or correct BasePolicy/PolicyId.',
  ),
  'base-policy-loop': error(
    'A policy inherits from itself.',
    'Let one policy of the chain have no base.',
  ),
  'chain-too-long': error('A chain has more than 10 levels.', 'Merge files of the chain.'),
  'tenant-mismatch': error(
    'The tenant in `BasePolicy` is not the tenant of the base policy.',
    'Use one tenant in all files of a chain.',
  ),
  // References
  'unknown-claim-type': error(
    'A claim type is not declared in the chain.',
    'Declare it in BuildingBlocks/ClaimsSchema, or correct the id.',
  ),
  'unknown-predicate': error('A predicate is not declared in the chain.', 'Add it to Predicates.'),
  'unknown-input-validation': error(
    'An input validation is not declared in the chain.',
    'Add it to InputValidations.',
  ),
  'unknown-predicate-validation': error(
    'A predicate validation is not declared in the chain.',
    'Add it to PredicateValidations.',
  ),
  'unknown-claims-transformation': error(
    'A claims transformation is not declared in the chain.',
    'Add it to ClaimsTransformations, or correct the id.',
  ),
  'unknown-client-definition': error(
    'A client definition is not declared in the chain.',
    'Add it to ClientDefinitions, or remove the reference.',
  ),
  'unknown-content-definition': error(
    'A content definition is not declared in the chain.',
    'Add it to ContentDefinitions, or correct the id.',
  ),
  'unknown-localized-resources': error(
    'A `LocalizedResources` element is not declared in the chain.',
    'Add it to Localization, or correct the id.',
  ),
  'unknown-display-control': error(
    'A display control is not declared in the chain.',
    'Add it to DisplayControls, or correct the id.',
  ),
  'unknown-technical-profile': error(
    'A technical profile is not declared in the chain.',
    'Add it to a ClaimsProvider, or correct the id.',
  ),
  'unknown-user-journey': error(
    'A user journey is not declared in the chain.',
    'Add it to UserJourneys, or correct the id.',
  ),
  'unknown-sub-journey': error(
    'A sub journey is not declared in the chain.',
    'Add it to SubJourneys, or correct the id.',
  ),
  'include-loop': error(
    'A technical profile includes itself, or too many others.',
    'Remove one IncludeTechnicalProfile of the circle.',
  ),
  'references-too-deep': error(
    'Profiles and journeys refer to each other more than 100 deep.',
    'Shorten the chain of references.',
  ),
} as const satisfies Record<string, Rule>;

export type RuleId = keyof typeof RULES;

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
