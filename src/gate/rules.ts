import type { GateRule } from '../config/gate.ts';
import { ambiguousRequest } from '../http/original-request.ts';
import { fold, normalizePath } from './normalized-path.ts';

/**
 * The rule that decides on a request target: the first one that its path is below; without one,
 * whoever is signed in may pass.
 * @throws SignInError `original_request_ambiguous`
 */
export type FindRule = (target: string) => GateRule;

const DEFAULT_RULE: GateRule = { path: '/', allow: 'signed-in' };

export function createFindRule(rules: readonly GateRule[]): FindRule {
  const known = rules.map((rule) => ({ rule, folded: fold(rule.path) }));
  return (target) => {
    const path = normalizePath(target);
    if (!path) throw ambiguousRequest('the path could mean two things');
    const inner = path.folded.replace(FRONT_CONTROLLER, '');
    for (const { rule, folded } of known) {
      if (isBelow(path.text, rule.path)) return rule;
      // Not to match what lets everybody in is the safe side already.
      if (rule.allow === 'everyone') continue;
      if (mayBeBelow(path.folded, folded) || (inner !== path.folded && mayBeBelow(inner, folded))) {
        throw ambiguousRequest('the path is nearly one that a rule guards');
      }
    }
    return DEFAULT_RULE;
  };
}

const isBelow = (path: string, above: string) =>
  above === '/' || path === above || path.startsWith(`${above}/`);

const WORD = /^[\p{L}\p{N}\p{M}_~-]/u;

// `/Admin`, `/admin.json`, `/admin:x`: to some servers all of them are `/admin`.
const mayBeBelow = (folded: string, above: string) =>
  folded.startsWith(above) && !WORD.test(folded.slice(above.length));

// `/index.php/admin` is `/admin` to most frameworks of PHP, and `/_next/data/<build>/admin.json` holds the
// page `/admin` of Next.js.
const FRONT_CONTROLLER =
  /^(?:\/[^/]+)*?\/[^/]+\.(?:php\d?|phtml|cgi|fcgi|pl|py|aspx?|jsp)(?=\/)|^\/_next\/data\/[^/]+/;
