import { DEFAULT_IDENTITY_PROVIDERS } from '../tenant/default-tenant.ts';
import type { TenantOptions } from '../tenant/tenant.ts';
import { CONFIGURATION } from './settings.ts';
import type { Fault } from './shape.ts';

/** A configuration file after all checks. Paths in it are as they were written. */
export interface Configuration extends TenantOptions {
  host?: string;
  port?: number;
  publicUrl?: string;
  tls?: 'self-signed' | { cert: string; key: string };
  stateFile?: string;
  verificationCode?: string;
}

/** Names every fault at once, a line for each; the message is for people. */
export class ConfigurationError extends Error {
  readonly faults: readonly Fault[];

  constructor(faults: readonly Fault[]) {
    super(faults.map(({ setting, sentence }) => `${setting}: ${sentence}`).join('\n'));
    this.name = 'ConfigurationError';
    this.faults = faults;
  }
}

/** @throws ConfigurationError */
export function parseConfiguration(text: string): Configuration {
  const value = parseJson(text);
  const faults = CONFIGURATION.check(value, '');
  if (faults.length > 0) throw new ConfigurationError(faults);
  const configuration = value as Configuration;
  const contradictions = [...repeatedNames(configuration), ...unknownProviders(configuration)];
  if (contradictions.length > 0) throw new ConfigurationError(contradictions);
  return configuration;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    throw new ConfigurationError([{ setting: 'the file', sentence: 'is not JSON' }]);
  }
}

function repeatedNames({
  policies = [],
  applications = [],
  accounts = [],
}: Configuration): Fault[] {
  return [
    ...repeated(
      'policies',
      'name',
      policies.map(({ name }) => name),
    ),
    ...repeated(
      'applications',
      'id',
      applications.map(({ id }) => id),
    ),
    ...repeated(
      'accounts',
      'email',
      accounts.map(({ email, identityProvider = '' }) => `${email} ${identityProvider}`),
    ),
  ];
}

function repeated(setting: string, member: string, names: string[]): Fault[] {
  const lower = names.map((name) => name.toLowerCase());
  return names.flatMap((_, index) =>
    lower.indexOf(lower[index] ?? '') < index
      ? [{ setting: `${setting}[${index}].${member}`, sentence: 'was there before' }]
      : [],
  );
}

function unknownProviders({
  policies = [],
  identityProviders = DEFAULT_IDENTITY_PROVIDERS,
}: Configuration): Fault[] {
  const known = identityProviders.map(({ id }) => id);
  return policies.flatMap((policy, index) =>
    (policy.identityProviders ?? []).flatMap((id, position) =>
      known.includes(id)
        ? []
        : [
            {
              setting: `policies[${index}].identityProviders[${position}]`,
              sentence: `is none of ${known.join(', ')}`,
            },
          ],
    ),
  );
}
