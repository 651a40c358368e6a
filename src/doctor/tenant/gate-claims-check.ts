import type { GateConfig } from '../../config/gate.ts';
import type { DiscoveredPolicy } from '../../oidc/discovery.ts';
import type { Check } from '../check.ts';
import type { TenantContext } from './tenant-context.ts';

/** The claims that rules or headers of the gate use. */
export function claimsOf(gate: GateConfig | undefined): string[] {
  if (!gate) return [];
  const ruleClaims = gate.rules.flatMap(({ claims = {} }) => Object.keys(claims));
  return [...new Set([...ruleClaims, ...Object.values(gate.headers)])];
}

/** Checks that a policy announces each claim. Only B2C lists the claims of a policy. */
export function* gateClaimsCheck(
  { config, report, portalFor }: TenantContext,
  { claims, providers }: { claims: readonly string[]; providers: readonly DiscoveredPolicy[] },
): Generator<Check> {
  if (claims.length === 0 || config.tenant.kind !== 'b2c') return;
  const id = 'gate.claims';
  const announced = providers.map(
    ({ configuration }) => configuration.serverMetadata().claims_supported,
  );
  if (providers.length < config.policies.length || !announced.every(Array.isArray)) {
    yield report.skipped(id, 'not every policy lists its claims');
    return;
  }
  const sent = new Set(announced.flat());
  const missing = claims.filter((claim) => !sent.has(claim));
  if (missing.length > 0) {
    yield report.warn(id, `no policy lists ${missing.join(', ')}`, {
      fix: 'Check the spelling (extension_… for custom attributes), and add the claim to the claims that the policy returns. Until then, rules that require it deny every user, and its headers are empty.',
      portal: portalFor('policies'),
    });
    return;
  }
  yield report.ok(id, `the policies list ${claims.join(', ')}`);
}
