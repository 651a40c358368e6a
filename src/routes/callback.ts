import type { IncomingMessage, ServerResponse } from 'node:http';
import { SignInError } from '../errors.ts';
import { parseForm, parseQuery } from '../http/request.ts';
import type { ReturnTarget } from '../http/return-target.ts';
import type { Handler, Route } from '../http/router.ts';
import type { CallbackOutcome } from '../oidc/callback.ts';
import { mergeClaims } from '../oidc/claim-updates.ts';
import type { NextStep } from '../oidc/error-response.ts';
import { formatPolicyRef } from '../oidc/policy.ts';
import { findPolicy, requireRelyingParty } from '../oidc/relying-parties.ts';
import { hashSessionId } from '../session/session.ts';
import type { StartedAttempt } from '../visitor/attempt-cookies.ts';
import { attemptLogFields } from '../visitor/attempt-log-fields.ts';
import { isRepeated, toLastCallback } from '../visitor/last-callback.ts';
import { type AppContext, safeReturnTarget } from './app-context.ts';

// A user who forgets the password several times is slower than a loop.
const MAX_RESTARTS = 5;

interface Callback {
  request: IncomingMessage;
  response: ServerResponse;
  /** The authorization response. */
  parameters: URLSearchParams;
}
interface Visit extends Callback {
  attempt: StartedAttempt;
}
type Authenticated = Extract<CallbackOutcome, { kind: 'authenticated' }>;
type Diverted = Extract<NextStep, { kind: 'start-policy' }>;

/** The redirect URI of each tenant. */
export function callbackRoutes(context: AppContext): Route[] {
  return [...context.paths.callbacks].map(([tenant, path]) => ({
    path,
    audience: 'navigation',
    methods: {
      ...callbackMethods((callback) => finish(callback, { tenant, context }), context),
      // HEAD must not spend a code: its response has no body to show.
      HEAD: false,
    },
  }));
}

/**
 * The methods of the response mode. A response in the other one is rejected: with `form_post`, no code may be in a
 * URL; with `query`, the cookies do not allow a POST.
 */
function callbackMethods(
  handle: (callback: Callback) => Promise<void>,
  { responseMode }: AppContext,
): Route['methods'] {
  if (responseMode === 'query') {
    const GET: Handler = (request, response) =>
      handle({ request, response, parameters: parseQuery(request) });
    return { GET };
  }
  return {
    GET() {
      throw new SignInError('callback_malformed', 'the response is not a form_post');
    },
    async POST(request, response) {
      if (parseQuery(request).size > 0) {
        throw new SignInError('callback_malformed', 'a form_post with parameters in the query');
      }
      await handle({ request, response, parameters: await parseForm(request) });
    },
  };
}

async function finish(
  callback: Callback,
  { tenant, context }: { tenant: string; context: AppContext },
): Promise<void> {
  try {
    await finishAttempt(callback, { tenant, context });
  } catch (error) {
    const target = await replayTarget(callback, error, context);
    if (!target) throw error;
    context.respond.redirect(callback.response, 303, target);
  }
}

async function finishAttempt(
  { request, response, parameters }: Callback,
  { tenant, context }: { tenant: string; context: AppContext },
): Promise<void> {
  const taken = await context.attempts.take(request, response, parameters);
  // Checked again: a reload may have removed the host from gate.allowedHosts.
  const attempt = { ...taken, returnTo: safeReturnTarget(taken.returnTo, context) };
  const visit = { request, response, parameters, attempt };
  try {
    requireTenant(tenant, attempt);
    const relyingParty = requireRelyingParty(context.relyingParties, attempt);
    const outcome = await relyingParty.complete(parameters, attempt);
    if (outcome.kind === 'authenticated') await completePolicy(visit, outcome, context);
    else if (outcome.kind === 'start-policy') await divert(visit, outcome, context);
    else goBack(visit, outcome, context);
  } catch (error) {
    const failed = context.attempts.retain(request, response, attempt);
    throw error instanceof SignInError ? error.withAttempt(failed) : error;
  }
}

// Each tenant has its own redirect URI, so that no tenant can pass off its response, or one that it stole, as
// the response of another tenant (mix-up, RFC 9700, 4.4).
function requireTenant(tenant: string, attempt: StartedAttempt): void {
  if (attempt.tenant === tenant) return;
  throw new SignInError(
    'state_mismatch',
    'the response came to the redirect URI of another tenant',
  );
}

