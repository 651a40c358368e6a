/** Everything that changes while the tenant runs. A reset replaces all of it. */
import type { TenantDefinition } from '../definition/tenant.ts';
import { type Accounts, createAccounts } from './accounts.ts';
import type { ActiveFaults } from './active-faults.ts';
import { createGrants, type Grants } from './grants.ts';
import type { Mailbox } from './mailbox.ts';
import { createRequestLog, type RequestLog } from './request-log.ts';
import type { SigningKeys } from './signing-keys.ts';
import { createSsoSessions, type SsoSessions } from './sso-sessions.ts';
import { createRequestCount, type RequestCount } from './throttle.ts';

export interface TenantState extends Grants {
  clockOffsetMs: number;
  keys: SigningKeys;
  accounts: Accounts;
  ssoSessions: SsoSessions;
  mailbox: Mailbox;
  faults: ActiveFaults;
  requestLog: RequestLog;
  requestCount: RequestCount;
}

export function createTenantState(
  { accounts }: TenantDefinition,
  { keys, now }: { keys: SigningKeys; now: () => number },
): TenantState {
  return {
    clockOffsetMs: 0,
    keys,
    accounts: createAccounts(accounts),
    ssoSessions: createSsoSessions(now),
    ...createGrants(now),
    mailbox: [],
    faults: [],
    requestLog: createRequestLog(),
    requestCount: createRequestCount(),
  };
}
