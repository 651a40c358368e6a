import { SignInError, type SignInErrorCode } from '../errors.ts';
import type { Log } from '../log/log.ts';
import type { User } from '../oidc/claims.ts';
import { PROVIDER_TIMEOUT_MS } from '../oidc/outbound.ts';
import type { RelyingParties } from '../oidc/relying-parties.ts';
import { scopeKey, type Tokens } from '../oidc/tokens.ts';
import { hashSessionId, type Sessions } from '../session/session.ts';
import type { CurrentSession, SessionContent } from './browser-sessions.ts';
import { applyRefreshFailure, createBackoff } from './refresh-failure.ts';
import { createRefreshLock, type RefreshLock } from './refresh-lock.ts';
import { expired, longestRefreshMs, refreshSession } from './refresh-session.ts';

/** Refreshes tokens and claims of sessions. At most one refresh per session is in flight. */
export interface AccessTokens {
  /**
   * Returns an access token that is valid for at least one more minute: for the scopes of the sign-in, or
   * for those of another API.
   * @throws SignInError `not_signed_in` if the session has ended, or ends because the provider no longer
   *   accepts its refresh token; `no_refresh_token`; or an error of the provider, which ends nothing
   */
  get(session: CurrentSession, scopes?: readonly string[]): Promise<string>;
  /**
   * Returns the user of a session. Refreshes claims that are older than `claimsMaxAgeMs` first. Returns
   * `undefined` if the session ends because the provider no longer accepts its refresh token. If the
   * provider does not respond, the claims stay, and the next refresh is sent ten seconds later. Returns a
   * promise only if it refreshes: `npm run bench -- gate` shows an `await` at each request.
   */
  getUser(session: CurrentSession): User | Promise<User | undefined>;
}

export interface AccessTokensOptions {
  relyingParties: RelyingParties;
  sessions: Sessions<SessionContent>;
  log: Log;
  now: () => number;
  providerTimeoutMs?: number | undefined;
  /** The maximum age of claims; without it, they are not refreshed for their age. */
  claimsMaxAgeMs?: number | undefined;
}

const TRANSIENT_ERRORS = new Set<SignInErrorCode>(['provider_unreachable', 'store_unreachable']);

// Not a `scopeKey`, which never begins with a space.
const REFRESH_CLAIMS = ' claims';

export function createAccessTokens(options: AccessTokensOptions): AccessTokens {
  const { sessions, log, now, claimsMaxAgeMs, providerTimeoutMs = PROVIDER_TIMEOUT_MS } = options;
  const paused = createBackoff(now);
  const withRefreshLock = createRefreshLock(sessions, {
    holdMs: longestRefreshMs(providerTimeoutMs),
    waitMs: providerTimeoutMs,
  });
  const findToken = (
    limit: 'refreshAt' | 'expiresAt',
    { accessTokens }: Tokens,
    scopes: readonly string[],
  ) => {
    const token = accessTokens[scopeKey(scopes)];
    return token && now() < token[limit] ? token.value : undefined;
  };
  const isClaimsRefreshDue = ({ claimsCheckedAt, tokens }: SessionContent) => {
    if (claimsMaxAgeMs === undefined || !tokens.refreshToken) return false;
    const age = now() - claimsCheckedAt;
    // A negative age means that the clock was set back.
    return age < 0 || age >= claimsMaxAgeMs;
  };

  const refresh = async (
    { key, content, isHeld }: { key: string; content: SessionContent; isHeld: boolean },
    scopes: readonly string[],
  ) => {
    try {
      if (!isHeld) throw new SignInError('provider_unreachable', 'another process waits for it');
      return await refreshSession(options, { key, content, scopes });
    } catch (error) {
      if (!(error instanceof SignInError)) throw error;
      throw await applyRefreshFailure(options, { key, content, isHeld, error });
    }
  };

  const obtainToken = async (
    key: string,
    scopes: readonly string[],
    { session, isHeld }: RefreshLock,
  ) => {
    if (!session) throw expired();
    const { content } = session;
    const valid = findToken('refreshAt', content.tokens, scopes);
    if (valid) return valid;
    const expiringSoon = findToken('expiresAt', content.tokens, scopes);
    if (expiringSoon && paused.has(key)) return expiringSoon;
    try {
      return await refresh({ key, content, isHeld }, scopes);
    } catch (error) {
      if (!expiringSoon || !isTransient(error)) throw error;
      paused.add(key);
      return expiringSoon;
    }
  };

  const refreshUser = async (key: string, { session, isHeld }: RefreshLock) => {
    if (!session) throw expired();
    const { content } = session;
    // Another request may have refreshed them in the meantime.
    return isClaimsRefreshDue(content) ? refresh({ key, content, isHeld }, []) : '';
  };

  const obtainUser = async (key: string): Promise<User | undefined> => {
    const work = (lock: RefreshLock) => refreshUser(key, lock);
    let failure: SignInError | undefined;
    try {
      await withRefreshLock(key, { operation: REFRESH_CLAIMS, work });
    } catch (error) {
      if (!(error instanceof SignInError)) throw error;
      failure = error;
    }
    const current = await sessions.find(key, { slide: false });
    if (failure && current) {
      paused.add(key);
      const { code, message: detail } = failure;
      log.warn('claims_refresh_failed', { session: hashSessionId(key), code, detail });
    }
    return current?.content.user;
  };

  return {
    async get({ sessionKey, tokens }, scopes = []) {
      // The caller may change its array in the meantime.
      const copy = [...scopes];
      return (
        findToken('refreshAt', tokens, copy) ??
        withRefreshLock(sessionKey, {
          operation: scopeKey(copy),
          work: (lock) => obtainToken(sessionKey, copy, lock),
        })
      );
    },
    getUser(session) {
      const isCurrent = !isClaimsRefreshDue(session) || paused.has(session.sessionKey);
      return isCurrent ? session.user : obtainUser(session.sessionKey);
    },
  };
}

const isTransient = (error: unknown) =>
  error instanceof SignInError && TRANSIENT_ERRORS.has(error.code);
