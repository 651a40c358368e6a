import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { SignInError } from '../errors.ts';
import type { Log } from '../log.ts';
import { PROVIDER_TIMEOUT_MS } from '../oidc/outbound.ts';
import type { RelyingParty } from '../oidc/relying-party.ts';
import { type AccessToken, scopeKey, type Tokens } from '../oidc/tokens.ts';
import { type Release, type Sessions, sessionName } from '../session/session.ts';
import type { CurrentVisitor, SignedIn } from './signed-in.ts';

/**
 * An access token of a visitor that is good for a while yet: for the scopes of the sign-in, or for
 * those of another API.
 * @throws SignInError `not_signed_in` when the session has ended, or ends because the provider takes
 *   its refresh token no longer; `no_refresh_token`; or a fault of the provider, which ends nothing
 */
export type AccessTokens = (visitor: CurrentVisitor, scopes?: readonly string[]) => Promise<string>;

// How long a provider that could not be asked is spared while the old token is still good.
const PAUSE_MS = 10_000;
const MAX_SPARED = 10_000;
// How soon a process asks whether another one has done with a session, and how often when that lasts:
// a provider that hangs may keep thousands waiting.
const POLL_MS = 50;
const LONGEST_POLL_MS = 500;
// How long a refresh that is under way in nobody's turn may still come to its end.
const GRACE_MS = 2_000;
// How long a new refresh token waits for a store that is away: whoever loses it may have lost them all.
const STORE_MS = 10_000;

/**
 * One refresh at a time for each session: whoever comes meanwhile waits, and has its outcome. Between
 * processes a lock in the store keeps order, and who comes later finds what the earlier one has kept.
 * Before a refresh token goes out the session says so. Where a process or the network dies in between,
 * the provider may have replaced it unheard, and take the old one for stolen: that is no reason to end
 * the session, only to sign in again for the next token.
 */
