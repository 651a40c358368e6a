import type { PolicyConfig } from '../../config/tenant-config.ts';
import type { Check } from '../check.ts';
import type { TenantContext } from './tenant-context.ts';

/** Parameters that only custom policies read. */
const CUSTOM_POLICY_ONLY = ['id_token_hint'];
const USER_FLOW = /^B2C_1_/i;

/** Checks the parameters of policies against the kind of policy. Without parameters there is no check. */
export function* policyParameterChecks({
  config,
  report,
  reporterFor,
}: TenantContext): Generator<Check> {
  const id = 'policies.parameters';
  const named = config.policies.flatMap((policy) => {
    const parameters = parametersOf(policy);
    return parameters.length > 0 ? [{ policy, parameters }] : [];
  });
  const ignored = named.flatMap(({ policy, parameters }) =>
    USER_FLOW.test(policy.name)
      ? CUSTOM_POLICY_ONLY.filter((name) => parameters.includes(name)).map((name) => ({
          policy,
          name,
        }))
      : [],
  );
  for (const { policy, name } of ignored) {
    yield reporterFor(policy).warn(id, `${policy.name} is a user flow, which ignores ${name}`, {
      fix: 'Use a custom policy (B2C_1A_…) that reads it, or remove the parameter.',
    });
  }
  if (ignored.length > 0 || named.length === 0) return;
  const list = named.map(({ policy, parameters }) => `${policy.key}: ${parameters.join(', ')}`);
  yield report.ok(id, list.join('; '));
}

const parametersOf = ({ parameters = {}, passThrough = [] }: PolicyConfig): string[] => [
  ...Object.keys(parameters),
  ...passThrough,
];
