import type { IncomingMessage, ServerResponse } from 'node:http';
import { SignInError } from '../errors.ts';
import { HOME, parseLocalPath } from '../http/local-path.ts';
import { isPageNavigation } from '../http/page-navigation.ts';
import { getRequestTarget } from '../http/request.ts';
import { findUnmetClaim } from '../oidc/claims.ts';
import { formatPolicyRef } from '../oidc/policy.ts';
import { findPolicy, type RelyingParties } from '../oidc/relying-parties.ts';
import { findMissingStep, stepParameters } from '../oidc/step-up.ts';
import type { AppContext } from './app-context.ts';
import type { ErrorResponder } from './error-responder.ts';
import { parseLinkParameters } from './link-parameters.ts';
import { withReturnPath } from './paths.ts';
import { respondUnauthenticated } from './unauthenticated.ts';

/** Conditions for a signed-in user. */
export interface UserConditions {
  /** For each claim, one of its values must be in the list. */
  claims?: Readonly<Record<string, readonly unknown[]>>;
  /** The key of a policy of the user's tenant that must have run in this session; otherwise it starts. */
  policy?: string;
  /** The longest time since the user authenticated, to within a minute; otherwise re-authentication starts. */
  maxAgeSeconds?: number;
}

/** A connect-style guard: calls `next()` for allowed requests, and responds to all others. */
export type Guard = (
  request: IncomingMessage,
  response: ServerResponse,
  next: () => unknown,
) => Promise<void>;

export function createRequireUser(
  context: AppContext,
  fail: ErrorResponder,
): (conditions?: UserConditions) => Guard {
  const { browserSessions, relyingParties, respond, now } = context;

  /** Whether the request is allowed; if not, a response was sent. */
  const admit = async (
    request: IncomingMessage,
    response: ServerResponse,
    conditions: UserConditions,
  ): Promise<boolean> => {
    const visitor = await browserSessions.of(request);
    const here = parseLocalPath(getRequestTarget(request)) ?? HOME;
    if (!visitor) {
      if (!isPageNavigation(request))
        throw new SignInError('not_signed_in', 'no user is signed in');
      respondUnauthenticated(request, response, { returnTo: here, context });
      return false;
    }
    const unmet = findUnmetClaim(visitor.user, conditions.claims ?? {});
    if (unmet !== undefined) {
      throw new SignInError('not_allowed', `the claim "${unmet}" has none of the required values`);
    }
    const missing = findMissingStep(visitor, conditions, now());
    if (!missing) return true;
    const start = findPolicy(relyingParties, missing);
    if (!start) {
      throw new SignInError('policy_not_configured', `no policy ${formatPolicyRef(missing)}`);
    }
    if (!isPageNavigation(request)) {
      throw new SignInError('authentication_too_old', 'a required step needs a page navigation');
    }
    const parameters = { ...parseLinkParameters(request, start), ...stepParameters(missing) };
    const location = withReturnPath(start.path, here, parameters);
    respond.redirect(response, 302, location);
    return false;
  };

  return (conditions = {}) => {
    requireFulfillable(conditions, relyingParties);
    return async (request, response, next) => {
      let admitted = false;
      try {
        admitted = await admit(request, response, conditions);
      } catch (error) {
        await fail(request, response, error);
      }
      // Outside `try`: errors of the next handler are not handled here.
      if (admitted) await next();
    };
  };
}

// After a password reset the user signs in to a new session, which never records that policy: the page would
// start a reset again and again.
function requireFulfillable({ policy }: UserConditions, relyingParties: RelyingParties): void {
  if (policy !== 'resetPassword') return;
  const configured = [...relyingParties.values()]
    .flatMap(({ policies }) => policies)
    .filter(({ key }) => key === policy);
  if (configured.length === 0 || configured.some(({ signsIn }) => signsIn)) return;
  throw new SignInError(
    'config_invalid',
    'requireUser: policy "resetPassword" never runs in a session, unless its setting has "signsIn": true',
  );
}
