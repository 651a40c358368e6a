import type { IncomingMessage, ServerResponse } from 'node:http';
import { type FailedAttempt, SignInError } from '../errors.ts';
import { type CookieWriter, findCookie, parseCookies } from '../http/cookies.ts';
import { HOME } from '../http/local-path.ts';
import { singleValue } from '../http/request.ts';
import type { ReturnTarget } from '../http/return-target.ts';
import type { Attempt, AuthorizationHints, LinkParameters } from '../oidc/authorization-request.ts';
import { type ClientBound, type FindFingerprint, isBound } from '../oidc/client-fingerprint.ts';
import type { PolicyRef } from '../oidc/policy.ts';
import type { Sealer } from '../session/sealed-value.ts';
import type { SessionStore } from '../session/session.ts';
import { constantTimeEqual } from '../session/signed-cookie.ts';

/** The hints that a follow-up attempt repeats. Pages use `uiLocales` too. */
type LastingHints = Pick<AuthorizationHints, 'uiLocales' | 'prompt' | 'maxAgeSeconds'>;

/** An attempt with its return path. */
export interface StartedAttempt extends Attempt, ClientBound, LastingHints {
  returnTo: ReturnTarget;
  /** How often an error of the provider has started a follow-up attempt. */
  restarts: number;
  /** The key of the policy that signs in at the end: this one, or one that follows it. Default: `signIn`. */
  signInWith?: string | undefined;
  /** The parameters of the link that started it, if it has any. Follow-up attempts and restarts repeat them. */
  linkParameters?: LinkParameters | undefined;
}

/**
 * The sign-in attempts of a browser, each encrypted in a separate cookie. So several tabs can sign in at
 * once, and the server stores nothing for attempts that are never completed.
 */
export interface AttemptCookies {
  remember(request: IncomingMessage, response: ServerResponse, attempt: StartedAttempt): void;
  /**
   * Returns the attempt of an authorization response, and clears its cookie.
   * @throws SignInError `sign_in_not_started`, `callback_malformed`, `callback_without_attempt`,
   *   `state_mismatch`, `attempt_expired`, `attempt_used`, `store_unreachable`
   */
  take(
    request: IncomingMessage,
    response: ServerResponse,
    parameters: URLSearchParams,
  ): Promise<StartedAttempt>;
  /**
   * Keeps the cookie of a failed attempt if its link had parameters, so that the user can start again with them.
   * The attempt itself cannot be used again. Returns what the link to start again needs.
   */
  retain(
    request: IncomingMessage,
    response: ServerResponse,
    attempt: StartedAttempt,
  ): FailedAttempt;
  /** Returns the link parameters of a retained attempt, if it is of this policy. */
  findLinkParameters(
    request: IncomingMessage,
    id: string,
    ref: PolicyRef,
  ): LinkParameters | undefined;
  forget(response: ServerResponse, id: string): void;
}

const PREFIX = 'b2c-attempt-';
// Users may wait minutes for the email with B2C's verification code.
const ATTEMPT_LIFETIME_MS = 15 * 60_000;
// The cookie lives longer, so that a late user can start again with the same return path.
const COOKIE_LIFETIME_SECONDS = 60 * 60;
// Increment it with every change of the content of attempts. Two versions of b2c-signin that run side by
// side then reject each other's attempts.
export const ATTEMPT_FORMAT = 5;
const MAX_ATTEMPTS = 10;
// Node.js accepts 16 KiB of headers, many proxies 8 KiB. Long return paths must not exceed that.
const MAX_TOTAL_LENGTH = 6_000;
// Browsers drop a longer cookie. RFC 6265, 6.1: name, value and attributes.
const MAX_COOKIE_LENGTH = 4_096 - 100;
// `state` has 43 characters. The first ones name the cookie, the other 32 are secret.
const ID_LENGTH = 11;
const STATE = /^[\w-]{43}$/;

