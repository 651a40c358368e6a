/** What outlives a restart, in one JSON file: accounts, signing keys, sessions, refresh tokens. */
import { existsSync } from 'node:fs';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import type { SsoSession } from '../protocol/sso.ts';
import type { Grant, RefreshGrant } from '../tokens/grants.ts';
import { restoreKeys, type SavedKeys, saveKeys } from '../tokens/keys.ts';
import type { Account } from './accounts.ts';
import type { LocalTenant } from './local-tenant.ts';
import { findPolicy } from './policy.ts';

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
  signIns: [string, { accountOid: string; expiresAt: number; isKept: boolean }][];
  applications: string[];
}

type SavedGrant = Omit<RefreshGrant, 'grant'> & {
  grant: Omit<Grant, 'policy'> & { policyName: string };
};

/** Under a name of its own first, so that a stop in between leaves the old file whole. */
export async function saveState(file: string, tenant: LocalTenant): Promise<void> {
  const state: SavedState = {
    version: 1,
    tenantId: tenant.definition.tenant.id,
    keys: saveKeys(tenant.keys),
    accounts: [...tenant.accounts.values()],
    ssoSessions: tenant.ssoSessions
      .entries()
      .map(([id, session, expiresAt]) => [id, saveSession(session), expiresAt]),
    refreshTokens: tenant.refreshTokens
      .entries()
      .map(([token, grant, expiresAt]) => [token, saveGrant(grant), expiresAt]),
  };
  const fresh = `${file}.new`;
  // Private keys and tokens: for this user's eyes. The mode counts for a file that is made here, not for one
  // that somebody put there before, nor for what a link of that name leads to.
  await rm(fresh, { force: true });
  await writeFile(fresh, JSON.stringify(state), { mode: 0o600, flag: 'wx' });
  await rename(fresh, file);
}

/** @throws Error when the file is there and cannot be used */
export async function restoreState(file: string, tenant: LocalTenant): Promise<void> {
  if (!existsSync(file)) return;
  const state = parseState(await readFile(file, 'utf8'), file);
  const { id } = tenant.definition.tenant;
  if (state.tenantId !== id) throw new Error(`the state in ${file} is another tenant's`);
  tenant.keys = restoreKeys(state.keys);
  tenant.accounts = new Map(state.accounts.map((account) => [account.oid, account]));
  for (const [sessionId, { sid, signIns, applications }, expiresAt] of state.ssoSessions) {
    const session = { sid, signIns: new Map(signIns), applications: new Set(applications) };
    tenant.ssoSessions.restore(sessionId, session, expiresAt);
  }
  for (const [token, { grant, ...rest }, expiresAt] of state.refreshTokens) {
    const { policyName, ...others } = grant;
    const policy = findPolicy(tenant.definition.policies, policyName);
    // A policy that is no longer configured takes its tokens along.
    if (!policy) continue;
    const restored = { ...rest, grant: { ...others, policy, nonce: others.nonce } };
    tenant.refreshTokens.restore(token, restored, expiresAt);
  }
}

function parseState(text: string, file: string): SavedState {
  try {
    const state: SavedState = JSON.parse(text);
    if (state.version === 1) return state;
  } catch {
    // Told below, like a state of another version.
  }
  throw new Error(`${file} holds no state of this emulator; delete it to start anew`);
}

function saveSession({ sid, signIns, applications }: SsoSession): SavedSession {
  return { sid, signIns: [...signIns], applications: [...applications] };
}

function saveGrant({ grant, ...rest }: RefreshGrant): SavedGrant {
  const { policy, ...others } = grant;
  return { ...rest, grant: { ...others, policyName: policy.name } };
}
