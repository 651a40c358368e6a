import { z } from 'zod';
import { overriddenBy, settingTypes } from './config-environment.ts';
import { DEFAULT_SCOPES, ERROR_CODES, tenantSchema } from './config-tenant.ts';
import { translated } from './config-translation.ts';
import { type ConfigSources, isGuid, settingKinds } from './config-values.ts';
import { SignInError } from './errors.ts';

export type { B2cTenant, OneDoorTenant, TenantKindName } from './config-tenant.ts';
export type { ConfigSources } from './config-values.ts';

const configSchema = (sources: ConfigSources) =>
  settingsSchema(sources).superRefine(
    (settings, context) => {
      for (const [path, message] of faultsBetween(settings)) {
        context.addIssue({ code: 'custom', path, message });
      }
    },
    // Beside the faults of single settings, so that all are named at once.
    { when: ({ value }) => typeof value === 'object' && value !== null },
  );

function settingsSchema(sources: ConfigSources) {
  const kinds = settingKinds(sources);
  const { baseUrl, file, folder, minutes, path, policy, secret } = kinds;
  return z.strictObject({
    $schema: z.string().optional(),
    baseUrl: baseUrl.optional(),
    listen: z
      .strictObject({
        host: z.string({ error: 'must be an address or a host name' }).default('127.0.0.1'),
        port: z
          .int({ error: 'must be a port number' })
          .min(1, { error: 'must be 1 or more' })
          .max(65_535, { error: 'must be 65535 at most' })
          .default(3000),
        tls: z.strictObject({ cert: file(), key: file({ secret: true }) }).optional(),
      })
      .prefault({}),
    tenant: tenantSchema(kinds),
    client: z.strictObject({
      id: z
        .string({ error: "must be the application's (client) id" })
        .min(1, { error: "must be the application's (client) id" }),
      secret: secret(1),
      authMethod: z
        .enum(['client_secret_post', 'client_secret_basic'], {
          error: 'must be "client_secret_post" or "client_secret_basic"',
        })
        .default('client_secret_post'),
    }),
    policies: z
      .object({
        signIn: policy,
        editProfile: policy.optional(),
        resetPassword: policy.optional(),
      })
      .catchall(policy)
      .superRefine((policies, context) => {
        for (const key of Object.keys(policies)) {
          if (!/^[a-z][a-z0-9_-]{0,63}$/i.test(key)) {
            const message = 'the name must be letters, digits, "_" and "-"';
            context.addIssue({ code: 'custom', path: [key], message });
          }
        }
      })
      .optional(),
    errors: z
      .record(
        z.string(),
        z.union(
          [
            z.strictObject({ startPolicy: z.string({ error: 'must be the name of a policy' }) }),
            z.strictObject({ goBack: z.literal(true, { error: 'must be true' }) }),
          ],
          { error: 'must be { "startPolicy": NAME } or { "goBack": true }' },
        ),
        { error: 'must be what follows each code, such as { "AADB2C90273": { "goBack": true } }' },
      )
      .default({}),
    routes: z
      .strictObject({
        prefix: path('/auth').default('/auth'),
        callback: path('/auth/redirect').optional(),
      })
      .prefault({}),
    scopes: z
      .array(
        z.string({ error: 'must be a scope' }).regex(/^[\u0021\u0023-\u005b\u005d-\u007e]+$/, {
          error: 'must be one scope, no spaces',
        }),
        { error: 'must be a list of scopes' },
      )
      .optional(),
    session: z
      .strictObject({
        secrets: z
          .array(secret(32), { error: 'must be a list of secrets: the first signs, all verify' })
          .min(1, { error: 'must hold at least one secret' }),
        idleMinutes: minutes(60),
        absoluteMinutes: minutes(480),
        store: z
          .strictObject({
            kind: z.literal('memory', { error: 'must be "memory"' }),
            maxSessions: z
              .int({ error: 'must be a whole number' })
              .min(1, { error: 'must be 1 or more' })
              .default(100_000),
            maxPerUser: z
              .int({ error: 'must be a whole number' })
              .min(1, { error: 'must be 1 or more' })
              .default(100),
          })
          .prefault({ kind: 'memory' }),
      })
      .refine((session) => session.idleMinutes <= session.absoluteMinutes, {
        path: ['idleMinutes'],
        error: 'must not be more than session.absoluteMinutes',
      }),
    signedOutPages: z
      .enum(['401', 'redirect'], { error: 'must be "401" or "redirect"' })
      .default('401'),
    templates: folder().optional(),
    log: z
      .strictObject({
        level: z
          .enum(['debug', 'info', 'warn', 'error', 'silent'], {
            error: 'must be "debug", "info", "warn", "error" or "silent"',
          })
          .default('info'),
      })
      .prefault({}),
  });
}

/** What happens on an error of the provider instead of what usually does. */
export type ErrorReactionConfig = { startPolicy: string } | { goBack: true };

