import path from 'node:path';
import type { DefinitionKind, PolicyFile } from './policy-file.ts';
import type { Report, Reporter } from './rules.ts';
import { childOf, originOf, type XmlElement } from './xml-element.ts';

/** The limit of a tenant. */
const MAX_LEVELS = 10;

/** A file and those that it inherits from, from the base on. */
export type Chain = readonly PolicyFile[];

/**
 * Finds for each file the files that it inherits from. A file whose chain has a gap gets none: what it
 * refers to cannot be told.
 */
export function linkChains(
  files: readonly PolicyFile[],
  { report, suggest }: Reporter,
): ReadonlyMap<PolicyFile, Chain> {
  const byId = groupBy(files, ({ id }) => id.toLowerCase());
  reportDuplicates(byId, report);
  const chains = new Map<PolicyFile, Chain | undefined>();
  for (const file of files) {
    const waiting: PolicyFile[] = [];
    let next: PolicyFile | undefined = file;
    while (next && !chains.has(next) && !waiting.includes(next)) {
      waiting.push(next);
      next = findBase(next, byId);
    }
    if (next && waiting.includes(next)) {
      report('base-policy-loop', next.baseId ?? next.root, { id: next.id });
      for (const member of waiting) chains.set(member, undefined);
    }
    let chain: Chain | undefined = next ? chains.get(next) : [];
    for (const member of waiting.reverse()) {
      if (chains.has(member)) continue;
      const { baseId, id, root } = member;
      const isGap = baseId !== undefined && !findBase(member, byId);
      if (isGap) {
        const suggestion = suggest(baseId.text, [...byId.keys()]);
        report('base-policy-missing', baseId, { id: baseId.text, suggestion });
      }
      chain = isGap || !chain ? undefined : [...chain, member];
      const level = MAX_LEVELS + 1;
      if (chain?.length === level) report('chain-too-long', root, { id, level });
      chains.set(member, chain);
    }
  }
  return new Map([...chains].filter((entry): entry is [PolicyFile, Chain] => !!entry[1]));
}

/** The last definition first: the chain is short, its lists may be long. */
export function definitionsOf(chain: Chain, kind: DefinitionKind, id: string): XmlElement[] {
  const key = id.toLowerCase();
  return chain.flatMap((file) => file.definitions[kind].get(key) ?? []);
}

export const isDefined = (chain: Chain, kind: DefinitionKind, id: string): boolean =>
  chain.some((file) => file.definitions[kind].has(id.toLowerCase()));

/** Several chains may share a folder: of files with one id the one that is nearest counts. */
function findBase(
  file: PolicyFile,
  byId: ReadonlyMap<string, readonly PolicyFile[]>,
): PolicyFile | undefined {
  const id = file.baseId?.text.toLowerCase();
  const candidates = id === undefined ? [] : (byId.get(id) ?? []);
  if (candidates.length < 2) return candidates[0];
  const distance = (other: PolicyFile) =>
    path.relative(path.dirname(file.path), other.path).split(path.sep).length;
  return candidates.reduce((one, other) => (distance(other) < distance(one) ? other : one));
}

function reportDuplicates(byId: ReadonlyMap<string, readonly PolicyFile[]>, report: Report): void {
  for (const files of byId.values()) {
    const folders = groupBy(files, (file) => path.dirname(file.path));
    for (const [first, ...others] of folders.values()) {
      for (const { root, id } of others) {
        report('policy-id-taken', root, { file: first?.path ?? '', id });
      }
    }
  }
}

/** Compares a file with the file that it inherits from, as a tenant does. */
export function checkBaseTenant(chain: Chain, report: Report): void {
  const [base, file] = chain.slice(-2);
  const named = childOf(childOf(file?.root, 'BasePolicy'), 'TenantId');
  if (!base || !named) return;
  const [one, other] = [named.text, base.tenantId];
  if (/\{Settings:/i.test(one + other) || one.toLowerCase() === other.toLowerCase()) return;
  report('tenant-mismatch', originOf(named), { named: one, actual: other });
}

function groupBy<Item>(
  items: readonly Item[],
  keyOfItem: (item: Item) => string,
): ReadonlyMap<string, readonly Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const group = groups.get(keyOfItem(item));
    if (group) group.push(item);
    else groups.set(keyOfItem(item), [item]);
  }
  return groups;
}
