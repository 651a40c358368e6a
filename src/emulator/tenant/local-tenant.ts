import type { ActiveFault } from '../admin/faults.ts';
import { createRequestLog, type RequestLog } from '../admin/request-log.ts';
import { SSO_LIFETIME_MS, type SsoSession } from '../protocol/sso.ts';
import type { RequestCount } from '../protocol/throttle.ts';
import { TRANSACTION_LIFETIME_MS, type Transaction } from '../protocol/transaction.ts';
import {
  CODE_LIFETIME_MS,
  type CodeGrant,
  REFRESH_TOKENS_KEPT_MS,
  type RefreshGrant,
} from '../tokens/grants.ts';
import type { KeyRing, SigningKeys } from '../tokens/keys.ts';
import { type Accounts, createAccounts } from './accounts.ts';
import { createExpiringMap, type ExpiringMap } from './expiring-map.ts';
import type { Mailbox } from './mailbox.ts';
import type { Policy } from './policy.ts';
import type { TenantDefinition } from './tenant.ts';

/** The tenant as it is now: its definition and everything that changes while it runs. */
export interface LocalTenant extends TenantState {
  readonly definition: TenantDefinition;
  /** Where it listens or is reached, without a slash at the end. */
  url: string;
  /** Issuers and endpoints name `url`, whatever host was asked. */
  readonly hasPublicUrl: boolean;
  /** Listens beyond this machine. */
  readonly allowOtherHosts: boolean;
  /** Mailed instead of a random code, for scripts that cannot read mail. */
  readonly fixedVerificationCode: string | undefined;
  /** Epoch milliseconds, moved by `clockOffsetMs`. */
  now(): number;
  reset(): void;
}

interface TenantState {
  clockOffsetMs: number;
  keys: SigningKeys;
  accounts: Accounts;
  transactions: ExpiringMap<Transaction>;
  ssoSessions: ExpiringMap<SsoSession>;
  codes: ExpiringMap<CodeGrant>;
  refreshTokens: ExpiringMap<RefreshGrant>;
  mailbox: Mailbox;
  faults: ActiveFault[];
  requestLog: RequestLog;
  requestCount: RequestCount;
}

export function createLocalTenant(options: {
  definition: TenantDefinition;
  keys: SigningKeys;
  now: () => number;
  fixedVerificationCode: string | undefined;
  publicUrl: string | undefined;
  allowOtherHosts: boolean;
}): LocalTenant {
  const { definition, keys, fixedVerificationCode, publicUrl, allowOtherHosts } = options;
  const now = () => options.now() + tenant.clockOffsetMs;
  const freshState = () => createState({ definition, keys, now });
  const tenant: LocalTenant = {
    definition,
    url: publicUrl?.replace(/\/$/, '') ?? '',
    hasPublicUrl: publicUrl !== undefined,
    allowOtherHosts,
    fixedVerificationCode,
    now,
    reset: () => void Object.assign(tenant, freshState()),
    ...freshState(),
  };
  return tenant;
}

function createState({
  definition,
  keys,
  now,
}: {
  definition: TenantDefinition;
  keys: SigningKeys;
  now: () => number;
}): TenantState {
  const expiring = <Value>(lifetimeMs: number, maxEntries: number) =>
    createExpiringMap<Value>({ lifetimeMs, maxEntries, now });
  return {
    clockOffsetMs: 0,
    keys,
    accounts: createAccounts(definition.accounts),
    transactions: expiring(TRANSACTION_LIFETIME_MS, 10_000),
    ssoSessions: expiring(SSO_LIFETIME_MS, 10_000),
    // Kept longer than they are valid, so that an expired one is told from garbage.
    codes: expiring(3 * CODE_LIFETIME_MS, 10_000),
    refreshTokens: expiring(REFRESH_TOKENS_KEPT_MS, 20_000),
    mailbox: [],
    faults: [],
    requestLog: createRequestLog(),
    requestCount: { windowStart: 0, requests: 0 },
  };
}

export function keyRingOf(tenant: LocalTenant, policy: Policy): KeyRing {
  return policy.custom ? tenant.keys.customPolicies : tenant.keys.userFlows;
}
