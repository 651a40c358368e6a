import { SignInError } from '../errors.ts';
import type { Log } from '../log/log.ts';
import { PROVIDER_TIMEOUT_MS } from '../oidc/outbound.ts';
import type { RelyingParties } from '../oidc/relying-parties.ts';
import { scopeKey, type Tokens } from '../oidc/tokens.ts';
import { hashSessionId, type Sessions } from '../session/session.ts';
import type { CurrentSession, SessionContent } from './browser-sessions.ts';
import { createRefreshLock, type RefreshLock } from './refresh-lock.ts';
import {
  endRefresh,
  expired,
  forgetRefreshToken,
  longestRefreshMs,
  refreshSession,
} from './refresh-session.ts';

/**
 * An access token of a visitor that is good for a while yet: for the scopes of the sign-in, or for
 * those of another API.
 * @throws SignInError `not_signed_in` when the session has ended, or ends because the provider takes
 *   its refresh token no longer; `no_refresh_token`; or a fault of the provider, which ends nothing
 */
export type AccessTokens = (visitor: CurrentSession, scopes?: readonly string[]) => Promise<string>;

interface Given {
  relyingParties: RelyingParties;
  sessions: Sessions<SessionContent>;
  log: Log;
  now: () => number;
  providerTimeoutMs?: number | undefined;
}

/** One refresh at a time for each session: whoever comes meanwhile waits, and has its outcome. */
export function createAccessTokens(given: Given): AccessTokens {
  const { sessions, now, providerTimeoutMs = PROVIDER_TIMEOUT_MS } = given;
  const spared = createBackoff(now);
  const inTurn = createRefreshLock(sessions, {
    turnMs: longestRefreshMs(providerTimeoutMs),
    waitMs: providerTimeoutMs,
  });
  const before = (
    limit: 'refreshAt' | 'expiresAt',
    { accessTokens }: Tokens,
    operation: string,
  ) => {
    const token = accessTokens[operation];
    return token && now() < token[limit] ? token.value : undefined;
  };

  const obtain = async (
    key: string,
    scopes: readonly string[],
    { session, isHeld }: RefreshLock,
  ) => {
    if (!session) throw expired();
    const { content } = session;
    const good = before('refreshAt', content.tokens, scopeKey(scopes));
    if (good) return good;
    const lastResort = before('expiresAt', content.tokens, scopeKey(scopes));
    if (lastResort && spared.has(key)) return lastResort;
    try {
      if (!isHeld) throw new SignInError('provider_unreachable', 'another process waits for it');
      return await refreshSession(given, { key, content, scopes });
    } catch (error) {
      if (!(error instanceof SignInError)) throw error;
      const told = await afterFailure(given, { key, content, isHeld, error });
      if (!TRANSIENT_ERRORS.has(told.code) || !lastResort) throw told;
      spared.add(key);
      return lastResort;
    }
  };

  return async ({ sessionKey, tokens }, scopes = []) => {
    const operation = scopeKey(scopes);
    // Theirs may change while they wait.
    const own = [...scopes];
    const work = (turn: RefreshLock) => obtain(sessionKey, own, turn);
    return before('refreshAt', tokens, operation) ?? inTurn(sessionKey, { operation, work });
  };
}

/** What a refresh that has failed does to the session, and what is said to whoever asked. */
async function afterFailure(
  { sessions, log }: Given,
  failure: { key: string; content: SessionContent; isHeld: boolean; error: SignInError },
): Promise<SignInError> {
  const { key, content, isHeld, error } = failure;
  // Refused because its last use had no answer: no reason to end the session, only to sign in again for
  // the next token.
  if (error.code === 'grant_refused' && content.tokens.refreshState) {
    await forgetRefreshToken(sessions, key);
    log.warn('refresh_token_lost', { session: hashSessionId(key) });
    return new SignInError('no_refresh_token', 'its last use had no answer', { cause: error });
  }
  if (ENDS_SESSION.has(error.code)) {
    await sessions.end(key);
    log.info('session_expired', { session: hashSessionId(key), code: error.code });
    return error.code === 'grant_refused' ? expired(error) : error;
  }
  if (isHeld) await endRefresh(sessions, key);
  return error;
}

const TRANSIENT_ERRORS = new Set<SignInError['code']>([
  'provider_unreachable',
  'store_unreachable',
]);
const ENDS_SESSION = new Set<SignInError['code']>(['grant_refused', 'subject_mismatch']);

// How long a provider that could not be asked is spared while the old token is still good.
const PAUSE_MS = 10_000;
const MAX_SPARED = 10_000;

/** The sessions for which the provider is not asked for a while. */
function createBackoff(now: () => number) {
  const until = new Map<string, number>();
  return {
    has: (key: string) => now() < (until.get(key) ?? 0),
    add(key: string) {
      // Whoever is forgotten here costs the provider one call more.
      if (until.size >= MAX_SPARED) until.clear();
      until.set(key, now() + PAUSE_MS);
    },
  };
}
