import type { Config } from '../../config/config.ts';
import type { DiscoveredPolicy } from '../../oidc/discovery.ts';
import type { CheckId } from '../catalogue.ts';
import type { Check } from '../check.ts';
import type { TenantContext } from './tenant-context.ts';

/** The claims that settings name, by the check that looks for them. */
export type NeededClaims = Partial<Record<CheckId, readonly string[]>>;

const FIXES: Partial<Record<CheckId, string>> = {
  'gate.claims':
    'Check the spelling (extension_… for custom attributes), and add the claim to the claims that the policy returns. Until then, rules that require it deny every user, and its headers are empty.',
  'claims.listed':
    'Check the spelling in claimTypes (extension_… for custom attributes), and add the claim to the claims that the policy returns.',
  'sign-in.re-authentication':
    'Let the policies return auth_time. Without it, a sign-in that has to ask for credentials ends with authentication_too_old.',
};

/** The claims that the settings need at every tenant. */
export function claimsOf({ gate, session }: Pick<Config, 'gate' | 'session'>): NeededClaims {
  const rules = gate?.rules ?? [];
  const ruleClaims = rules.flatMap(({ claims = {} }) => Object.keys(claims));
  const headerClaims = Object.values(gate?.headers ?? {});
  const asksAgain =
    session.reauthenticateAfterIdle ||
    rules.some(({ maxAgeSeconds }) => maxAgeSeconds !== undefined);
  return {
    'gate.claims': [...new Set([...ruleClaims, ...headerClaims])],
    'sign-in.re-authentication': asksAgain ? ['auth_time'] : [],
  };
}

/** Checks that a policy lists each claim. Only B2C lists the claims of a policy. */
export function* claimsChecks(
  { config, report, portalFor }: TenantContext,
  { needed, providers }: { needed: NeededClaims; providers: readonly DiscoveredPolicy[] },
): Generator<Check> {
  if (config.tenant.kind !== 'b2c') return;
  const all = { ...needed, 'claims.listed': Object.keys(config.claimTypes) };
  const listed = findListedClaims(providers, config.policies.length);
  for (const [name, claims = []] of Object.entries(all)) {
    const id = name as CheckId;
    if (claims.length === 0) continue;
    if (!listed) {
      yield report.skipped(id, 'not every policy lists its claims');
      continue;
    }
    const missing = claims.filter((claim) => !listed.has(claim));
    yield missing.length === 0
      ? report.ok(id, `the policies list ${claims.join(', ')}`)
      : report.warn(id, `no policy lists ${missing.join(', ')}`, {
          fix: FIXES[id] ?? '',
          portal: portalFor('policies'),
        });
  }
}

/** The claims that any policy lists; `undefined` if not every policy has a list. */
function findListedClaims(
  providers: readonly DiscoveredPolicy[],
  count: number,
): Set<unknown> | undefined {
  const lists = providers.map(
    ({ configuration }) => configuration.serverMetadata().claims_supported,
  );
  return providers.length === count && lists.every(Array.isArray)
    ? new Set(lists.flat())
    : undefined;
}
