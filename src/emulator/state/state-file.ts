/** Accounts, signing keys, sessions and refresh tokens in one JSON file, so that they survive a restart. */
import { existsSync } from 'node:fs';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { findPolicy } from '../definition/policy.ts';
import type { TenantDefinition } from '../definition/tenant.ts';
import type { Account } from './accounts.ts';
import type { Grant, RefreshGrant } from './grants.ts';
import { restoreKeys, type SavedKeys, saveKeys } from './signing-keys.ts';
import type { SsoSession, SsoSignIn } from './sso-sessions.ts';
import type { TenantState } from './tenant-state.ts';

/** The parts of the state that the file contains. */
type Saved = Pick<TenantState, 'keys' | 'accounts' | 'ssoSessions' | 'refreshTokens'>;

interface SavedState {
  version: 1;
  tenantId: string;
  keys: SavedKeys;
  accounts: Account[];
  ssoSessions: [id: string, session: SavedSession, expiresAt: number][];
  refreshTokens: [token: string, grant: SavedGrant, expiresAt: number][];
}

interface SavedSession {
  sid: string;
  signIns: [string, SavedSignIn][];
  applications: string[];
}

interface SavedSignIn {
  accountOid: string;
  expiresAt: number;
  isKept: boolean;
  claims?: [profile: string, claims: [string, unknown][]][];
}

/** The user claims have the name of the first version of the file. */
type SavedGrant = Omit<RefreshGrant, 'grant'> & {
  grant: Omit<Grant, 'policy' | 'userClaims'> & {
    policyName: string;
    personClaims: Grant['userClaims'];
  };
};

/** Writes a temporary file and renames it, so that an interruption leaves the old file intact. */
export async function saveState(file: string, tenantId: string, saved: Saved): Promise<void> {
  const state: SavedState = {
    version: 1,
    tenantId,
    keys: saveKeys(saved.keys),
    accounts: [...saved.accounts.values()],
    ssoSessions: saved.ssoSessions
      .entries()
      .map(([id, session, expiresAt]) => [id, saveSession(session), expiresAt]),
    refreshTokens: saved.refreshTokens
      .entries()
      .map(([token, grant, expiresAt]) => [token, saveGrant(grant), expiresAt]),
  };
  const temporary = `${file}.new`;
  // The file contains private keys and tokens, so only its owner may read it. The mode applies to new
  // files only: remove an existing file or link first.
  await rm(temporary, { force: true });
  await writeFile(temporary, JSON.stringify(state), { mode: 0o600, flag: 'wx' });
  await rename(temporary, file);
}

/** @throws Error if the file exists and is unusable */
export async function restoreState(
  file: string,
  { tenant, policies }: TenantDefinition,
  saved: Saved,
): Promise<void> {
  if (!existsSync(file)) return;
  const state = parseState(await readFile(file, 'utf8'), file);
  if (state.tenantId !== tenant.id) throw new Error(`${file} contains the state of another tenant`);
  saved.keys = restoreKeys(state.keys);
  // Files of earlier versions have no attributes.
  saved.accounts = new Map(
    state.accounts.map((account) => [
      account.oid,
      { ...account, attributes: account.attributes ?? {} },
    ]),
  );
  for (const [sessionId, { sid, signIns, applications }, expiresAt] of state.ssoSessions) {
    const session = {
      sid,
      signIns: new Map(signIns.map(([scope, signIn]) => [scope, restoreSignIn(signIn)])),
      applications: new Set(applications),
    };
    saved.ssoSessions.restore(sessionId, session, expiresAt);
  }
  for (const [token, { grant, ...rest }, expiresAt] of state.refreshTokens) {
    const { policyName, personClaims: userClaims, ...others } = grant;
    const policy = findPolicy(policies, policyName);
    // The policy is no longer configured, so its tokens are dropped.
    if (!policy) continue;
    const restored = { ...rest, grant: { ...others, policy, userClaims, nonce: others.nonce } };
    saved.refreshTokens.restore(token, restored, expiresAt);
  }
}

function parseState(text: string, file: string): SavedState {
  try {
    const state: SavedState = JSON.parse(text);
    if (state.version === 1) return state;
  } catch {
    // Reported below, like a state of another version.
  }
  throw new Error(`${file} contains no state of this emulator; delete it to start again`);
}

function saveSession({ sid, signIns, applications }: SsoSession): SavedSession {
  return {
    sid,
    signIns: [...signIns].map(([scope, signIn]) => [scope, saveSignIn(signIn)]),
    applications: [...applications],
  };
}

const saveSignIn = ({ claims, ...signIn }: SsoSignIn): SavedSignIn => ({
  ...signIn,
  ...(claims ? { claims: [...claims].map(([profile, kept]) => [profile, [...kept]]) } : {}),
});

const restoreSignIn = ({ claims, ...signIn }: SavedSignIn): SsoSignIn => ({
  ...signIn,
  ...(claims ? { claims: new Map(claims.map(([profile, kept]) => [profile, new Map(kept)])) } : {}),
});

function saveGrant({ grant, ...rest }: RefreshGrant): SavedGrant {
  const { policy, userClaims, ...others } = grant;
  return { ...rest, grant: { ...others, policyName: policy.name, personClaims: userClaims } };
}
