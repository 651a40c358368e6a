import type { IncomingMessage, ServerResponse } from 'node:http';
import { SignInError } from '../errors.ts';
import type { LocalPath } from '../http/local-path.ts';
import { parseQuery } from '../http/request.ts';
import type { ReturnTarget } from '../http/return-target.ts';
import type { Handler, Route } from '../http/router.ts';
import type { CallbackOutcome } from '../oidc/callback.ts';
import { mergeClaims } from '../oidc/claim-updates.ts';
import { formatPolicyRef, type PolicyRef } from '../oidc/policy.ts';
import { findPolicy, requireRelyingParty } from '../oidc/relying-parties.ts';
import { hashSessionId } from '../session/session.ts';
import type { StartedAttempt } from '../visitor/attempt-cookies.ts';
import { attemptLogFields } from '../visitor/attempt-log-fields.ts';
import { isRepeated, toLastCallback } from '../visitor/last-callback.ts';
import { type AppContext, safeReturnTarget } from './app-context.ts';

type Authenticated = Extract<CallbackOutcome, { kind: 'authenticated' }>;
type Step = (
  request: IncomingMessage,
  response: ServerResponse,
  attempt: StartedAttempt,
  outcome: Authenticated,
) => Promise<void>;

/** Where the provider of each tenant sends the browser back to. */
export function callbackRoutes(parts: AppContext): Route[] {
  return [...parts.paths.callbacks].map(([tenant, path]) => callbackRoute(tenant, path, parts));
}

function callbackRoute(tenant: string, path: LocalPath, parts: AppContext): Route {
  const { attempts, relyingParties, startPolicy, respond, log } = parts;
  const stepAfter = (ref: PolicyRef): Step => {
    if (findPolicy(relyingParties, ref)?.signsIn) return signIn(parts);
    return ref.policy === 'resetPassword' ? signInWithNewPassword(parts) : updateClaims(parts);
  };
  const finish: Handler = async (request, response) => {
    const parameters = parseQuery(request);
    const taken = await attempts.take(request, response, parameters);
    // Looked at again: a reload may have taken its host out of those that people may go back to.
    const attempt = { ...taken, returnTo: safeReturnTarget(taken.returnTo, parts) };
    const { returnTo, restarts } = attempt;
    try {
      requireTenant(tenant, attempt);
      const outcome = await requireRelyingParty(relyingParties, attempt).complete(
        parameters,
        attempt,
      );
      if (outcome.kind === 'authenticated') {
        await stepAfter(attempt)(request, response, attempt, outcome);
      } else if (outcome.kind === 'start-policy') {
        if (restarts >= MAX_RESTARTS) {
          throw new SignInError('too_many_restarts', 'one attempt after the other began anew');
        }
        const next = { ...followUpAttempt(attempt, outcome.policy), restarts: restarts + 1 };
        await startPolicy(request, response, next);
        const { providerCode } = outcome;
        log.info('sign_in_diverted', { ...attemptLogFields(request, attempt), providerCode });
      } else {
        const { providerCode } = outcome;
        log.info('sign_in_cancelled', { ...attemptLogFields(request, attempt), providerCode });
        respond.redirect(response, 303, returnTo);
      }
    } catch (error) {
      throw error instanceof SignInError ? error.withAttempt(attempt) : error;
    }
  };
  return {
    path,
    audience: 'navigation',
    methods: {
      async GET(request, response) {
        try {
          await finish(request, response);
        } catch (error) {
          const landing = await replayTarget(request, error, parts);
          if (!landing) throw error;
          respond.redirect(response, 303, landing);
        }
      },
      // A code must not be spent on somebody who wants no answer.
      HEAD: false,
    },
  };
}

// Each tenant has an address of its own, so that none can pass off an answer of its own, or one it got
// hold of, as another's (mix-up, RFC 9700, 4.4).
function requireTenant(tenant: string, attempt: PolicyRef): void {
  if (attempt.tenant === tenant) return;
  throw new SignInError('state_mismatch', 'the answer came to the address of another tenant');
}

// Whoever forgets a password again and again is slower than a loop.
const MAX_RESTARTS = 5;

/**
 * Where somebody goes on who is signed in by this very callback already, and comes back to it by
 * reload, bookmark or back button. Nothing is redeemed for it.
 */
async function replayTarget(
  request: IncomingMessage,
  error: unknown,
  parts: AppContext,
): Promise<ReturnTarget | undefined> {
  const code = error instanceof SignInError ? error.code : undefined;
  if (code !== 'callback_without_attempt' && code !== 'attempt_used') return undefined;
  const session = await parts.browserSessions.of(request);
  if (!session || !isRepeated(session.lastCallback, parseQuery(request))) return undefined;
  return safeReturnTarget(session.lastCallback.returnTo, parts);
}

function signIn({ browserSessions, respond, log, now }: AppContext): Step {
  return async (request, response, attempt, { user, tokens }) => {
    const { tenant, policy, returnTo } = attempt;
    const lastCallback = toLastCallback(parseQuery(request), attempt);
    const content = { user, claimsCheckedAt: now(), tenant, policy, tokens, lastCallback };
    const key = await browserSessions.signIn(request, response, content);
    log.info('sign_in_completed', {
      ...attemptLogFields(request, attempt),
      session: hashSessionId(key),
      durationMs: now() - attempt.startedAt,
    });
    respond.redirect(response, 303, returnTo);
  };
}

// A token of the reset policy proves who forgot a password; it was not a sign-in, and its tokens
// could not be refreshed by the sign-in policy (AADB2C90088).
function signInWithNewPassword({ startPolicy, log }: AppContext): Step {
  return async (request, response, attempt, { user }) => {
    log.info('policy_completed', attemptLogFields(request, attempt));
    const next = followUpAttempt(attempt, 'signIn');
    const hints = { ...next.hints, loginHint: user.email };
    await startPolicy(request, response, { ...next, hints });
  };
}

function updateClaims({ browserSessions, startPolicy, respond, log }: AppContext): Step {
  return async (request, response, attempt, { user }) => {
    const { tenant, policy, returnTo } = attempt;
    const visitor = await browserSessions.of(request);
    if (visitor && (visitor.user.subject !== user.subject || visitor.tenant !== tenant)) {
      const name = formatPolicyRef(attempt);
      throw new SignInError('subject_mismatch', `${name} ran for another account`);
    }
    log.info('policy_completed', attemptLogFields(request, attempt));
    const merged =
      visitor &&
      (await browserSessions.update(visitor, (content) => ({
        ...content,
        ...mergeClaims(content, user),
        policiesRun: [...new Set([...content.policiesRun, policy])],
        lastCallback: toLastCallback(parseQuery(request), attempt),
      })));
    if (merged) return respond.redirect(response, 303, returnTo);
    // Nobody is signed in here; the provider knows who this is, so signing in asks nothing.
    await startPolicy(request, response, followUpAttempt(attempt, 'signIn'));
  };
}

/** Another attempt in the place of one: a way round through another policy loosens nothing that was asked for. */
const followUpAttempt = (
  { tenant, returnTo, restarts, uiLocales, prompt, maxAgeSeconds }: StartedAttempt,
  policy: string,
) => ({
  tenant,
  policy,
  returnTo,
  restarts,
  hints: { uiLocales, prompt, maxAgeSeconds },
  status: 303 as const,
});
