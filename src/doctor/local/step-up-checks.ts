import type { Config } from '../../config/config.ts';
import { isStepUp } from '../../config/gate.ts';
import { type Check, createReporter } from '../check.ts';

/**
 * Checks that users of every tenant can meet the conditions of step-up rules, and that an access token for the
 * application can be refreshed. Without such settings there is no check.
 */
export function* stepUpChecks({
  gate,
  tenants,
}: Pick<Config, 'gate' | 'tenants'>): Generator<Check> {
  const rules = (gate?.rules ?? []).map((rule, index) => ({ ...rule, index })).filter(isStepUp);
  let canBeMet = true;
  for (const { index, policy } of rules) {
    if (policy === undefined) continue;
    const without = tenants.filter(({ policies }) => !policies.some(({ key }) => key === policy));
    if (without.length === 0) continue;
    canBeMet = false;
    const names = without.map(({ name }) => (name ? `tenants.${name}` : 'the first tenant'));
    const detail = `${names.join(' and ')} has no policy ${policy}, so its users are always denied`;
    yield createReporter(`gate.rules.${index}`).warn('gate.step-up', detail, {
      fix: `Add ${policy} to the policies of that tenant, or remove it from the rule.`,
    });
  }
  if (canBeMet && rules.length > 0) {
    const paths = rules.map(({ path }) => path).join(', ');
    yield createReporter().ok('gate.step-up', `users can meet the conditions of ${paths}`);
  }
  if (!gate?.accessToken) return;
  const id = 'gate.access-token';
  for (const { name, scopes } of tenants) {
    const { ok, warn } = createReporter(name || undefined);
    yield scopes.includes('offline_access')
      ? ok(id, 'access tokens can be refreshed')
      : warn(id, 'scopes does not contain offline_access, so access tokens cannot be refreshed', {
          fix: 'Add offline_access. Without it, the application gets no token after about an hour.',
        });
  }
}
