import type { IncomingMessage, ServerResponse } from 'node:http';
import { SignInError } from '../errors.ts';
import { HOME, type LocalPath, parseLocalPath } from '../http/local-path.ts';
import { isPageNavigation } from '../http/page-navigation.ts';
import { getRequestTarget } from '../http/request.ts';
import { hasClaims } from '../oidc/claims.ts';
import { CLOCK_TOLERANCE_SECONDS } from '../oidc/discovery.ts';
import { formatPolicyRef, type PolicyRef } from '../oidc/policy.ts';
import { findPolicy } from '../oidc/relying-parties.ts';
import type { CurrentSession } from '../visitor/browser-sessions.ts';
import type { AppContext } from './app-context.ts';
import type { ErrorResponder } from './error-responder.ts';
import { withReturnPath } from './paths.ts';
import { respondUnauthenticated } from './unauthenticated.ts';

/** What somebody must fulfil besides being signed in. */
export interface UserConditions {
  /** Claims of which one value each must be among those given. */
  claims?: Readonly<Record<string, readonly unknown[]>>;
  /** The key of a policy of the user's tenant that must have run in this session; it begins when it has not. */
  policy?: string;
  /** How long ago the user may have authenticated, to within a minute; else he has to do so again. */
  maxAgeSeconds?: number;
}

/** A connect-style guard: calls `next` for those who may pass, and answers all others itself. */
export type Guard = (
  request: IncomingMessage,
  response: ServerResponse,
  next: () => unknown,
) => Promise<void>;

export function createRequireUser(
  parts: AppContext,
  fail: ErrorResponder,
): (conditions?: UserConditions) => Guard {
  const { browserSessions, relyingParties, respond, now } = parts;

  /** Whether the request may pass; if not, it has been answered. */
  const admit = async (
    request: IncomingMessage,
    response: ServerResponse,
    conditions: UserConditions,
  ): Promise<boolean> => {
    const visitor = await browserSessions.of(request);
    const here = parseLocalPath(getRequestTarget(request)) ?? HOME;
    if (!visitor) {
      if (!isPageNavigation(request)) throw new SignInError('not_signed_in', 'nobody is signed in');
      respondUnauthenticated(request, response, { returnTo: here, parts });
      return false;
    }
    if (!hasClaims(visitor.user, conditions.claims ?? {})) {
      throw new SignInError('not_allowed', 'a claim has none of the values asked for');
    }
    const missing = missingStep(visitor, conditions, now());
    if (!missing) return true;
    const start = findPolicy(relyingParties, missing);
    if (!start) {
      throw new SignInError('policy_not_configured', `no policy ${formatPolicyRef(missing)}`);
    }
    if (!isPageNavigation(request)) {
      throw new SignInError('authentication_too_old', 'a step is missing that needs a page');
    }
    const location = `${withReturnPath(start.path, here)}${missing.query}` as LocalPath;
    respond.redirect(response, 302, location);
    return false;
  };

  return (conditions = {}) => {
    requireFulfillable(conditions, parts);
    return async (request, response, next) => {
      let admitted = false;
      try {
        admitted = await admit(request, response, conditions);
      } catch (error) {
        await fail(request, response, error);
      }
      // Outside, because what goes wrong further on is not for this site to answer.
      if (admitted) await next();
    };
  };
}

// Whoever has chosen a new password is sent to sign in with it, which begins another session: in none
// has that policy run, and the page would ask for another new password each time.
function requireFulfillable({ policy }: UserConditions, { relyingParties }: AppContext): void {
  if (policy !== 'resetPassword') return;
  const configured = [...relyingParties.values()]
    .flatMap(({ policies }) => policies)
    .filter(({ key }) => key === policy);
  if (configured.length === 0 || configured.some(({ signsIn }) => signsIn)) return;
  throw new SignInError(
    'config_invalid',
    'requireUser: policy must be another one than "resetPassword", which runs in no session unless its setting has "signsIn": true',
  );
}

function missingStep(
  { tenant, policiesRun, user }: CurrentSession,
  conditions: UserConditions,
  now: number,
): (PolicyRef & { query: string }) | undefined {
  const { maxAgeSeconds, policy } = conditions;
  if (maxAgeSeconds !== undefined) {
    const { auth_time: authTime } = user.claims;
    const oldest = now / 1000 - maxAgeSeconds - CLOCK_TOLERANCE_SECONDS;
    const isFresh = typeof authTime === 'number' && authTime >= oldest;
    if (!isFresh) {
      return { tenant, policy: 'signIn', query: `&prompt=login&max_age=${maxAgeSeconds}` };
    }
  }
  if (policy !== undefined && !policiesRun.includes(policy)) return { tenant, policy, query: '' };
  return undefined;
}
