/** The tenant of a run without a browser: accounts, mailbox, policy keys and REST APIs. */
import { type AccountOptions, defineAccount } from '../definition/account.ts';
import { DEFAULT_BEHAVIOR } from '../definition/behavior.ts';
import { DEFAULT_ACCOUNTS, DEFAULT_TENANT } from '../definition/default-tenant.ts';
import { callRest, type RestTargets } from '../policy/call-rest.ts';
import type { Policy } from '../policy/policy.ts';
import { madeUpKey } from '../policy/policy-key.ts';
import type { JourneyTenant } from '../policy/run.ts';
import { createAccounts } from '../state/accounts.ts';

/** Every code that is sent, so that an answer can fill it in. */
const VERIFICATION_CODE = '123456';

export interface TenantOptions {
  /** Default: `alice@example.com` and `bob@example.com`, as in the emulator. */
  readonly accounts?: readonly AccountOptions[];
  readonly rest?: RestTargets;
  /** Values of policy keys, by name. The others are made up from their names. */
  readonly keys?: Readonly<Record<string, string>>;
  /** Epoch milliseconds. Default: the time of the computer. */
  readonly now?: number | (() => number);
}

export function createRunTenant(
  policy: Pick<Policy, 'tenantId'>,
  { accounts = DEFAULT_ACCOUNTS, rest = {}, keys = {}, now = Date.now }: TenantOptions,
): JourneyTenant {
  return {
    domain: policy.tenantId,
    id: DEFAULT_TENANT.id,
    accounts: createAccounts(accounts.map(defineAccount)),
    mailbox: [],
    lockout: DEFAULT_BEHAVIOR.b2c.lockout,
    fixedVerificationCode: VERIFICATION_CODE,
    secret: (name) => keys[name] ?? madeUpKey(name),
    fetchRest: (request) => callRest(request, rest),
    now: typeof now === 'number' ? () => now : now,
  };
}
