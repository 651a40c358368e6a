import type { GateRule } from '../config/gate.ts';
import { fold, type NormalizedPath, normalizePath } from './normalized-path.ts';
import { findReadings } from './path-readings.ts';

/** The rules for a request target. */
export type RuleMatch =
  /** One rule for each reading of the path, the one for the path as written first. All of them apply. */
  | { kind: 'rules'; rules: readonly [GateRule, ...GateRule[]] }
  /** Applications may read the path in different ways; `rule` is the path of a rule that it may be below. */
  | { kind: 'ambiguous'; detail: string; rule?: string };

/** Finds, for each reading of a path, the first rule whose path it is below, or the default rule. */
export type FindRules = (target: string) => RuleMatch;

/** Without a matching rule, every signed-in user is allowed. */
export const DEFAULT_RULE: GateRule = { path: '/', allow: 'signed-in' };

interface FoldedRule {
  rule: GateRule;
  folded: string;
}

export function createFindRules(rules: readonly GateRule[]): FindRules {
  const foldedRules = rules.map((rule) => ({ rule, folded: fold(rule.path) }));
  const paths = new Set(rules.map(({ path }) => path));
  return (target) => {
    const path = normalizePath(target);
    if (!path) return { kind: 'ambiguous', detail: 'the path can be read in two ways' };
    const readings = findReadings(path, (script) => paths.has(script));
    if (!readings) return { kind: 'ambiguous', detail: 'the path can be read in too many ways' };
    const found: GateRule[] = [];
    for (const reading of readings) {
      const match = findRule(reading, foldedRules);
      if ('detail' in match) return match;
      if (!found.includes(match)) found.push(match);
    }
    const [first = DEFAULT_RULE, ...others] = found;
    return { kind: 'rules', rules: [first, ...others] };
  };
}

function findRule(
  path: NormalizedPath,
  rules: readonly FoldedRule[],
): GateRule | Extract<RuleMatch, { kind: 'ambiguous' }> {
  for (const { rule, folded } of rules) {
    if (isBelow(path.text, rule.path)) return rule;
    // If a path only nearly matches a rule that allows everyone, the next rules are the stricter result.
    if (rule.allow !== 'everyone' && mayBeBelow(path.folded, folded)) {
      return { kind: 'ambiguous', detail: 'the path nearly matches a rule', rule: rule.path };
    }
  }
  return DEFAULT_RULE;
}

const isBelow = (path: string, rulePath: string) =>
  rulePath === '/' || path === rulePath || path.startsWith(`${rulePath}/`);

const WORD = /^[\p{L}\p{N}\p{M}_~-]/u;

// Some servers serve `/admin` at `/Admin`, `/admin.json` and `/admin:x` too.
const mayBeBelow = (folded: string, foldedRulePath: string) =>
  folded.startsWith(foldedRulePath) && !WORD.test(folded.slice(foldedRulePath.length));
