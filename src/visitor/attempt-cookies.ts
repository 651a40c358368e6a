import type { IncomingMessage, ServerResponse } from 'node:http';
import { SignInError } from '../errors.ts';
import { type CookieWriter, parseCookies } from '../http/cookies.ts';
import { singleValue } from '../http/request.ts';
import type { ReturnTarget } from '../http/return-target.ts';
import type { Attempt, AuthorizationHints } from '../oidc/authorization-request.ts';
import { type ClientBound, type FindFingerprint, isBound } from '../oidc/client-fingerprint.ts';
import type { Sealer } from '../session/sealed-value.ts';
import type { SessionStore } from '../session/session.ts';
import { constantTimeEqual } from '../session/signed-cookie.ts';

/** What was asked for that another attempt in the place of one asks for again: it is there for the pages too. */
type LastingHints = Pick<AuthorizationHints, 'uiLocales' | 'prompt' | 'maxAgeSeconds'>;

/** An attempt and where its visitor wanted to go. */
export interface StartedAttempt extends Attempt, ClientBound, LastingHints {
  returnTo: ReturnTarget;
  /** How many times an error of the provider has begun another attempt in the place of one. */
  restarts: number;
}

/**
 * The attempts of a browser, each sealed in a cookie of its own: any number of tabs can sign in at
 * once, and a visitor who never comes back has cost this server nothing.
 */
export interface AttemptCookies {
  remember(request: IncomingMessage, response: ServerResponse, attempt: StartedAttempt): void;
  /**
   * The attempt that an authorization response belongs to, which is forgotten here and now.
   * @throws SignInError `callback_malformed`, `callback_without_attempt`, `state_mismatch`,
   *   `attempt_expired`, `attempt_used`, `store_unreachable`
   */
  take(
    request: IncomingMessage,
    response: ServerResponse,
    parameters: URLSearchParams,
  ): Promise<StartedAttempt>;
}

const PREFIX = 'b2c-attempt-';
// Users wait minutes for the code that B2C mails them.
const ATTEMPT_LIFETIME_MS = 15 * 60_000;
// Its cookie stays longer, so that whoever comes late can start again where he wanted to go.
const COOKIE_LIFETIME_SECONDS = 60 * 60;
// To be raised with every change of what an attempt holds: while an older and a newer version of this
// program answer side by side, the attempts of one do not open for the other.
export const ATTEMPT_FORMAT = 4;
const MAX_ATTEMPTS = 10;
// Node takes 16 KiB of headers, many proxies 8 KiB: long return paths must not lock anybody out.
const MAX_TOTAL_LENGTH = 6_000;
// Of the 43 characters of `state`, these name the cookie and the other 32 are the secret.
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
  /** Of twenty equal callbacks at once, at however many processes, one is to go on. */
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

  return {
    remember(request, response, attempt) {
      const id = attemptIdFromState(attempt.state);
      // The age stands in front in the clear, to find the oldest without opening any.
      const value = `${attempt.startedAt.toString(36)}.${sealer.seal(attempt, id)}`;
      for (const name of surplus(
        attemptsOf(request, prefix),
        prefix.length + id.length + value.length,
      )) {
        cookies.clear(response, PREFIX + name);
      }
      cookies.set(response, PREFIX + id, value, COOKIE_LIFETIME_SECONDS);
    },
    async take(request, response, parameters) {
      const state = singleValue(parameters, 'state');
      if (!state) throw new SignInError('callback_malformed', 'state is missing or repeated');
      const id = attemptIdFromState(state);
      const value = STATE.test(state) ? parseCookies(request)[prefix + id] : undefined;
      if (value === undefined) throw new SignInError('callback_without_attempt', 'no such attempt');
      cookies.clear(response, PREFIX + id);
      const attempt = open(id, value);
      if (!attempt) throw new SignInError('callback_without_attempt', 'the attempt does not open');
      if (!constantTimeEqual(state, attempt.state))
        throw new SignInError('state_mismatch', 'state differs');
      // Whoever has the name of its tenant now is to get neither the code nor the verifier.
      if (!isBound(attempt, findFingerprint)) {
        throw new SignInError('callback_without_attempt', 'the attempt is of another tenant');
      }
      if (now() - attempt.startedAt > ATTEMPT_LIFETIME_MS) {
        throw new SignInError('attempt_expired', 'the attempt is too old', { attempt });
      }
      if (!(await claimOnce(`attempt ${state}`, ATTEMPT_LIFETIME_MS))) {
        throw new SignInError('attempt_used', 'the attempt was used before', { attempt });
      }
      return attempt;
    },
  };
}

/** The public part of a `state`, which names its attempt. */
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

/** The ids of the oldest attempts that have to go before one of `newLength` comes. */
function surplus(attempts: CookieInRequest[], newLength: number): string[] {
  const oldestFirst = attempts.sort((a, b) => a.startedAt - b.startedAt);
  let total = newLength + oldestFirst.reduce((sum, { length }) => sum + length, 0);
  let count = oldestFirst.length + 1;
  const gone: string[] = [];
  for (const { id, length } of oldestFirst) {
    if (count <= MAX_ATTEMPTS && total <= MAX_TOTAL_LENGTH) break;
    // Hundreds were planted, and an answer that clears them all would be too long for a proxy.
    if (gone.length === MAX_ATTEMPTS) break;
    gone.push(id);
    count -= 1;
    total -= length;
  }
  return gone;
}
