import type { Application } from '../definition/application.ts';
import type { TenantDefinition } from '../definition/tenant.ts';
import type { Origin } from '../policy/origin.ts';
import type { Policy } from '../policy/policy.ts';
import type { JourneyTenant, OutsideWorld } from '../policy/run.ts';
import type { SigningKeys } from '../state/signing-keys.ts';
import { createTenantState, type TenantState } from '../state/tenant-state.ts';
import type { ResponseIssuer } from '../tokens/token-response.ts';
import { connectorSecrets } from '../user-flows/api-connectors.ts';
import { buildUserFlows, isUserFlow } from '../user-flows/build-user-flow.ts';
import { type FaultyTenant, idTokenFaults } from './faults.ts';
import { createLiveStreams, type LiveStreams } from './live-streams.ts';
import { createOwnApplication, createPolicyRuns, type PolicyRuns } from './own-application.ts';
import type { JourneyRecords } from './record-run.ts';
import { createTransactions, type Transactions } from './transaction.ts';

/** The running tenant: its definition and everything that changes while it runs. */
export interface LocalTenant extends TenantState {
  /** Replaced when the files of a custom policy change. */
  definition: TenantDefinition;
  /** The definitions of user flows and custom policies, by name in lower case. */
  models: ReadonlyMap<string, Policy>;
  /** Errors in the files of custom policies. */
  policyErrors: readonly PolicyError[];
  /** Names of the custom policies that run as they were before an error. */
  keptPolicies: readonly string[];
  readonly outside: OutsideWorld;
  /** Runs the policies that a user starts in the dashboard. Also in `definition.applications`. */
  readonly ownApplication: Application;
  policyRuns: PolicyRuns;
  transactions: Transactions;
  /** The last journeys of the policy engine, newest first. */
  journeyRecords: JourneyRecords;
  /** Listen address or public URL, without a trailing slash. */
  url: string;
  /** Issuers and endpoints use `url`, regardless of the requested host. */
  readonly hasPublicUrl: boolean;
  /** Listens on other addresses than loopback. */
  readonly allowOtherHosts: boolean;
  /** Sent instead of random verification codes, for scripts that cannot read the mailbox. */
  readonly fixedVerificationCode: string | undefined;
  /** Open pages of the dashboard. */
  readonly live: LiveStreams;
  /** Epoch milliseconds, shifted by `clockOffsetMs`. */
  now(): number;
  reset(): void;
}

/** An error in a policy file. */
export interface PolicyError extends Origin {
  readonly message: string;
}

export function createLocalTenant(options: {
  definition: TenantDefinition;
  keys: SigningKeys;
  now: () => number;
  fixedVerificationCode: string | undefined;
  publicUrl: string | undefined;
  allowOtherHosts: boolean;
  outside: OutsideWorld;
}): LocalTenant {
  const { keys, fixedVerificationCode, publicUrl, allowOtherHosts, outside } = options;
  const ownApplication = createOwnApplication();
  const definition = {
    ...options.definition,
    applications: [...options.definition.applications, ownApplication],
  };
  const now = () => options.now() + tenant.clockOffsetMs;
  const createState = () => ({
    ...createTenantState(definition, { keys, now }),
    transactions: createTransactions(now),
    policyRuns: createPolicyRuns(now),
    journeyRecords: [],
  });
  const tenant: LocalTenant = {
    ...{ definition, ownApplication, live: createLiveStreams() },
    ...{ models: buildUserFlows(definition), policyErrors: [], keptPolicies: [], outside },
    url: publicUrl?.replace(/\/$/, '') ?? '',
    hasPublicUrl: publicUrl !== undefined,
    allowOtherHosts,
    fixedVerificationCode,
    now,
    reset: () => void Object.assign(tenant, createState()),
    ...createState(),
  };
  return tenant;
}

/** The applications of the configuration. */
export const configuredApplications = ({
  definition,
  ownApplication,
}: Pick<LocalTenant, 'definition' | 'ownApplication'>): Application[] =>
  definition.applications.filter((application) => application !== ownApplication);

/** The definition of a custom policy; `undefined` for a user flow, whose tokens its settings define. */
export function findCustomPolicy(
  { models }: Pick<LocalTenant, 'models'>,
  { name }: { name: string },
): Policy | undefined {
  const model = models.get(name.toLowerCase());
  return model && isUserFlow(model) ? undefined : model;
}

/** The members that issuing tokens needs. Faults use all of them. */
export type IssuingTenant = FaultyTenant & Pick<LocalTenant, 'refreshTokens'>;

/** The parts of the tenant that issue tokens, at the present time. */
export const tokenIssuer = (tenant: IssuingTenant): ResponseIssuer => ({
  tenant: tenant.definition.tenant,
  behavior: tenant.definition.behavior,
  keys: tenant.keys,
  refreshTokens: tenant.refreshTokens,
  now: tenant.now(),
  faults: idTokenFaults(tenant),
});

const connectorSecret = ({ definition }: LocalTenant, name: string): string | undefined =>
  connectorSecrets(definition.policies).get(name.toLowerCase());

/** The parts of the tenant that journeys use. */
export const journeyTenant = (tenant: LocalTenant): JourneyTenant => ({
  ...tenant.outside,
  secret: (name) => connectorSecret(tenant, name) ?? tenant.outside.secret(name),
  domain: tenant.definition.tenant.domain,
  id: tenant.definition.tenant.id,
  accounts: tenant.accounts,
  mailbox: tenant.mailbox,
  lockout: tenant.definition.behavior.lockout,
  fixedVerificationCode: tenant.fixedVerificationCode,
  now: tenant.now,
});
