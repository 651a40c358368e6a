import type {
  ContentDefinition,
  Localization,
  LocalizedResources,
  LocalizedString,
  PageLayout,
} from '../policy/content.ts';
import type { Sourced } from '../policy/origin.ts';
import { buildEnumerationItem } from './build-claims.ts';
import type { ModelLookups } from './model-lookups.ts';
import { idOf, isTrue, sourced, textOf, textsBy } from './model-parts.ts';
import { attributeValue, childOf, elementsAt, originOf, type XmlElement } from './xml-element.ts';

const DATA_URI = /^urn:com:microsoft:aad:b2c:elements:(contract:)?([a-z]+):(\d+\.\d+\.\d+)$/i;

export function buildContentDefinition(
  element: XmlElement,
  lookups: ModelLookups,
): ContentDefinition {
  const resources = elementsAt(
    element,
    'LocalizedResourcesReferences',
    'LocalizedResourcesReference',
  ).flatMap((reference) => {
    const found = lookups.localizedResources(
      attributeValue(reference, 'LocalizedResourcesReferenceId'),
    );
    const language = attributeValue(reference, 'Language')?.toLowerCase() ?? '';
    return found ? [[language, found] as const] : [];
  });
  return {
    ...originOf(element),
    id: idOf(element),
    loadUri: textOf(element, 'LoadUri'),
    dataUri: pageLayoutOf(textOf(element, 'DataUri')),
    metadata: textsBy(elementsAt(element, 'Metadata', 'Item'), 'Key'),
    localizedResources: new Map(resources),
  };
}

/** A `DataUri` of another form has no page and no version. */
function pageLayoutOf(uri: Sourced<string> | undefined): Sourced<PageLayout> | undefined {
  if (!uri) return undefined;
  const [, contract, page = '', version = ''] = DATA_URI.exec(uri.value) ?? [];
  const hasContract = contract !== undefined;
  return sourced(uri, { uri: uri.value, page: page.toLowerCase(), version, hasContract });
}

export function buildLocalizedResources(element: XmlElement): LocalizedResources {
  return {
    ...originOf(element),
    id: idOf(element),
    culture: attributeValue(element, 'Culture'),
    strings: elementsAt(element, 'LocalizedStrings', 'LocalizedString').map(buildString),
    collections: elementsAt(element, 'LocalizedCollections', 'LocalizedCollection').map(
      (collection) => ({
        ...originOf(collection),
        elementType: attributeValue(collection, 'ElementType') ?? '',
        elementId: attributeValue(collection, 'ElementId') ?? '',
        targetCollection: attributeValue(collection, 'TargetCollection') ?? '',
        items: elementsAt(collection, 'Item').map(buildEnumerationItem),
      }),
    ),
  };
}

const buildString = (element: XmlElement): LocalizedString => ({
  ...originOf(element),
  elementType: attributeValue(element, 'ElementType') ?? '',
  elementId: attributeValue(element, 'ElementId'),
  stringId: attributeValue(element, 'StringId') ?? '',
  text: element.text,
});

export function buildLocalization(element: XmlElement | undefined): Localization {
  const supported = childOf(element, 'SupportedLanguages');
  return {
    isEnabled: element !== undefined && isTrue(attributeValue(element, 'Enabled')),
    defaultLanguage: supported && attributeValue(supported, 'DefaultLanguage'),
    supportedLanguages: elementsAt(supported, 'SupportedLanguage').map((language) =>
      sourced(language, language.text),
    ),
  };
}
