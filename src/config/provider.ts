import { z } from 'zod';
import type { LocalPath } from '../http/local-path.ts';
import { isSameWord } from '../near-word.ts';
import { policyPath, tenantPrefix } from './paths.ts';
import {
  DEFAULT_SCOPES,
  ERROR_CODES,
  kindOf,
  type TenantIdentity,
  tenantSchema,
} from './tenant.ts';
import { isGuid, type settingKinds } from './values.ts';

/** What happens on an error of the provider instead of what usually does. */
export type ErrorReactionConfig = { startPolicy: string } | { goBack: true };

/** A policy of the tenant, under the key that the configuration gives it. */
export interface PolicyConfig {
  /** `signIn`, `editProfile`, `resetPassword`, or a name of the operator's own. */
  key: string;
  /** As registered in the tenant: `B2C_1_susi`. */
  name: string;
  /** Whether a token of this policy signs somebody in. */
  signsIn: boolean;
  label?: string | undefined;
  /** The route that starts it. */
  path: LocalPath;
}

/** A tenant, and how this relying party is registered there. */
export interface TenantConfig {
  /** The key below `tenants`; empty for the tenant that the top level of the file describes. */
  name: string;
  /** Text of the sign-in link on pages for visitors. */
  label?: string | undefined;
  tenant: TenantIdentity;
  client: Settings['client'];
  policies: readonly PolicyConfig[];
  errors: Record<string, ErrorReactionConfig>;
  scopes: readonly string[];
  /** The path of the redirect URI. */
  callbackPath: LocalPath;
}

export type Fault = [path: PropertyKey[], message: string];

/** A name that an address can hold. */
export const isName = (text: string): boolean => /^[a-z][a-z0-9_-]{0,63}$/i.test(text);
export const NAME_FAULT = 'the name must be letters, digits, "_" and "-"';

/** The keys of policies that have a link and a route of their own. */
export const POLICY_ROLES = ['signIn', 'editProfile', 'resetPassword'];

// As a further policy, `edit_profile` would go without the link and the route that are meant.
function misspeltRole(name: string): string | undefined {
  const role = POLICY_ROLES.find((one) => isSameWord(one, name));
  return role && role !== name ? `is written "${role}"` : undefined;
}

/** What has a name of the operator's in a value that may be anything. */
export const membersOf = <T>(value: Record<string, T> | undefined): [name: string, member: T][] =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value) : [];

/** The settings of one tenant. */
export function providerShape(kinds: ReturnType<typeof settingKinds>) {
  const { policy, secret } = kinds;
  return {
    tenant: tenantSchema(kinds),
    client: z.strictObject({
      id: z
        .string({ error: "must be the application's (client) id" })
        .min(1, { error: "must be the application's (client) id" })
        .describe("the application's (client) id; a GUID unless the tenant is `generic`"),
      secret: secret(1).describe('one of its secrets, docs/configuration.md#secrets'),
      authMethod: z
        .enum(['client_secret_post', 'client_secret_basic'], {
          error: 'must be "client_secret_post" or "client_secret_basic"',
        })
        .default('client_secret_post')
        .describe('how the secret is sent; or `client_secret_basic`'),
    }),
    policies: z
      .object({
        signIn: policy.describe(
          'required for `b2c`, refused for others: the user flow or custom policy that signs ' +
            'up and in',
        ),
        editProfile: policy.optional().describe('its link and route exist only when it is set'),
        resetPassword: policy
          .optional()
          .describe('the same; also what "Forgot your password?" starts'),
      })
      .catchall(
        policy.describe(
          'a further policy under a name of your own, served at `/auth/policy/<name>`',
        ),
      )
      .superRefine((policies, context) => {
        for (const key of Object.keys(policies)) {
          const message = isName(key) ? misspeltRole(key) : NAME_FAULT;
          if (message) context.addIssue({ code: 'custom', path: [key], message });
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
      .default({})
      .describe(
        'what follows an error of B2C, by its code, ' +
          'docs/configuration.md#what-follows-an-error-of-b2c',
      ),
    scopes: z
      .array(
        z.string({ error: 'must be a scope' }).regex(/^[\u0021\u0023-\u005b\u005d-\u007e]+$/, {
          error: 'must be one scope, no spaces',
        }),
        { error: 'must be a list of scopes' },
      )
      .optional()
      .describe(
        'what is asked for besides `openid`, which is always added, as the client id is at B2C ' +
          'where no API is named; without it, by the kind of the tenant, ' +
          'docs/configuration.md#kinds-of-tenants. B2C takes the scopes of one API; tokens for ' +
          'others come by `accessToken`',
      ),
  };
}

type Settings = z.output<z.ZodObject<ReturnType<typeof providerShape>>>;

/** What the settings of one tenant ask of each other; each may be of any type here. */
export function* providerFaults({
  tenant,
  client,
  policies,
  errors,
}: Partial<Settings>): Generator<Fault> {
  const kind = kindOf(tenant);
  // Of a file without a tenant too, so that all that is missing is told at once.
  if ((kind === 'b2c' || tenant === undefined) && policies === undefined) {
    yield [
      ['policies'],
      'is missing: must name the sign-in policy, such as { "signIn": "B2C_1_susi" }',
    ];
  }
  if (kind && kind !== 'b2c' && policies !== undefined) {
    yield [['policies'], `is no setting of kind "${kind}", which has one way to sign in`];
  }
  if (kind !== 'generic' && typeof client?.id === 'string' && !isGuid(client.id)) {
    const form = '11111111-1111-1111-1111-111111111111';
    yield [['client', 'id'], `must be the application's (client) id, in the form ${form}`];
  }
  for (const [code, reaction] of membersOf(errors)) {
    const { form, fault } = ERROR_CODES[kind ?? 'b2c'];
    if (!form.test(code)) yield [['errors', code], fault];
    const { startPolicy } = (reaction ?? {}) as { startPolicy?: unknown };
    if (typeof startPolicy !== 'string' || Object.hasOwn(policies ?? {}, startPolicy)) continue;
    yield [['errors', code, 'startPolicy'], 'must be the name of one of the policies'];
  }
}

interface TenantPlace {
  name: string;
  label?: string | undefined;
  /** `routes.prefix` */
  prefix: string;
  /** `routes.callback` */
  callback?: string | undefined;
}

/** Completes valid settings with defaults. */
export function toTenantConfig(
  { tenant, client, policies, errors, scopes }: Settings,
  { name, label, prefix, callback }: TenantPlace,
): TenantConfig {
  const { kind } = tenant;
  const above = tenantPrefix(prefix, name);
  return {
    name,
    label,
    tenant,
    client: { ...client, id: kind === 'generic' ? client.id : client.id.toLowerCase() },
    policies: Object.entries(policies ?? ONE_SIGN_IN).flatMap(([key, policy]) =>
      policy
        ? [
            {
              ...policy,
              key,
              signsIn: policy.signsIn ?? key === 'signIn',
              path: policyPath(above, key),
            },
          ]
        : [],
    ),
    errors,
    scopes: scopes ?? DEFAULT_SCOPES[kind],
    callbackPath: (callback ?? `${above}/redirect`) as LocalPath,
  };
}

// What a tenant without policies does. The name is for the log alone.
const ONE_SIGN_IN: NonNullable<Settings['policies']> = { signIn: { name: 'sign-in' } };