/**
 * Where a callback redirects that is loaded again by reload, bookmark or back button: its session's last
 * callback is this one. The code is not redeemed again.
 */
async function replayTarget(
  { request, parameters }: Callback,
  error: unknown,
  context: AppContext,
): Promise<ReturnTarget | undefined> {
  const code = error instanceof SignInError ? error.code : undefined;
  if (code !== 'callback_without_attempt' && code !== 'attempt_used') return undefined;
  const session = await context.browserSessions.of(request, { atCallback: true });
  if (!session || !isRepeated(session.lastCallback, parameters)) return undefined;
  return safeReturnTarget(session.lastCallback.returnTo, context);
}

function completePolicy(visit: Visit, outcome: Authenticated, context: AppContext): Promise<void> {
  const { attempt } = visit;
  if (findPolicy(context.relyingParties, attempt)?.signsIn) return signIn(visit, outcome, context);
  return attempt.policy === 'resetPassword'
    ? signInWithNewPassword(visit, outcome, context)
    : updateClaims(visit, outcome, context);
}

async function signIn(
  { request, response, parameters, attempt }: Visit,
  { user, tokens }: Authenticated,
  { browserSessions, respond, log, now }: AppContext,
): Promise<void> {
  const { tenant, policy, returnTo } = attempt;
  const lastCallback = toLastCallback(parameters, attempt);
  const content = { user, claimsCheckedAt: now(), tenant, policy, tokens, lastCallback };
  const key = await browserSessions.signIn(request, response, content);
  log.info('sign_in_completed', {
    ...attemptLogFields(request, attempt),
    session: hashSessionId(key),
    durationMs: now() - attempt.startedAt,
  });
  respond.redirect(response, 303, returnTo);
}

// A password reset is not a sign-in: its token proves who forgot the password, but the sign-in policy could not
// refresh its tokens (AADB2C90088).
async function signInWithNewPassword(
  { request, response, attempt }: Visit,
  { user }: Authenticated,
  { startPolicy, log }: AppContext,
): Promise<void> {
  log.info('policy_completed', attemptLogFields(request, attempt));
  const next = followUpAttempt(attempt, attempt.signInWith ?? 'signIn');
  const hints = { ...next.hints, loginHint: user.email };
  await startPolicy(request, response, { ...next, hints });
}

async function updateClaims(
  { request, response, parameters, attempt }: Visit,
  { user }: Authenticated,
  { browserSessions, startPolicy, respond, log }: AppContext,
): Promise<void> {
  const { tenant, policy, returnTo } = attempt;
  const visitor = await browserSessions.of(request, { atCallback: true });
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
      lastCallback: toLastCallback(parameters, attempt),
    })));
  if (merged) return respond.redirect(response, 303, returnTo);
  // Without a session, sign in. The provider has a session by now and asks for nothing.
  await startPolicy(request, response, followUpAttempt(attempt, attempt.signInWith ?? 'signIn'));
}

async function divert(
  { request, response, attempt }: Visit,
  { policy, providerCode }: Diverted,
  { startPolicy, log }: AppContext,
): Promise<void> {
  const { restarts } = attempt;
  if (restarts >= MAX_RESTARTS) {
    throw new SignInError('too_many_restarts', 'errors of the provider restarted it too often');
  }
  const next = { ...followUpAttempt(attempt, policy), restarts: restarts + 1 };
  await startPolicy(request, response, next);
  log.info('sign_in_diverted', { ...attemptLogFields(request, attempt), providerCode });
}

function goBack(
  { request, response, attempt }: Visit,
  { providerCode }: NextStep,
  { respond, log }: AppContext,
): void {
  log.info('sign_in_cancelled', { ...attemptLogFields(request, attempt), providerCode });
  respond.redirect(response, 303, attempt.returnTo);
}

/**
 * The attempt that follows another one. It keeps what was requested: re-authentication, the parameters of the link,
 * and the policy that signs in.
 */
const followUpAttempt = (attempt: StartedAttempt, policy: string) => ({
  tenant: attempt.tenant,
  policy,
  returnTo: attempt.returnTo,
  restarts: attempt.restarts,
  linkParameters: attempt.linkParameters,
  signInWith: attempt.signInWith,
  hints: {
    uiLocales: attempt.uiLocales,
    prompt: attempt.prompt,
    maxAgeSeconds: attempt.maxAgeSeconds,
  },
  status: 303 as const,
});