export function createAccessTokens({
  relyingParty,
  sessions,
  log,
  now,
  providerTimeoutMs = PROVIDER_TIMEOUT_MS,
}: {
  relyingParty: RelyingParty;
  sessions: Sessions<SignedIn>;
  log: Log;
  now: () => number;
  providerTimeoutMs?: number | undefined;
}): AccessTokens {
  // One exchange for the tokens and one for a key, at most.
  const turnMs = 2 * providerTimeoutMs + STORE_MS;
  const running = new Map<string, { scopes: string; outcome: Promise<string> }>();
  const sparedUntil = new Map<string, number>();

  const before = (limit: 'refreshAt' | 'expiresAt', token: AccessToken | undefined) =>
    token && now() < token[limit] ? token.value : undefined;

  const changeTokens = (key: string, change: (tokens: Tokens) => Tokens) =>
    sessions.update(key, (content) => ({ ...content, tokens: change(content.tokens) }));

  const refresh = async (key: string, { policy, tokens, user }: SignedIn, scopes: string[]) => {
    const { refreshToken } = tokens;
    if (!refreshToken) {
      throw new SignInError('no_refresh_token', 'the provider gave no refresh token');
    }
    const keepTokens = async (change: (tokens: Tokens) => Tokens) => {
      // Ended while the provider was asked: what came is nobody's now.
      if (!(await changeTokens(key, change))) throw ended();
    };
    const beforeSending = () => keepTokens((old) => ({ ...old, refreshTokenUse: 'underWay' }));
    // Whoever was cut off for so long that somebody else has gone on must not bring back what is spent.
    let newest = refreshToken;
    const settle = ({ refreshTokenUse: use, ...old }: Tokens, next: string): Tokens =>
      old.refreshToken === newest
        ? { ...old, refreshToken: next }
        : { ...old, refreshTokenUse: use };
    const keep = async (rotated: string) => {
      await patiently(() => keepTokens((old) => settle(old, rotated)));
      newest = rotated;
    };
    const request = { refreshToken, scopes, user, beforeSending, keep };
    const { accessToken, idToken } = await relyingParty.refresh(policy, request);
    await keepTokens((old) => ({
      ...settle(old, newest),
      idToken: idToken ?? old.idToken,
      accessTokens: { ...old.accessTokens, [scopeKey(scopes)]: accessToken },
    }));
    return accessToken.value;
  };

  const endFor = async (key: string, error: SignInError) => {
    await sessions.end(key);
    log.info('session_expired', { session: sessionName(key), code: error.code });
    return error.code === 'grant_refused' ? ended(error) : error;
  };

  const forgetRefreshToken = async (key: string, cause: SignInError) => {
    await changeTokens(key, ({ refreshToken: _, refreshTokenUse: __, ...tokens }) => tokens);
    log.warn('refresh_token_lost', { session: sessionName(key) });
    return new SignInError('no_refresh_token', 'its last use had no answer', { cause });
  };

  /** Says that no answer comes any more, as far as that can be said: nobody else need wait for one. */
  const endUse = async (key: string) => {
    const end = ({ refreshTokenUse: use, ...tokens }: Tokens): Tokens =>
      use ? { ...tokens, refreshTokenUse: 'unanswered' } : tokens;
    await changeTokens(key, end).catch(() => {});
  };

  /**
   * A session in whose turn nobody else is. One whose refresh is under way belongs to a holder who has
   * died, or to one whom the store has lost for longer than a lock lasts: that one comes at once when the
   * store is back, and his is the only good refresh token.
   */
  const findSettled = async (key: string) => {
    const ends = performance.now() + GRACE_MS;
    for (;;) {
      const session = await sessions.find(key, { slide: false });
      const isSettled = session?.content.tokens.refreshTokenUse !== 'underWay';
      if (isSettled || performance.now() > ends) return session;
      await delay(POLL_MS);
    }
  };

  const spare = (key: string) => {
    // Whoever is forgotten here costs the provider one call more.
    if (sparedUntil.size >= MAX_SPARED) sparedUntil.clear();
    sparedUntil.set(key, now() + PAUSE_MS);
  };

  const takeTurn = async (key: string): Promise<Release | undefined> => {
    const ends = performance.now() + providerTimeoutMs;
    for (let pause = POLL_MS; ; pause = Math.min(2 * pause, LONGEST_POLL_MS)) {
      const release = await sessions.lock(key, turnMs);
      const left = ends - performance.now();
      if (release || left <= 0) return release;
      await delay(Math.min(pause, left));
    }
  };

  const obtain = async (key: string, scopes: string[]): Promise<string> => {
    const release = await takeTurn(key);
    try {
      return await obtainInTurn(key, scopes, release !== undefined);
    } finally {
      await release?.();
    }
  };

  const obtainInTurn = async (key: string, scopes: string[], isOurTurn: boolean) => {
    const session = await findSettled(key);
    if (!session) throw ended();
    const token = session.content.tokens.accessTokens[scopeKey(scopes)];
    const good = before('refreshAt', token);
    if (good) return good;
    const lastResort = before('expiresAt', token);
    if (lastResort && now() < (sparedUntil.get(key) ?? 0)) return lastResort;
    try {
      if (!isOurTurn) {
        throw new SignInError('provider_unreachable', 'another process waits for it');
      }
      return await refresh(key, session.content, scopes);
    } catch (error) {
      if (!(error instanceof SignInError)) throw error;
      if (error.code === 'grant_refused' && session.content.tokens.refreshTokenUse) {
        throw await forgetRefreshToken(key, error);
      }
      if (ENDS_SESSION.has(error.code)) throw await endFor(key, error);
      if (isOurTurn) await endUse(key);
      if (!PASSES.has(error.code) || !lastResort) throw error;
      spare(key);
      return lastResort;
    }
  };

  const begin = async (key: string, scopes: string[]): Promise<string> => {
    const other = running.get(key);
    if (other?.scopes === scopeKey(scopes)) return other.outcome;
    const turn = other ? other.outcome.catch(() => {}) : Promise.resolve();
    const own = { scopes: scopeKey(scopes), outcome: turn.then(() => obtain(key, scopes)) };
    running.set(key, own);
    try {
      return await own.outcome;
    } finally {
      if (running.get(key) === own) running.delete(key);
    }
  };

  return async ({ sessionKey, tokens }, scopes = []) => {
    const token = tokens.accessTokens[scopeKey(scopes)];
    return before('refreshAt', token) ?? begin(sessionKey, [...scopes]);
  };
}

/** Tries again as long as it is the store that fails, until it would take too long. */
async function patiently(work: () => Promise<void>): Promise<void> {
  const deadline = performance.now() + STORE_MS;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      const isAway = error instanceof SignInError && error.code === 'store_unreachable';
      if (!isAway || performance.now() > deadline) throw error;
      await delay(POLL_MS);
    }
  }
}

const PASSES = new Set<SignInError['code']>(['provider_unreachable', 'store_unreachable']);
const ENDS_SESSION = new Set<SignInError['code']>(['grant_refused', 'subject_mismatch']);

const ended = (cause?: Error) =>
  new SignInError('not_signed_in', 'the session has ended', cause ? { cause } : {});
