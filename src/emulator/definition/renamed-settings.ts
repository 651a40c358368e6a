/** Old names of settings and values, so that an old configuration gets a clear error. */
import type { ConfigurationFault } from './configuration-fault.ts';

type Members = Record<string, unknown>;

/** Every use of an old name or value, with the new one. */
export function findRenamedSettings(configuration: object): ConfigurationFault[] {
  const { behaviour, tenant, policies } = configuration as Members;
  return [
    ...(behaviour === undefined ? [] : [renamed('behaviour', 'behavior')]),
    ...(asMembers(tenant)['shape'] === undefined ? [] : [renamed('tenant.shape', 'tenant.kind')]),
    ...(Array.isArray(policies) ? policies : []).flatMap((policy, index) =>
      findInPolicy(asMembers(policy), `policies[${index}]`),
    ),
  ];
}

const FORGOT_PASSWORD: Members = { returnsError: 'returnError', resetsInside: 'inline' };

function findInPolicy({ forgotPassword, passwordRules }: Members, path: string) {
  const value = FORGOT_PASSWORD[String(forgotPassword)];
  const rules = `${path}.passwordRules`;
  return [
    ...(value === undefined
      ? []
      : [renamed(`${path}.forgotPassword`, `"${value}"`, `"${forgotPassword}"`)]),
    ...(asMembers(passwordRules)['kinds'] === undefined
      ? []
      : [renamed(`${rules}.kinds`, `${rules}.characterClasses`)]),
  ];
}

const asMembers = (value: unknown): Members =>
  typeof value === 'object' && value !== null ? (value as Members) : {};

const renamed = (setting: string, to: string, value = ''): ConfigurationFault => ({
  setting,
  problem: `${value ? `${value} ` : ''}was renamed: use ${to}`,
});
