import { z } from 'zod';
import { type JsonSchema, namesBelow, overriddenBy, settingTypes } from './config/environment.ts';
import { gateFaults } from './config/gate.ts';
import { operationsFaults } from './config/operations.ts';
import { buildPaths, type Paths, pathsBesideCallback } from './config/paths.ts';
import { holdsPlainSecret } from './config/plain-secrets.ts';
import {
  type Fault,
  isName,
  membersOf,
  NAME_FAULT,
  providerFaults,
  type TenantConfig,
  toTenantConfig,
} from './config/provider.ts';
import { settingsSchema } from './config/settings.ts';
import { translated } from './config/translation.ts';
import type { ConfigSources } from './config/values.ts';
import { SignInError } from './errors.ts';
import { didYouMean } from './near-word.ts';

export type { GateConfig, GateRule } from './config/gate.ts';
export { type Paths, policyPath } from './config/paths.ts';
export type { ErrorReactionConfig, PolicyConfig, TenantConfig } from './config/provider.ts';
export type {
  B2cTenant,
  SingleIssuerTenant,
  TenantIdentity,
  TenantKindName,
} from './config/tenant.ts';
export type { ConfigSources } from './config/values.ts';

const configSchema = (sources: ConfigSources) =>
  settingsSchema(sources).superRefine(
    (settings, context) => {
      for (const [path, message] of faultsBetween(settings)) {
        context.addIssue({ code: 'custom', path, message });
      }
    },
    // Beside the faults of single settings, so that all are named at once.
    { when: ({ value }) => typeof value === 'object' && value !== null && !Array.isArray(value) },
  );

type Settings = z.output<ReturnType<typeof settingsSchema>>;
type Parsed = z.output<ReturnType<typeof configSchema>>;

/** What the configuration file holds, for editors of TypeScript: the parser says the rest. */
export type SignInConfig = z.input<ReturnType<typeof settingsSchema>>;

/** What the settings ask of each other. Each may be anything here: it may have a fault of its own. */
function* faultsBetween(settings: Partial<Settings>): Generator<Fault> {
  yield* providerFaults(settings);
  yield* operationsFaults(settings);
  yield* gateFaults(settings);
  for (const [name, tenant] of membersOf(settings.tenants)) {
    const above = ['tenants', name];
    if (!isName(name)) yield [above, NAME_FAULT];
    if (typeof tenant !== 'object' || tenant === null) continue;
    for (const [path, message] of providerFaults(tenant)) yield [[...above, ...path], message];
  }
}

/** A valid configuration: defaults are filled in, secrets are read. */
export interface Config
  extends Omit<Parsed, '$schema' | 'baseUrl' | 'routes' | 'tenants' | keyof TenantConfig> {
  baseUrl: URL;
  /** Every tenant. The first one, whose name is empty, is at the top level of the file. */
  tenants: readonly [TenantConfig, ...TenantConfig[]];
  routes: { prefix: string; callback: string };
  paths: Paths;
}

/**
 * Parses a configuration: our own format, the Python sample's `aad.b2c.config.json`, or an
 * `appsettings.json` with an `AzureAdB2C` section, each with `B2C_SIGNIN_…` variables on top.
 * @throws SignInError `config_invalid`, whose message names every fault, one a line
 */
export function parseConfig(input: unknown, sources: ConfigSources): Config {
  const schema = configSchema(sources);
  const ours = translated(input);
  const { value, faults } = overriddenBy(sources.env, ours, () => settingTypes(schemaOfFile()));
  // What is used once is not worth compiling.
  const parsed = schema.safeParse(value, { error: wordsForSections, jitless: true });
  if (!parsed.success) {
    const given = { value, hasOurShape: ours === input };
    faults.push(...sentences(parsed.error.issues, schemaOfFile(), given));
  }
  if (faults.length > 0 || !parsed.success) {
    throw new SignInError('config_invalid', faults.join('\n'));
  }
  return toConfig(parsed.data);
}

