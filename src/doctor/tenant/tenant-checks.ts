import { POLICY_ROLES } from '../../config/tenant-settings.ts';
import { CLOCK_TOLERANCE_SECONDS, type DiscoveredPolicy } from '../../oidc/discovery.ts';
import type { Check } from '../check.ts';
import { isFailure } from '../probe.ts';
import { type ReturnAddresses, registrationChecks } from '../registration/registration-checks.ts';
import { gateClaimsCheck } from './gate-claims-check.ts';
import { type Asked, isUnknown, policyChecks } from './policy-checks.ts';
import type { TenantCase } from './tenant-case.ts';
import { hostCheck } from './tenant-host.ts';

/** What our side of the configuration asks of the tenant. */
export interface Ours {
  /** Unknown where the settings that they come from have faults. */
  addresses: ReturnAddresses | undefined;
  /** The parts of the configuration that have faults. */
  lost: ReadonlySet<string>;
  /** What the gate makes something of. */
  claims: readonly string[];
}

/** Everything about one tenant, from its address to this application's place in it. */
export async function* tenantChecks(
  given: TenantCase,
  { addresses, lost, claims }: Ours,
): AsyncGenerator<Check> {
  const { config, say } = given;
  const host = hostCheck(config.tenant, say);
  yield host;
  yield* roleChecks(given);
  if (host.outcome === 'mend') {
    yield say.skipped('tenant.reachable', 'nobody is asked at a host that cannot be right');
    return;
  }
  const asked = await askAll(given);
  const isReached = reachCheck(given, asked);
  yield isReached;
  if (isReached.outcome === 'mend') return;
  yield idCheck(given);
  yield* nameCheck(given, asked);
  const offsets = asked.map(({ result }) => (isFailure(result) ? undefined : result.clockOffsetMs));
  yield clockCheck(
    given,
    offsets.find((offset) => offset !== undefined),
  );
  const usable = new Map<string, DiscoveredPolicy>();
  for (const one of asked) {
    const provider = yield* policyChecks(given, one, asked);
    if (provider) usable.set(one.policy.key, provider);
  }
  yield* gateClaimsCheck(given, { claims, providers: [...usable.values()] });
  const signIn = usable.get('signIn');
  if (!signIn) {
    yield say.skipped(
      'client.id',
      'the application is looked at when its sign-in policy is usable',
    );
  } else if (lost.has('client') || lost.has('client.id')) {
    yield say.skipped('client.id', 'client.id has to be mended first');
  } else {
    yield* registrationChecks(given, {
      provider: signIn,
      addresses,
      hasSecret: !lost.has('client.secret'),
    });
  }
}

/** Whether one policy stands where two should. */
function* roleChecks({ config, say, place }: TenantCase): Generator<Check> {
  if (config.tenant.kind !== 'b2c') return;
  const nameOf = (key: string) => config.policies.find((policy) => policy.key === key)?.name;
  const names = POLICY_ROLES.flatMap((key) => nameOf(key)?.toLowerCase() ?? []);
  if (new Set(names).size < names.length) {
    yield say.mend(
      'policies.roles',
      'two of signIn, editProfile and resetPassword are one policy',
      {
        mend: 'Name the policy that is made for each, and leave out what you have none for.',
        place: place('policies'),
      },
    );
  } else {
    yield say.ok(
      'policies.roles',
      `${names.length} policies of different names; what each of them does cannot be seen from outside: try it`,
    );
  }
}

/** One after the other, and no further where the network itself is at fault. */
async function askAll({ config, tenant, probe }: TenantCase): Promise<Asked[]> {
  const asked: Asked[] = [];
  for (const policy of config.policies) {
    const url = tenant.discoveryUrl(policy);
    const result = await probe.get(url);
    asked.push({ policy, url, result });
    if (isFailure(result) && asked.length === 1) break;
  }
  return asked;
}

function reachCheck({ say, explain }: TenantCase, [first]: Asked[]): Check {
  if (!first) return say.skipped('tenant.reachable', 'there is no policy to ask for');
  const { url, result } = first;
  if (!isFailure(result)) return say.ok('tenant.reachable', `${url.origin} answers`);
  const { detail, mend } = explain(result.failure, url);
  return say.mend('tenant.reachable', detail, { mend });
}

function idCheck({ config, say, place }: TenantCase): Check {
  const { tenant } = config;
  if (tenant.kind !== 'b2c') return say.ok('tenant.id', 'the issuer is configured');
  const isLocal = tenant.authority.protocol === 'http:';
  if (tenant.tenantId || isLocal) {
    return say.ok('tenant.id', tenant.tenantId ? 'given' : 'not given, and this is a local tenant');
  }
  return say.warn('tenant.id', 'tenant.tenantId is not given: the first answer is believed', {
    mend: 'Set it to the id that the issuer has, after a look at the portal.',
    place: place('tenant'),
  });
}

/** B2C has one answer for an unknown policy and for an unknown tenant: all policies together tell. */
function* nameCheck({ config, say, place }: TenantCase, asked: Asked[]): Generator<Check> {
  const { tenant } = config;
  if (tenant.kind !== 'b2c') return;
  const name = tenant.authority.pathname.slice(1);
  if (asked.some(({ result }) => !isFailure(result) && result.status === 200)) {
    yield say.ok('tenant.name', `${name} is known`);
  } else if (asked.length > 1 && asked.every(isUnknown)) {
    yield say.mend('tenant.name', `none of the ${asked.length} policies is known in ${name}`, {
      mend: 'Compare the end of tenant.authority with the domain name of the tenant; if that is right, all names of policies are wrong.',
      place: place('tenant'),
    });
  } else {
    yield say.skipped('tenant.name', `${name} cannot be told from a policy that is not there`);
  }
}

const WARN_SECONDS = 30;

function clockCheck({ say }: TenantCase, offsetMs: number | undefined): Check {
  if (offsetMs === undefined) {
    return say.skipped('clock.offset', 'the answer of the tenant has no date');
  }
  const seconds = Math.round(offsetMs / 1000);
  const distance = Math.abs(seconds);
  const detail = `this machine is ${distance} seconds ${seconds > 0 ? 'behind' : 'ahead of'} the tenant`;
  const remedy = { mend: 'Let the clock of this machine follow a time server (NTP).' };
  if (distance > CLOCK_TOLERANCE_SECONDS) {
    const limit = `; tokens are refused beyond ${CLOCK_TOLERANCE_SECONDS}`;
    return say.mend('clock.offset', detail + limit, remedy);
  }
  if (distance > WARN_SECONDS) return say.warn('clock.offset', detail, remedy);
  return say.ok('clock.offset', `within ${Math.max(distance, 1)} s of the tenant's`);
}
