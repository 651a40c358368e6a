import { type Chain, definitionsOf } from './chains.ts';
import { mergeElements } from './merge.ts';
import type { DefinitionKind } from './policy-file.ts';
import type { Report } from './rules.ts';
import { kindOf } from './structure.ts';
import { attributeValue, childOf, elementsAt, idOf, type XmlElement } from './xml-element.ts';

/** Includes may be nested at will; a chain of a hundred is a mistake. */
const MAX_INCLUDES = 100;

/** Finds a definition by its id, merged over the files of a chain; `undefined` if it does not exist. */
export type FindDefinition = (kind: DefinitionKind, id: string) => XmlElement | undefined;

/**
 * The definitions of a chain after the merge. Each is merged when it is asked for, so that a policy
 * costs as much as it uses.
 */
export function createDefinitions(chain: Chain, report: Report): FindDefinition {
  const found = new Map<string, XmlElement | undefined>();
  const includes: string[] = [];

  const find: FindDefinition = (kind, id) => {
    const key = `${kind} ${id.toLowerCase()}`;
    if (!found.has(key)) {
      const merged = mergeAll(definitionsOf(chain, kind, id), kind);
      found.set(key, kind === 'TechnicalProfile' && merged ? withIncluded(merged) : merged);
    }
    return found.get(key);
  };

  /** Own elements go over those of the included profile. */
  function withIncluded(profile: XmlElement): XmlElement {
    const include = childOf(profile, 'IncludeTechnicalProfile');
    const claimsFrom = childOf(profile, 'IncludeClaimsFromTechnicalProfile');
    const id = attributeValue(include, 'ReferenceId') ?? claimsFrom?.text;
    const at = include ?? claimsFrom;
    if (id === undefined || at === undefined) return profile;
    const own = idOf(profile).toLowerCase();
    if (includes.includes(own) || id.toLowerCase() === own || includes.length >= MAX_INCLUDES) {
      report('include-loop', at, { id });
      return profile;
    }
    includes.push(own);
    const base = find('TechnicalProfile', id);
    includes.pop();
    if (!base) return profile;
    const taken = include ? base : onlyClaims(base);
    return mergeElements(taken, profile, kindOf('TechnicalProfile'));
  }

  return find;
}

function mergeAll([first, ...later]: readonly XmlElement[], kind: string): XmlElement | undefined {
  if (!first) return undefined;
  return later.reduce((merged, element) => mergeElements(merged, element, kindOf(kind)), first);
}

const onlyClaims = (profile: XmlElement): XmlElement => ({
  ...profile,
  children: profile.children.filter(
    ({ name }) => name === 'InputClaims' || name === 'OutputClaims',
  ),
});

/** The part of the policy that no id tells apart, such as the relying party, merged over the chain. */
export const mergedPart = (chain: Chain, path: string): XmlElement | undefined =>
  mergeAll(
    chain.flatMap(({ root }) => elementsAt(root, path)[0] ?? []),
    path.split('/').at(-1) ?? '',
  );
