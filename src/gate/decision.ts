import type { GateConfig, GateRule } from '../config/gate.ts';
import type { OriginalRequest } from '../http/original-request.ts';
import { isLostList, LOST_LIST_REASON } from '../oidc/claim-types.ts';
import { findUnmetClaim, type User } from '../oidc/claims.ts';
import { findMissingStep, type MissingStep, type SteppedSession } from '../oidc/step-up.ts';
import { createFindRules, DEFAULT_RULE } from './rules.ts';

/** The decision about a request. `rule` is the path of the rule that decided, if there is one. */
export type Decision =
  | { kind: 'pass' }
  | { kind: 'signIn'; rule?: string | undefined }
  | StepUp
  | Refusal;

/** The user is allowed after another step. */
export interface StepUp {
  kind: 'stepUp';
  step: MissingStep;
  rule?: string | undefined;
}

export interface Refusal {
  kind: 'refuse';
  code: 'not_allowed' | 'original_request_ambiguous';
  /** For the log. */
  detail: string;
  advice?: string | undefined;
  rule?: string | undefined;
  /** The claim that has none of the values in the rule. */
  claim?: string | undefined;
}

/** `session` is that of the user, for rules that require a step. */
export type Decide = (
  user: User | undefined,
  original: OriginalRequest,
  session?: SteppedSession,
) => Decision;

const PASS: Decision = { kind: 'pass' };
const SIGN_IN: Decision = { kind: 'signIn' };

export function createDecide(
  { rules, assertion }: Pick<GateConfig, 'rules' | 'assertion'>,
  now: () => number = Date.now,
): Decide {
  if (rules.length === 0) {
    return (user, original) => {
      if (!user) return SIGN_IN;
      // The assertion names the host.
      return assertion && original.kind === 'ambiguous' ? refuseAmbiguous(original.detail) : PASS;
    };
  }
  const findRules = createFindRules(rules);
  return (user, original, session) => {
    if (original.kind === 'absent') {
      return refuseAmbiguous('there are rules, and no trusted proxy names a path');
    }
    if (original.kind === 'ambiguous') return refuseAmbiguous(original.detail);
    const match = findRules(original.uri);
    if (match.kind === 'ambiguous') return refuseAmbiguous(match.detail, match.rule);
    for (const rule of match.rules) {
      const decision = applyRule(rule, user);
      if (decision.kind !== 'pass') return decision;
      if (!user || !session || !requiresStep(rule)) continue;
      const step = findMissingStep({ ...session, user }, rule, now());
      if (step) return { kind: 'stepUp', step, rule: rule.path };
    }
    return PASS;
  };
}

const requiresStep = ({ maxAgeSeconds, policy }: GateRule) =>
  maxAgeSeconds !== undefined || policy !== undefined;

function applyRule(rule: GateRule, user: User | undefined): Decision {
  if (rule.allow === 'everyone') return PASS;
  const path = rule === DEFAULT_RULE ? undefined : rule.path;
  if (!user) return { kind: 'signIn', rule: path };
  const claim = findUnmetClaim(user, rule.claims ?? {});
  if (claim === undefined) return PASS;
  const reason = explainUnmetClaim(user.claims[claim]);
  return { kind: 'refuse', code: 'not_allowed', ...reason, rule: path, claim };
}

/** Never contains the value, which may be personal data. */
function explainUnmetClaim(value: unknown): Pick<Refusal, 'detail' | 'advice'> {
  if (isLostList(value)) return LOST_LIST_REASON;
  if (value === undefined) return { detail: 'the user has no such claim' };
  // `claimTypes` leaves null.
  if (value === null) return { detail: 'the claim has no readable value' };
  return { detail: 'the claim has none of the values in the rule' };
}

export const refuseAmbiguous = (detail: string, rule?: string): Refusal => ({
  kind: 'refuse',
  code: 'original_request_ambiguous',
  detail,
  rule,
});
