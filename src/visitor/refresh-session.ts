import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { SignInError } from '../errors.ts';
import { type RelyingParties, requireRelyingParty } from '../oidc/relying-parties.ts';
import { scopeKey, type Tokens } from '../oidc/tokens.ts';
import type { Sessions } from '../session/session.ts';
import type { SessionContent } from './browser-sessions.ts';

// How long a new refresh token waits for a store that is away: whoever loses it may have lost them all.
const STORE_MS = 10_000;
const POLL_MS = 50;

/** One exchange for the tokens and one for a key, at most. */
export const longestRefreshMs = (providerTimeoutMs: number): number =>
  2 * providerTimeoutMs + STORE_MS;

/**
 * Refreshes the tokens of a session and keeps them there; gives the access token. Before the refresh token
 * goes out the session says so: where a process or the network dies in between, the provider may have
 * replaced it unheard, and take the old one for stolen.
 */
export async function refreshSession(
  {
    relyingParties,
    sessions,
  }: { relyingParties: RelyingParties; sessions: Sessions<SessionContent> },
  { key, content, scopes }: { key: string; content: SessionContent; scopes: readonly string[] },
): Promise<string> {
  const { policy, user } = content;
  const { refreshToken } = content.tokens;
  if (!refreshToken) {
    throw new SignInError('no_refresh_token', 'the provider gave no refresh token');
  }
  const keepTokens = async (change: (tokens: Tokens) => Tokens) => {
    // Ended while the provider was asked: what came is nobody's now.
    if (!(await changeTokens(sessions, key, change))) throw expired();
  };
  // Whoever was cut off for so long that somebody else has gone on must not bring back what is spent.
  let newest = refreshToken;
  const settle = ({ refreshState: use, ...old }: Tokens, next: string): Tokens =>
    old.refreshToken === newest ? { ...old, refreshToken: next } : { ...old, refreshState: use };
  const { accessToken, idToken } = await requireRelyingParty(relyingParties, content).refresh(
    policy,
    {
      refreshToken,
      scopes,
      user,
      beforeSending: () => keepTokens((old) => ({ ...old, refreshState: 'inFlight' })),
      async keep(rotated) {
        await retryWhileStoreDown(() => keepTokens((old) => settle(old, rotated)));
        newest = rotated;
      },
    },
  );
  await keepTokens((old) => ({
    ...settle(old, newest),
    idToken: idToken ?? old.idToken,
    accessTokens: { ...old.accessTokens, [scopeKey(scopes)]: accessToken },
  }));
  return accessToken.value;
}

/** The session goes on without it. */
export async function forgetRefreshToken(
  sessions: Sessions<SessionContent>,
  key: string,
): Promise<void> {
  const forget = ({ refreshToken: _, refreshState: __, ...tokens }: Tokens): Tokens => tokens;
  await changeTokens(sessions, key, forget);
}

/** Says that no answer comes any more, as far as that can be said: nobody else need wait for one. */
export async function endRefresh(sessions: Sessions<SessionContent>, key: string): Promise<void> {
  const end = ({ refreshState: use, ...tokens }: Tokens): Tokens =>
    use ? { ...tokens, refreshState: 'unanswered' } : tokens;
  await changeTokens(sessions, key, end).catch(() => {});
}

export const expired = (cause?: Error): SignInError =>
  new SignInError('not_signed_in', 'the session has ended', cause ? { cause } : {});

const changeTokens = (
  sessions: Sessions<SessionContent>,
  key: string,
  change: (tokens: Tokens) => Tokens,
) => sessions.update(key, (content) => ({ ...content, tokens: change(content.tokens) }));

/** Tries again as long as it is the store that fails, until it would take too long. */
async function retryWhileStoreDown(work: () => Promise<void>): Promise<void> {
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
