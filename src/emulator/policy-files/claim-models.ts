/** Readers of claim types, their rules, claims transformations, pages and texts. */
import type {
  ClaimsTransformation,
  ClaimType,
  EnumerationItem,
  Predicate,
  PredicateGroup,
  PredicateValidation,
  TransformationClaim,
  TransformationParameter,
} from '../policy/claims.ts';
import type {
  ContentDefinition,
  Localization,
  LocalizedCollection,
  LocalizedResources,
  LocalizedString,
  PageLayout,
} from '../policy/content.ts';
import type { Read } from './read-model.ts';
import * as read from './read-model.ts';
import { signatureOf } from './transformation-table.ts';
import { elementsAt, originOf, valueAt, type XmlElement } from './xml-element.ts';

export const enumerationItem: Read<EnumerationItem> = read.model({
  text: read.text('@Text'),
  value: read.text('@Value'),
  selectByDefault: read.flag('@SelectByDefault'),
});

const mask: Read<ClaimType['mask']> = read.first(
  'Mask',
  read.placed((element) => {
    const regex = valueAt(element, '@Regex');
    const type = valueAt(element, '@Type') === 'Regex' ? 'Regex' : 'Simple';
    return { type, text: element.text, ...(regex === undefined ? {} : { regex }) };
  }),
);

const pattern: Read<ClaimType['pattern']> = read.first(
  'Restriction/Pattern',
  read.placed(
    read.record({
      regularExpression: read.text('@RegularExpression'),
      helpText: read.value('@HelpText'),
    }),
  ),
);

export const claimType: Read<ClaimType> = read.model({
  id: read.id,
  dataType: read.sourced('DataType'),
  displayName: read.sourced('DisplayName'),
  userHelpText: read.sourced('UserHelpText'),
  adminHelpText: read.sourced('AdminHelpText'),
  userInputType: read.sourced('UserInputType'),
  mask,
  pattern,
  enumeration: read.list('Restriction/Enumeration', enumerationItem),
  predicateValidation: read.reference('PredicateValidation', 'PredicateValidationReference/@Id'),
  partnerClaimTypes: read.byName(
    'DefaultPartnerClaimTypes/Protocol',
    '@Name',
    read.text('@PartnerClaimType'),
  ),
});

export const predicate: Read<Predicate> = read.model({
  id: read.id,
  method: read.text('@Method'),
  helpText: (element) => valueAt(element, '@HelpText') ?? valueAt(element, 'UserHelpText'),
  parameters: read.byName('Parameters/Parameter', '@Id', read.text('.')),
});

const predicates = read.list(
  'PredicateReferences/PredicateReference',
  read.reference('Predicate', '@Id'),
);

const predicateGroup: Read<PredicateGroup> = (element, find) => {
  const group = { id: read.id(element, find), predicates: predicates(element, find) };
  const all = group.predicates.length;
  return {
    ...originOf(element),
    ...group,
    userHelpText: valueAt(element, 'UserHelpText'),
    matchAtLeast: read.integer('PredicateReferences/@MatchAtLeast', all)(element, find),
  };
};

export const predicateValidation: Read<PredicateValidation> = read.model({
  id: read.id,
  groups: read.list('PredicateGroups/PredicateGroup', predicateGroup),
});

const transformationClaim: Read<TransformationClaim | undefined> = read.linked(['claimType'], {
  claimType: read.reference('ClaimType', '@ClaimTypeReferenceId'),
  argument: read.value('@TransformationClaimType'),
});

const transformationParameter: Read<TransformationParameter> = read.model({
  id: read.id,
  dataType: read.text('@DataType', 'string'),
  value: read.text('@Value'),
});

export const claimsTransformation: Read<ClaimsTransformation> = read.model({
  id: read.id,
  method: (element) => {
    const method = valueAt(element, '@TransformationMethod') ?? '';
    return signatureOf(method)?.method ?? method;
  },
  inputClaims: read.list('InputClaims/InputClaim', transformationClaim),
  inputParameters: read.list('InputParameters/InputParameter', transformationParameter),
  outputClaims: read.list('OutputClaims/OutputClaim', transformationClaim),
});

const DATA_URI = /^urn:com:microsoft:aad:b2c:elements:(contract:)?([a-z]+):(\d+\.\d+\.\d+)$/i;

/** A `DataUri` of another form has no page and no version. */
const pageLayout: Read<PageLayout> = ({ text: uri }) => {
  const [, contract, page = '', version = ''] = DATA_URI.exec(uri) ?? [];
  return { uri, page: page.toLowerCase(), version, hasContract: contract !== undefined };
};

export const contentDefinition: Read<ContentDefinition> = read.model({
  id: read.id,
  loadUri: read.sourced('LoadUri'),
  dataUri: read.first('DataUri', read.placed(pageLayout)),
  metadata: read.byName('Metadata/Item', '@Key', read.placed(read.text('.'))),
  localizedResources: (element, find) =>
    new Map(
      elementsAt(element, 'LocalizedResourcesReferences/LocalizedResourcesReference').flatMap(
        (it) => {
          const found = find('LocalizedResources', valueAt(it, '@LocalizedResourcesReferenceId'));
          return found ? [[valueAt(it, '@Language')?.toLowerCase() ?? '', found] as const] : [];
        },
      ),
    ),
});

const localizedString: Read<LocalizedString> = read.model({
  elementType: read.text('@ElementType'),
  elementId: read.value('@ElementId'),
  stringId: read.text('@StringId'),
  text: read.text('.'),
});

const localizedCollection: Read<LocalizedCollection> = read.model({
  elementType: read.text('@ElementType'),
  elementId: read.text('@ElementId'),
  targetCollection: read.text('@TargetCollection'),
  items: read.list('Item', enumerationItem),
});

export const localizedResources: Read<LocalizedResources> = read.model({
  id: read.id,
  culture: read.value('@Culture'),
  strings: read.list('LocalizedStrings/LocalizedString', localizedString),
  collections: read.list('LocalizedCollections/LocalizedCollection', localizedCollection),
});

/** The languages of a policy; without the element it has none. */
export const readLocalization = (element: XmlElement | undefined): Localization => ({
  isEnabled: read.isTrue(valueAt(element, '@Enabled')),
  defaultLanguage: valueAt(element, 'SupportedLanguages/@DefaultLanguage'),
  supportedLanguages: elementsAt(element, 'SupportedLanguages/SupportedLanguage').map(
    (language) => ({ ...originOf(language), value: language.text }),
  ),
});
