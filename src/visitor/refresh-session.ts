import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { SignInError } from '../errors.ts';
import { refreshClaims } from '../oidc/claim-updates.ts';
import { type RelyingParties, requireRelyingParty } from '../oidc/relying-parties.ts';
import { scopeKey, type Tokens } from '../oidc/tokens.ts';
import type { Sessions } from '../session/session.ts';
import type { SessionContent } from './browser-sessions.ts';

// How long to keep a new refresh token while the store is unreachable. Losing it may lose all of them.
const STORE_MS = 10_000;
const POLL_MS = 50;

/** One token request and one request for keys, at most. */
export const longestRefreshMs = (providerTimeoutMs: number): number =>
  2 * providerTimeoutMs + STORE_MS;

interface RefreshParts {
  relyingParties: RelyingParties;
  sessions: Sessions<SessionContent>;
  now: () => number;
}

/**
 * Refreshes the tokens and claims of a session, stores them, and returns the access token. Marks the session
 * before the refresh token is sent: if the process or the network fails before the response, the provider
 * may already have replaced the token, and treat the old one as stolen.
 */
export async function refreshSession(
  { relyingParties, sessions, now }: RefreshParts,
  { key, content, scopes }: { key: string; content: SessionContent; scopes: readonly string[] },
): Promise<string> {
  const { policy, user } = content;
  const { refreshToken } = content.tokens;
  if (!refreshToken) {
    throw new SignInError('no_refresh_token', 'the provider issued no refresh token');
  }
  const change = async (update: (current: SessionContent) => SessionContent) => {
    // If the session has ended in the meantime, the new tokens are discarded.
    if (!(await sessions.update(key, update))) throw expired();
  };
  const changeTokens = (update: (tokens: Tokens) => Tokens) =>
    change((current) => ({ ...current, tokens: update(current.tokens) }));
  // A process that was disconnected while another one has continued must not restore a spent token.
  let newest = refreshToken;
  const settle = ({ refreshState, ...tokens }: Tokens, next: string): Tokens =>
    tokens.refreshToken === newest
      ? { ...tokens, refreshToken: next }
      : { ...tokens, refreshState };
  const relyingParty = requireRelyingParty(relyingParties, content);
  const { accessToken, idToken, claims } = await relyingParty.refresh(policy, {
    refreshToken,
    scopes,
    user,
    beforeSending: () => changeTokens((tokens) => ({ ...tokens, refreshState: 'inFlight' })),
    async keep(rotated) {
      await retryWhileStoreDown(() => changeTokens((tokens) => settle(tokens, rotated)));
      newest = rotated;
    },
  });
  await change((current) => ({
    ...current,
    ...(claims ? refreshClaims(current, claims) : {}),
    claimsCheckedAt: now(),
    tokens: {
      ...settle(current.tokens, newest),
      idToken: idToken ?? current.tokens.idToken,
      accessTokens: { ...current.tokens.accessTokens, [scopeKey(scopes)]: accessToken },
    },
  }));
  return accessToken.value;
}

/** Removes the refresh token. The session continues without it. */
export async function forgetRefreshToken(
  sessions: Sessions<SessionContent>,
  key: string,
): Promise<void> {
  await sessions.update(key, (content) => {
    const { refreshToken: _, refreshState: __, ...tokens } = content.tokens;
    return { ...content, tokens };
  });
}

/** Marks an in-flight refresh as unanswered, if possible, so that no other process waits for it. */
export async function endRefresh(sessions: Sessions<SessionContent>, key: string): Promise<void> {
  const end = ({ refreshState, ...tokens }: Tokens): Tokens =>
    refreshState ? { ...tokens, refreshState: 'unanswered' } : tokens;
  await sessions
    .update(key, (content) => ({ ...content, tokens: end(content.tokens) }))
    .catch(() => {});
}

export const expired = (cause?: Error): SignInError =>
  new SignInError('not_signed_in', 'the session has ended', cause ? { cause } : {});

async function retryWhileStoreDown(work: () => Promise<void>): Promise<void> {
  const deadline = performance.now() + STORE_MS;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      const isStoreDown = error instanceof SignInError && error.code === 'store_unreachable';
      if (!isStoreDown || performance.now() > deadline) throw error;
      await delay(POLL_MS);
    }
  }
}
