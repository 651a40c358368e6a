import type { GateConfig } from '../../config/gate.ts';
import type { DiscoveredPolicy } from '../../oidc/discovery.ts';
import type { Check } from '../check.ts';
import type { TenantCase } from './tenant-case.ts';

/** The claims that a gate makes something of. */
export function claimsOf(gate: GateConfig | undefined): string[] {
  if (!gate) return [];
  const ofRules = gate.rules.flatMap(({ claims = {} }) => Object.keys(claims));
  return [...new Set([...ofRules, ...Object.values(gate.headers)])];
}

/** Whether any policy sends them. Of B2C alone the metadata says what a policy sends. */
export function* gateClaimsCheck(
  { config, say, place }: TenantCase,
  { claims, providers }: { claims: readonly string[]; providers: readonly DiscoveredPolicy[] },
): Generator<Check> {
  if (claims.length === 0 || config.tenant.kind !== 'b2c') return;
  const id = 'gate.claims';
  const announced = providers.map(
    ({ configuration }) => configuration.serverMetadata().claims_supported,
  );
  if (providers.length < config.policies.length || !announced.every(Array.isArray)) {
    yield say.skipped(id, 'not every policy says what it sends');
    return;
  }
  const sent = new Set(announced.flat());
  const missing = claims.filter((claim) => !sent.has(claim));
  if (missing.length > 0) {
    yield say.warn(id, `no policy announces ${missing.join(', ')}`, {
      mend: 'A rule that asks for it lets nobody in, and a header is empty. Compare the spelling (extension_… for attributes of your own), and add it to the claims that the policy returns.',
      place: place('policies'),
    });
    return;
  }
  yield say.ok(id, `the policies announce ${claims.join(', ')}`);
}
