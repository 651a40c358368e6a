import type { SignInErrorCode } from '../errors.ts';
import { SignInError } from '../errors.ts';
import type { Log } from '../log/log.ts';
import { hashSessionId, type Sessions } from '../session/session.ts';
import type { SessionContent } from './browser-sessions.ts';
import { endRefresh, expired, forgetRefreshToken } from './refresh-session.ts';

const ENDS_SESSION = new Set<SignInErrorCode>(['grant_refused', 'subject_mismatch']);

/** Applies a failed refresh to its session, and returns the error for the caller. */
export async function applyRefreshFailure(
  { sessions, log }: { sessions: Sessions<SessionContent>; log: Log },
  failure: { key: string; content: SessionContent; isHeld: boolean; error: SignInError },
): Promise<SignInError> {
  const { key, content, isHeld, error } = failure;
  const { code, providerCode, providerError, providerCorrelationId } = error;
  const refusal = {
    session: hashSessionId(key),
    providerCode,
    providerError,
    providerCorrelationId,
  };
  // Rejected because the response to its last use was lost. That is no reason to end the session: only the
  // next access token requires a new sign-in.
  if (error.code === 'grant_refused' && content.tokens.refreshState) {
    await forgetRefreshToken(sessions, key);
    log.warn('refresh_token_lost', refusal);
    return new SignInError('no_refresh_token', 'its last use had no response', { cause: error });
  }
  if (ENDS_SESSION.has(error.code)) {
    await sessions.end(key);
    log.info('session_expired', { ...refusal, code });
    return error.code === 'grant_refused' ? expired(error) : error;
  }
  if (isHeld) await endRefresh(sessions, key);
  return error;
}

// How long not to send a refresh for a session after one that failed.
const PAUSE_MS = 10_000;
const MAX_PAUSED = 10_000;

/** Remembers for which sessions to send no refresh for a while. */
export function createBackoff(now: () => number): {
  has(key: string): boolean;
  add(key: string): void;
} {
  const pausedUntil = new Map<string, number>();
  return {
    has: (key) => now() < (pausedUntil.get(key) ?? 0),
    add(key) {
      // A session that is forgotten here costs the provider one more request.
      if (pausedUntil.size >= MAX_PAUSED) pausedUntil.clear();
      pausedUntil.set(key, now() + PAUSE_MS);
    },
  };
}