export function createAttemptCookies({
  cookies,
  sealer,
  claimOnce,
  findFingerprint,
  now,
}: {
  cookies: CookieWriter;
  sealer: Sealer;
  /** Only one of several concurrent identical callbacks may continue, among all processes. */
  claimOnce: SessionStore<unknown>['claimOnce'];
  findFingerprint: FindFingerprint;
  now: () => number;
}): AttemptCookies {
  const prefix = cookies.prefixedName(PREFIX);

  const open = (id: string, value: string | undefined) => {
    const sealed = value?.slice(value.indexOf('.') + 1);
    return sealed === undefined
      ? undefined
      : (sealer.open(sealed, id) as StartedAttempt | undefined);
  };

  const seal = (attempt: StartedAttempt, id: string): string =>
    // The age is in front, unencrypted, so that the oldest attempt is found without decrypting any.
    `${attempt.startedAt.toString(36)}.${sealer.seal(attempt, id)}`;

  const remember: AttemptCookies['remember'] = (request, response, attempt) => {
    const id = attemptIdFromState(attempt.state);
    const nameLength = prefix.length + id.length;
    const sealed = seal(attempt, id);
    // A long return path and long link parameters do not fit together.
    const fits = nameLength + sealed.length <= MAX_COOKIE_LENGTH;
    const value = fits ? sealed : seal({ ...attempt, returnTo: HOME }, id);
    for (const name of surplus(attemptsOf(request, prefix), nameLength + value.length)) {
      cookies.clear(response, PREFIX + name);
    }
    cookies.set(response, PREFIX + id, value, COOKIE_LIFETIME_SECONDS);
  };

  const retain: AttemptCookies['retain'] = (request, response, attempt) => {
    if (!attempt.linkParameters) return attempt;
    remember(request, response, attempt);
    return { ...attempt, restartId: attemptIdFromState(attempt.state) };
  };

  return {
    remember,
    retain,
    findLinkParameters(request, id, { tenant, policy }) {
      const attempt = open(id, findCookie(request, prefix + id));
      if (!attempt || !isBound(attempt, findFingerprint)) return undefined;
      const isSamePolicy = attempt.tenant === tenant && attempt.policy === policy;
      return isSamePolicy ? attempt.linkParameters : undefined;
    },
    forget: (response, id) => cookies.clear(response, PREFIX + id),
    async take(request, response, parameters) {
      const state = singleValue(parameters, 'state');
      if (!state) {
        // Links straight to the provider have none, such as "Run user flow" of the portal.
        if (!parameters.has('state')) {
          throw new SignInError('sign_in_not_started', 'the response has no state');
        }
        throw new SignInError('callback_malformed', 'state is empty or repeated');
      }
      const id = attemptIdFromState(state);
      const value = STATE.test(state) ? findCookie(request, prefix + id) : undefined;
      if (value === undefined)
        throw new SignInError('callback_without_attempt', 'no cookie of this attempt');
      cookies.clear(response, PREFIX + id);
      const attempt = open(id, value);
      if (!attempt) throw new SignInError('callback_without_attempt', 'the attempt does not open');
      if (!constantTimeEqual(state, attempt.state))
        throw new SignInError('state_mismatch', 'state differs');
      // The tenant or client behind this name has changed. Do not send it the code or verifier.
      if (!isBound(attempt, findFingerprint)) {
        throw new SignInError('callback_without_attempt', 'the attempt is of another tenant');
      }
      if (now() - attempt.startedAt > ATTEMPT_LIFETIME_MS) {
        const failed = retain(request, response, attempt);
        throw new SignInError('attempt_expired', 'the attempt is too old', { attempt: failed });
      }
      if (!(await claimOnce(`attempt ${state}`, ATTEMPT_LIFETIME_MS))) {
        const failed = retain(request, response, attempt);
        throw new SignInError('attempt_used', 'the attempt was used before', { attempt: failed });
      }
      return attempt;
    },
  };
}

/** Returns the part of `state` that names the attempt. It is not secret. */
export const attemptIdFromState = (state: string): string => state.slice(0, ID_LENGTH);

interface CookieInRequest {
  id: string;
  startedAt: number;
  length: number;
}

function attemptsOf(request: IncomingMessage, prefix: string): CookieInRequest[] {
  return Object.entries(parseCookies(request))
    .filter(([name]) => name.startsWith(prefix))
    .map(([name, value = '']) => ({
      id: name.slice(prefix.length),
      startedAt: Number.parseInt(value, 36) || 0,
      length: name.length + value.length,
    }));
}

/** Returns the IDs of the oldest attempts to clear, so that one of `newLength` fits. */
function surplus(attempts: CookieInRequest[], newLength: number): string[] {
  const oldestFirst = attempts.sort((a, b) => a.startedAt - b.startedAt);
  let total = newLength + oldestFirst.reduce((sum, { length }) => sum + length, 0);
  let count = oldestFirst.length + 1;
  const removed: string[] = [];
  for (const { id, length } of oldestFirst) {
    if (count <= MAX_ATTEMPTS && total <= MAX_TOTAL_LENGTH) break;
    // An attacker may have planted hundreds. A response that clears them all would be too long for proxies.
    if (removed.length === MAX_ATTEMPTS) break;
    removed.push(id);
    count -= 1;
    total -= length;
  }
  return removed;
}
