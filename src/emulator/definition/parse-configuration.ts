import { ConfigurationError, type ConfigurationFault } from './configuration-fault.ts';
import { DEFAULT_IDENTITY_PROVIDERS } from './default-tenant.ts';
import { findRenamedSettings } from './renamed-settings.ts';
import { CONFIGURATION } from './schema.ts';
import { findFaults } from './schema-errors.ts';
import type { TenantOptions } from './tenant.ts';

/** A validated configuration file. Paths are not resolved yet. */
export interface Configuration extends TenantOptions {
  host?: string;
  port?: number;
  publicUrl?: string;
  tls?: 'self-signed' | { cert: string; key: string };
  stateFile?: string;
  verificationCode?: string;
  customPolicies?: CustomPolicySettings;
}

export interface CustomPolicySettings {
  folder: string;
  environment?: string;
  keys?: Record<string, PolicyKeySource>;
  rest?: Record<string, string>;
  providers?: 'simulated';
}

export type PolicyKeySource = { file: string } | { env: string } | { secret: string };

/** @throws ConfigurationError */
export function parseConfiguration(text: string): Configuration {
  const value = parseJson(text);
  const faults = findAllFaults(value);
  if (faults.length > 0) throw new ConfigurationError(faults);
  const configuration: Configuration = CONFIGURATION.parse(value);
  const contradictions = [...repeatedNames(configuration), ...unknownProviders(configuration)];
  if (contradictions.length > 0) throw new ConfigurationError(contradictions);
  return configuration;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    throw new ConfigurationError([{ setting: 'the file', problem: 'is not JSON' }]);
  }
}

function findAllFaults(value: unknown): ConfigurationFault[] {
  const renamed = findRenamedSettings(Object(value));
  const isRenamed = ({ setting }: ConfigurationFault) =>
    renamed.some((fault) => fault.setting === setting);
  return [...renamed, ...findFaults(CONFIGURATION, value).filter((fault) => !isRenamed(fault))];
}

function repeatedNames({
  policies = [],
  applications = [],
  accounts = [],
}: Configuration): ConfigurationFault[] {
  const accountNames = accounts.map(
    ({ email, identityProvider = '' }) => `${email} ${identityProvider}`,
  );
  return [
    ...repeated(policies.map(({ name }) => name)).map((index) => `policies[${index}].name`),
    ...repeated(applications.map(({ id }) => id)).map((index) => `applications[${index}].id`),
    ...repeated(accountNames).map((index) => `accounts[${index}].email`),
  ].map((setting) => ({ setting, problem: 'is used more than once' }));
}

/** Indexes of the names that occurred before. */
function repeated(names: string[]): number[] {
  const lower = names.map((name) => name.toLowerCase());
  return lower.flatMap((name, index) => (lower.indexOf(name) < index ? [index] : []));
}

function unknownProviders({
  policies = [],
  identityProviders = DEFAULT_IDENTITY_PROVIDERS,
}: Configuration): ConfigurationFault[] {
  const known = identityProviders.map(({ id }) => id);
  return policies.flatMap((policy, index) =>
    (policy.identityProviders ?? []).flatMap((id, position) =>
      known.includes(id)
        ? []
        : [
            {
              setting: `policies[${index}].identityProviders[${position}]`,
              problem: `must be one of ${known.join(', ')}`,
            },
          ],
    ),
  );
}
