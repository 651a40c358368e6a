import { POLICY_ROLES } from '../../config/tenant-settings.ts';
import { closestMatch } from '../../did-you-mean.ts';
import { CLOCK_TOLERANCE_SECONDS, type DiscoveredPolicy } from '../../oidc/discovery.ts';
import type { Check } from '../check.ts';
import { isFailure } from '../probe.ts';
import { type RegisteredUrls, registrationChecks } from '../registration/registration-checks.ts';
import { claimsChecks, type NeededClaims } from './claims-checks.ts';
import { type DiscoveryProbe, isUnknown, policyChecks } from './policy-checks.ts';
import { policyParameterChecks } from './policy-parameter-checks.ts';
import type { TenantContext } from './tenant-context.ts';
import { hostCheck } from './tenant-host.ts';

/** The settings that a tenant must fit. */
export interface ApplicationSettings {
  /** Unknown if the settings that they are built from are invalid. */
  urls: RegisteredUrls | undefined;
  invalidSections: ReadonlySet<string>;
  claims: NeededClaims;
}

/** Checks one tenant: its host, its policies, and the registration of this application there. */
export async function* tenantChecks(
  context: TenantContext,
  { urls, invalidSections, claims }: ApplicationSettings,
): AsyncGenerator<Check> {
  const { config, report } = context;
  const host = hostCheck(config.tenant, report);
  yield host;
  yield* roleChecks(context);
  yield* policyParameterChecks(context);
  if (host.status === 'fail') {
    yield report.skipped('tenant.reachable', 'tenant.authority is invalid');
    return;
  }
  const probes = await probePolicies(context);
  const connectivity = connectivityCheck(context, probes);
  yield connectivity;
  if (connectivity.status === 'fail') return;
  yield idCheck(context);
  yield* nameCheck(context, probes);
  const offsets = probes.map(({ result }) =>
    isFailure(result) ? undefined : result.clockOffsetMs,
  );
  yield clockCheck(
    context,
    offsets.find((offset) => offset !== undefined),
  );
  const usable = new Map<string, DiscoveredPolicy>();
  for (const probe of probes) {
    const provider = yield* policyChecks(context, probe, probes);
    if (provider) usable.set(probe.policy.key, provider);
  }
  yield* claimsChecks(context, { needed: claims, providers: [...usable.values()] });
  const signIn = usable.get('signIn');
  if (!signIn) {
    yield report.skipped('client.id', 'the sign-in policy is not usable');
  } else if (invalidSections.has('client') || invalidSections.has('client.id')) {
    yield report.skipped('client.id', 'client.id is invalid');
  } else {
    const hasSecret = !invalidSections.has('client.secret');
    yield* registrationChecks(context, { provider: signIn, urls, hasSecret });
  }
}

/** Checks that each role has a separate policy. */
function* roleChecks({ config, report, portalFor }: TenantContext): Generator<Check> {
  if (config.tenant.kind !== 'b2c') return;
  const nameOf = (key: string) => config.policies.find((policy) => policy.key === key)?.name;
  const names = POLICY_ROLES.flatMap((key) => nameOf(key)?.toLowerCase() ?? []);
  if (new Set(names).size < names.length) {
    const detail = 'two of signIn, editProfile and resetPassword name one policy';
    yield report.fail('policies.roles', detail, {
      fix: 'Name the policy that is made for each role. Remove roles without a policy.',
      portal: portalFor('policies'),
    });
    return;
  }
  const misspelled = config.policies.flatMap(({ key }) => {
    // Two edits lie between signIn and signUp.
    const role = POLICY_ROLES.includes(key)
      ? undefined
      : closestMatch(key, POLICY_ROLES, { maxEdits: 1 });
    return role ? [{ key, role }] : [];
  });
  for (const { key, role } of misspelled) {
    yield report.warn('policies.roles', `policies.${key} has no role and no link on the pages`, {
      fix: `If this is the policy of ${role}, rename it to policies.${role}.`,
    });
  }
  if (misspelled.length === 0) {
    const detail =
      'no policy has two roles. Try each policy: what it does cannot be checked from outside';
    yield report.ok('policies.roles', detail);
  }
}

/** Requests the discovery document of each policy. Stops if the first request has a network error. */
async function probePolicies({ config, tenant, probe }: TenantContext): Promise<DiscoveryProbe[]> {
  const probes: DiscoveryProbe[] = [];
  for (const policy of config.policies) {
    const url = tenant.discoveryUrl(policy);
    const result = await probe.get(url);
    probes.push({ policy, url, result });
    if (isFailure(result) && probes.length === 1) break;
  }
  return probes;
}

function connectivityCheck({ report, explain }: TenantContext, [first]: DiscoveryProbe[]): Check {
  if (!first) return report.skipped('tenant.reachable', 'no policy is configured');
  const { url, result } = first;
  if (!isFailure(result)) return report.ok('tenant.reachable', `${url.origin} responds`);
  const { detail, fix } = explain(result.failure, url);
  return report.fail('tenant.reachable', detail, { fix });
}

function idCheck({ config, report, portalFor }: TenantContext): Check {
  const { tenant } = config;
  if (tenant.kind !== 'b2c') return report.ok('tenant.id', 'the issuer is configured');
  if (tenant.tenantId) return report.ok('tenant.id', 'tenant.tenantId is set');
  if (tenant.authority.protocol === 'http:') {
    return report.ok('tenant.id', 'tenant.tenantId is not set, which is fine for the emulator');
  }
  const detail = 'tenant.tenantId is not set: the ID in the first discovery document is trusted';
  return report.warn('tenant.id', detail, {
    fix: 'Set it to the tenant ID that the portal shows.',
    portal: portalFor('tenant'),
  });
}

/** B2C has one response for an unknown policy and an unknown tenant. Only all policies together show the difference. */
function* nameCheck(
  { config, report, portalFor }: TenantContext,
  probes: DiscoveryProbe[],
): Generator<Check> {
  const { tenant } = config;
  if (tenant.kind !== 'b2c') return;
  const name = tenant.authority.pathname.slice(1);
  if (probes.some(({ result }) => !isFailure(result) && result.status === 200)) {
    yield report.ok('tenant.name', `${name} exists`);
  } else if (probes.length > 1 && probes.every(isUnknown)) {
    yield report.fail('tenant.name', `none of the ${probes.length} policies exists in ${name}`, {
      fix: 'Compare the end of tenant.authority with the domain name of the tenant. If it is right, the names of all policies are wrong.',
      portal: portalFor('tenant'),
    });
  } else {
    const detail = `an unknown tenant ${name} and an unknown policy have the same response`;
    yield report.skipped('tenant.name', detail);
  }
}

const WARN_SECONDS = 30;

function clockCheck({ report }: TenantContext, offsetMs: number | undefined): Check {
  if (offsetMs === undefined) {
    return report.skipped('clock.offset', 'the response of the tenant has no date');
  }
  const seconds = Math.round(offsetMs / 1000);
  const distance = Math.abs(seconds);
  const detail = `this machine is ${distance} seconds ${seconds > 0 ? 'behind' : 'ahead of'} the tenant`;
  const fix = { fix: 'Synchronize the clock of this machine with a time server (NTP).' };
  if (distance > CLOCK_TOLERANCE_SECONDS) {
    const limit = `; above ${CLOCK_TOLERANCE_SECONDS} seconds, tokens are rejected`;
    return report.fail('clock.offset', detail + limit, fix);
  }
  if (distance > WARN_SECONDS) return report.warn('clock.offset', detail, fix);
  return report.ok('clock.offset', `within ${Math.max(distance, 1)} s of the tenant's clock`);
}