/** @throws SignInError `config_invalid` if another route has the path of the callback */
function toConfig({
  $schema: _,
  baseUrl,
  routes: { prefix, callback },
  tenant,
  client,
  policies,
  errors,
  scopes,
  tenants: additional,
  ...rest
}: Parsed): Config {
  const top = { tenant, client, policies, errors, scopes };
  const first = toTenantConfig(top, { name: '', prefix, callback });
  const tenants: Config['tenants'] = [
    first,
    ...Object.entries(additional).map(([name, { label, ...settings }]) =>
      toTenantConfig(settings, { name, label, prefix }),
    ),
  ];
  const paths = buildPaths(prefix, tenants);
  const routes = { prefix, callback: first.callbackPath };
  if (pathsBesideCallback(paths, rest.gate).includes(routes.callback)) {
    const message = `routes.callback: must be a path of its own; ${routes.callback} is another route`;
    throw new SignInError('config_invalid', message);
  }
  const { port, tls } = rest.listen;
  return {
    ...rest,
    baseUrl: baseUrl ?? new URL(`http${tls ? 's' : ''}://localhost:${port}`),
    tenants,
    routes,
    paths,
  };
}

/** The JSON Schema of the configuration file, for editors; made from the parser itself. */
export const configSchemaText = (): string => `${JSON.stringify(schemaOfFile(), null, 2)}\n`;

/** Whether a secret stands in what is to be parsed, which has its place in the environment or a file of its own. */
export const hasPlainSecret = (input: unknown): boolean =>
  holdsPlainSecret(translated(input), schemaOfFile());

let madeSchema: JsonSchema | undefined;

// To make it takes longer than to parse a configuration, and it is the same each time.
function schemaOfFile(): JsonSchema {
  const none = { env: {}, readFile: () => '', resolvePath: String, isFolder: () => true };
  madeSchema ??= z.toJSONSchema(configSchema(none), { io: 'input' }) as JsonSchema;
  return madeSchema;
}

// Where a schema has no words of its own; the parser's are not for people.
const wordsForSections: z.core.$ZodErrorMap = ({ code, expected }) =>
  code === 'invalid_type' && expected === 'object'
    ? 'must be given, as { … } with the settings of this section'
    : undefined;

interface Given {
  value: unknown;
  /** Rather than that of a file from elsewhere. */
  hasOurShape: boolean;
}

function sentences(
  issues: readonly z.core.$ZodIssue[],
  schema: JsonSchema,
  given: Given,
  above: PropertyKey[] = [],
): string[] {
  return issues.flatMap((issue) => {
    const path = [...above, ...issue.path];
    const setting = path.map(nameOf).join('.') || 'the configuration';
    if (issue.code === 'unrecognized_keys') {
      const known = namesBelow(schema, path);
      return issue.keys.map((key) => {
        const unknown = [...path, key].map(nameOf).join('.');
        return `${unknown}: no such setting${didYouMean(key, known)}`;
      });
    }
    if (issue.code === 'invalid_union') {
      // Of the alternatives, the one that was meant: all its settings are known, one is faulty.
      const inner = issue.errors.find((alternative) =>
        alternative.every(({ path, code }) => path.length > 0 && code !== 'unrecognized_keys'),
      );
      if (inner) return sentences(inner, schema, given, path);
    }
    // What the settings ask of each other knows itself what is missing.
    const isMissing = issue.code !== 'custom' && valueAt(given.value, path) === undefined;
    if (!isMissing) return [`${setting}: ${issue.message}`];
    const noPlace = !given.hasOurShape && setting === 'session.secrets';
    return [`${setting}: is missing: ${noPlace ? SET_SESSION_SECRETS : issue.message}`];
  });
}

const SET_SESSION_SECRETS =
  'this kind of file has no place for it, so set B2C_SIGNIN_SESSION_SECRETS to a text of 32 characters or more';

const valueAt = (value: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>(
    (inner, key) => (inner as Record<PropertyKey, unknown> | null)?.[key],
    value,
  );

/** The name of a setting as one word in one line, whatever somebody has called it. */
const nameOf = (key: PropertyKey) =>
  /^[\u0021-\u007e]+$/.test(String(key)) ? String(key) : JSON.stringify(String(key));
