import type { IncomingMessage, ServerResponse } from 'node:http';
import { SignInError } from '../errors.ts';
import { HOME, type LocalPath, parseLocalPath } from '../http/local-path.ts';
import { isPageLoad } from '../http/page-load.ts';
import { getRequestTarget } from '../http/request.ts';
import { hasClaims } from '../oidc/claims.ts';
import { CLOCK_TOLERANCE_SECONDS } from '../oidc/discovery.ts';
import { keyInTenant, keyOf, tenantOf } from '../oidc/policy.ts';
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
  const { browserSessions, respond, paths, now } = parts;

  /** Whether the request may pass; if not, it has been answered. */
  const admit = async (
    request: IncomingMessage,
    response: ServerResponse,
    conditions: UserConditions,
  ): Promise<boolean> => {
    const visitor = await browserSessions.of(request);
    const here = parseLocalPath(getRequestTarget(request)) ?? HOME;
    if (!visitor) {
      if (!isPageLoad(request)) throw new SignInError('not_signed_in', 'nobody is signed in');
      respondUnauthenticated(request, response, { returnTo: here, parts });
      return false;
    }
    if (!hasClaims(visitor.user, conditions.claims ?? {})) {
      throw new SignInError('not_allowed', 'a claim has none of the values asked for');
    }
    const missing = missingStep(visitor, conditions, now());
    if (!missing) return true;
    const begin = paths.policies.get(missing.policy);
    if (!begin) throw new SignInError('policy_not_configured', `no policy ${missing.policy}`);
    if (!isPageLoad(request)) {
      throw new SignInError('authentication_too_old', 'a step is missing that needs a page');
    }
    respond.redirect(response, 302, `${withReturnPath(begin, here)}${missing.query}` as LocalPath);
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
function requireFulfillable({ policy }: UserConditions, { relyingParty }: AppContext): void {
  if (policy !== 'resetPassword') return;
  const given = relyingParty.policies.filter(({ key }) => keyInTenant(key) === policy);
  if (given.length === 0 || given.some(({ signsIn }) => signsIn)) return;
  throw new SignInError(
    'config_invalid',
    'requireUser: policy must be another one than "resetPassword", which runs in no session unless its setting has "signsIn": true',
  );
}

function missingStep(
  { policy: signedInBy, policiesRun, user }: CurrentSession,
  conditions: UserConditions,
  now: number,
): { policy: string; query: string } | undefined {
  const { maxAgeSeconds } = conditions;
  const inTenant = (key: string) => keyOf(tenantOf(signedInBy), key);
  if (maxAgeSeconds !== undefined) {
    const { auth_time: authTime } = user.claims;
    const oldest = now / 1000 - maxAgeSeconds - CLOCK_TOLERANCE_SECONDS;
    const isFresh = typeof authTime === 'number' && authTime >= oldest;
    if (!isFresh)
      return { policy: inTenant('signIn'), query: `&prompt=login&max_age=${maxAgeSeconds}` };
  }
  const policy = conditions.policy === undefined ? undefined : inTenant(conditions.policy);
  if (policy !== undefined && !policiesRun.includes(policy)) return { policy, query: '' };
  return undefined;
}