/** What the settings ask of each other. Each may be anything here: it may have a fault of its own. */
function* faultsBetween(settings: Settings): Generator<[path: PropertyKey[], message: string]> {
  const { tenant, client, policies, errors }: Partial<Settings> = settings;
  const kind = tenant?.kind;
  if (kind === 'b2c' && policies === undefined) {
    yield [['policies'], 'must name the sign-in policy, such as { "signIn": "B2C_1_susi" }'];
  }
  if (kind && kind !== 'b2c' && policies !== undefined) {
    yield [['policies'], `is no setting of kind "${kind}", which has one way to sign in`];
  }
  if (kind !== 'generic' && typeof client?.id === 'string' && !isGuid(client.id)) {
    const form = '11111111-1111-1111-1111-111111111111';
    yield [['client', 'id'], `must be the application's (client) id, in the form ${form}`];
  }
  for (const [code, reaction] of Object.entries(errors ?? {})) {
    const { form, fault } = ERROR_CODES[kind ?? 'b2c'] ?? {};
    if (fault && !form?.test(code)) yield [['errors', code], fault];
    const { startPolicy } = reaction as { startPolicy?: unknown };
    if (typeof startPolicy !== 'string' || Object.hasOwn(policies ?? {}, startPolicy)) continue;
    yield [['errors', code, 'startPolicy'], 'must be the name of one of the policies'];
  }
}

type Settings = z.output<ReturnType<typeof settingsSchema>>;
type Parsed = z.output<ReturnType<typeof configSchema>>;

/** A policy of the tenant, under the key that the configuration gives it. */
export interface PolicyConfig {
  /** `signIn`, `editProfile`, `resetPassword`, or a name of the operator's own. */
  key: string;
  /** As registered in the tenant: `B2C_1_susi`. */
  name: string;
  /** Whether a token of this policy signs somebody in. */
  signsIn: boolean;
  label?: string | undefined;
}

/** A configuration without faults: every default filled in, every secret read. */
export interface Config
  extends Omit<Parsed, '$schema' | 'baseUrl' | 'policies' | 'routes' | 'scopes'> {
  baseUrl: URL;
  policies: readonly PolicyConfig[];
  scopes: readonly string[];
  routes: { prefix: string; callback: string };
}

/**
 * Parses a configuration: our own format, the Python sample's `aad.b2c.config.json`, or an
 * `appsettings.json` with an `AzureAdB2C` section, each with `B2C_SIGNIN_…` variables on top.
 * @throws SignInError `config_invalid`, whose message names every fault, one a line
 */
export function parseConfig(input: unknown, sources: ConfigSources): Config {
  const schema = configSchema(sources);
  const { value, faults } = overriddenBy(
    sources.env,
    translated(input),
    settingTypes(schemaOf(schema)),
  );
  const parsed = schema.safeParse(value);
  if (!parsed.success) faults.push(...sentences(parsed.error.issues));
  if (faults.length > 0 || !parsed.success) {
    throw new SignInError('config_invalid', faults.join('\n'));
  }
  const { $schema: _, baseUrl, policies, routes, client, scopes, ...rest } = parsed.data;
  const { kind } = rest.tenant;
  const port = rest.listen.port;
  return {
    ...rest,
    baseUrl: baseUrl ?? new URL(`http${rest.listen.tls ? 's' : ''}://localhost:${port}`),
    client: { ...client, id: kind === 'generic' ? client.id : client.id.toLowerCase() },
    scopes: scopes ?? DEFAULT_SCOPES[kind],
    policies: Object.entries(policies ?? ONE_SIGN_IN).flatMap(([key, policy]) =>
      policy ? [{ ...policy, key, signsIn: policy.signsIn ?? key === 'signIn' }] : [],
    ),
    routes: { prefix: routes.prefix, callback: routes.callback ?? `${routes.prefix}/redirect` },
  };
}

// What a tenant without policies does. The name is for the log alone.
const ONE_SIGN_IN: NonNullable<Settings['policies']> = { signIn: { name: 'sign-in' } };

/** The JSON Schema of the configuration file, for editors; made from the parser itself. */
export function configSchemaText(): string {
  const none = { env: {}, readFile: () => '', resolvePath: String, isFolder: () => true };
  return `${JSON.stringify(schemaOf(configSchema(none)), null, 2)}\n`;
}

const schemaOf = (schema: z.ZodType) => z.toJSONSchema(schema, { io: 'input' });

function sentences(issues: readonly z.core.$ZodIssue[], above: PropertyKey[] = []): string[] {
  return issues.flatMap((issue) => {
    const path = [...above, ...issue.path];
    const setting = path.map(nameOf).join('.') || 'the configuration';
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => `${[...path, key].map(nameOf).join('.')}: no such setting`);
    }
    if (issue.code === 'invalid_union') {
      // Of the alternatives, the one that was meant: all its settings are known, one is faulty.
      const inner = issue.errors.find((alternative) =>
        alternative.every(({ path, code }) => path.length > 0 && code !== 'unrecognized_keys'),
      );
      if (inner) return sentences(inner, path);
    }
    return [`${setting}: ${issue.message}`];
  });
}

/** The name of a setting as one word in one line, whatever somebody has called it. */
const nameOf = (key: PropertyKey) =>
  /^[\u0021-\u007e]+$/.test(String(key)) ? String(key) : JSON.stringify(String(key));
