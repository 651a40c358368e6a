import { readFileSync, statSync } from 'node:fs';
import { type AppSettings, createSubstitution } from './app-settings.ts';
import { decodeText } from './decode-text.ts';
import { parseXml, type Sax } from './parse-xml.ts';
import type { Report } from './rules.ts';
import { attributeValue, childOf, elementsAt, type XmlElement } from './xml-element.ts';

/** The limit of a tenant: 1024 kB. */
const MAX_BYTES = 1024 * 1024;

/** Where the elements stand that others refer to by their id. */
const DEFINITIONS = {
  ClaimType: 'BuildingBlocks/ClaimsSchema',
  Predicate: 'BuildingBlocks/Predicates',
  InputValidation: 'BuildingBlocks/InputValidations',
  PredicateValidation: 'BuildingBlocks/PredicateValidations',
  ClaimsTransformation: 'BuildingBlocks/ClaimsTransformations',
  ClientDefinition: 'BuildingBlocks/ClientDefinitions',
  ContentDefinition: 'BuildingBlocks/ContentDefinitions',
  LocalizedResources: 'BuildingBlocks/Localization',
  DisplayControl: 'BuildingBlocks/DisplayControls',
  TechnicalProfile: 'ClaimsProviders/ClaimsProvider/TechnicalProfiles',
  UserJourney: 'UserJourneys',
  SubJourney: 'SubJourneys',
} as const;

export type DefinitionKind = keyof typeof DEFINITIONS;

/** One file of a chain. Ids are in lower case, as everywhere they are compared. */
export interface PolicyFile {
  readonly path: string;
  readonly root: XmlElement;
  readonly id: string;
  readonly tenantId: string;
  /** `BasePolicy/PolicyId`, with its place. */
  readonly baseId: XmlElement | undefined;
  readonly relyingParty: XmlElement | undefined;
  readonly definitions: Readonly<Record<DefinitionKind, ReadonlyMap<string, XmlElement>>>;
}

/** Reads one file. `undefined` for XML that is no policy, and after a fault was reported. */
export function readPolicyFile(
  file: string,
  { sax, settings, report }: { sax: Sax; settings: AppSettings | undefined; report: Report },
): PolicyFile | undefined {
  const start = { file, line: 1, column: 1 };
  const { size } = statSync(file);
  if (size > MAX_BYTES) {
    report('file-too-large', start, { size: Math.ceil(size / 1024) });
    return undefined;
  }
  const text = decodeText(readFileSync(file));
  if (text === undefined) {
    report('file-encoding', start, {});
    return undefined;
  }
  // Most XML files that are no policies need not be well-formed either.
  if (!text.includes('TrustFrameworkPolicy')) return undefined;
  const substitute = createSubstitution(settings, file);
  const root = parseXml(sax, { file, text, substitute }, report);
  if (root?.name !== 'TrustFrameworkPolicy') return undefined;
  const definitions = Object.entries(DEFINITIONS).map(([kind, path]) => [
    kind,
    byId(kind === 'TechnicalProfile' ? profilesOf(root) : elementsAt(root, `${path}/${kind}`)),
  ]);
  return {
    path: file,
    root,
    id: attributeValue(root, 'PolicyId') ?? '',
    tenantId: attributeValue(root, 'TenantId') ?? '',
    baseId: childOf(childOf(root, 'BasePolicy'), 'PolicyId'),
    relyingParty: childOf(root, 'RelyingParty'),
    definitions: Object.fromEntries(definitions) as PolicyFile['definitions'],
  };
}

/** The domain of a claims provider belongs to each of its profiles. */
function profilesOf(root: XmlElement): XmlElement[] {
  return elementsAt(root, 'ClaimsProviders/ClaimsProvider').flatMap((provider) => {
    const domain = childOf(provider, 'Domain');
    return elementsAt(provider, 'TechnicalProfiles/TechnicalProfile').map((profile) =>
      domain && !childOf(profile, 'Domain')
        ? { ...profile, children: [domain, ...profile.children] }
        : profile,
    );
  });
}

/** If two elements have the same id, the first is used; the check of the structure reports the second. */
function byId(elements: readonly XmlElement[]): Map<string, XmlElement> {
  const found = new Map<string, XmlElement>();
  for (const element of elements) {
    const id = attributeValue(element, 'Id')?.toLowerCase();
    if (id !== undefined && !found.has(id)) found.set(id, element);
  }
  return found;
}
