import type { GateRule } from '../config/gate.ts';
import { fold, normalizePath } from './normalized-path.ts';

/** The rule for a request target. */
export type RuleMatch =
  | { kind: 'rule'; rule: GateRule }
  /** Applications may read the path in different ways; `rule` is the path of a rule that it may be below. */
  | { kind: 'ambiguous'; detail: string; rule?: string };

/** Finds the first rule whose path the request target is below, or the default rule. */
export type FindRule = (target: string) => RuleMatch;

/** Without a matching rule, every signed-in user is allowed. */
export const DEFAULT_RULE: GateRule = { path: '/', allow: 'signed-in' };

export function createFindRule(rules: readonly GateRule[]): FindRule {
  const foldedRules = rules.map((rule) => ({ rule, folded: fold(rule.path) }));
  return (target) => {
    const path = normalizePath(target);
    if (!path) return { kind: 'ambiguous', detail: 'the path can be read in two ways' };
    const inner = path.folded.replace(FRONT_CONTROLLER, '');
    for (const { rule, folded } of foldedRules) {
      if (isBelow(path.text, rule.path)) return { kind: 'rule', rule };
      // If a path only nearly matches a rule that allows everyone, the next rules are the stricter result.
      if (rule.allow === 'everyone') continue;
      if (mayBeBelow(path.folded, folded) || (inner !== path.folded && mayBeBelow(inner, folded))) {
        return { kind: 'ambiguous', detail: 'the path nearly matches a rule', rule: rule.path };
      }
    }
    return { kind: 'rule', rule: DEFAULT_RULE };
  };
}

const isBelow = (path: string, rulePath: string) =>
  rulePath === '/' || path === rulePath || path.startsWith(`${rulePath}/`);

const WORD = /^[\p{L}\p{N}\p{M}_~-]/u;

// Some servers serve `/admin` at `/Admin`, `/admin.json` and `/admin:x` too.
const mayBeBelow = (folded: string, foldedRulePath: string) =>
  folded.startsWith(foldedRulePath) && !WORD.test(folded.slice(foldedRulePath.length));

// Most PHP frameworks read `/index.php/admin` as `/admin`. In Next.js, `/_next/data/<build>/admin.json`
// contains the data of the page `/admin`.
const FRONT_CONTROLLER =
  /^(?:\/[^/]+)*?\/[^/]+\.(?:php\d?|phtml|cgi|fcgi|pl|py|aspx?|jsp)(?=\/)|^\/_next\/data\/[^/]+/;
