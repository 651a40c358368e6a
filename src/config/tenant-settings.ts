import { z } from 'zod';
import { isSameName } from '../did-you-mean.ts';
import { claimTypesSchema, findClaimTypeIssues } from './claim-types.ts';
import { clientSchema, findClientIssues } from './client.ts';
import { addIssues, INVALID_NAME, isValidName, namedEntries, type PathIssue } from './issues.ts';
import { policy } from './policy.ts';
import { tenantSchema } from './tenant.ts';
import { type TenantKindName, tenantKind } from './tenant-kinds.ts';
import { scope } from './values.ts';

/** The keys of policies with a separate link and route. */
export const POLICY_ROLES = ['signIn', 'editProfile', 'resetPassword'];

// As an additional policy, `edit_profile` would be without the link and the route of `editProfile`.
function* findPolicyIssues(policies: object): Generator<PathIssue> {
  for (const key of Object.keys(policies)) {
    const role = POLICY_ROLES.find((name) => isSameName(name, key));
    if (!isValidName(key)) yield { path: [key], problem: INVALID_NAME };
    else if (role && role !== key) {
      yield { path: [key], problem: 'is misspelled', fix: `Write "${role}".` };
    }
  }
}

/** The settings of one tenant. */
export const tenantShape = {
  tenant: tenantSchema,
  client: clientSchema,
  policies: z
    .object({
      signIn: policy.describe(
        'User flow or custom policy for sign-up and sign-in. Required for `b2c`; other kinds of ' +
          'tenants have no policies.',
      ),
      editProfile: policy
        .optional()
        .describe('Policy for editing the profile. Without it, its link and route do not exist.'),
      resetPassword: policy
        .optional()
        .describe(
          'Policy for resetting the password, also started by "Forgot your password?". Without ' +
            'it, its link and route do not exist.',
        ),
    })
    .catchall(
      policy.describe(
        'Additional policy. You choose the name; its route is `/auth/policy/<name>`. Each policy can ' +
          'have `parameters` and `passThrough`, docs/configuration.md#parameters-of-policies.',
      ),
    )
    .superRefine(addIssues(findPolicyIssues))
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
      { error: 'must be an action for each code, such as { "AADB2C90273": { "goBack": true } }' },
    )
    .default({})
    .describe(
      'Actions for error codes of the tenant, by code, ' +
        'docs/configuration.md#actions-for-error-codes.',
    ),
  claimTypes: claimTypesSchema,
  scopes: z
    .array(scope, { error: 'must be a list of scopes' })
    .optional()
    .describe(
      'Scopes to request. `openid` is always added; on B2C also the client ID, unless an API ' +
        'scope is listed. The default depends on the kind of tenant, ' +
        'docs/configuration.md#kinds-of-tenants. B2C accepts one API per request; use ' +
        '`accessToken()` for others.',
    ),
};

export type TenantSettings = z.output<z.ZodObject<typeof tenantShape>>;

/** The codes at the beginning of error descriptions, by the kind of tenant. */
const ERROR_CODES: Record<TenantKindName, { form: RegExp; problem: string }> = {
  b2c: {
    form: /^(?:AADB2C\d{5}|AAD_Custom_[A-Za-z0-9]{1,32}|[a-z][a-z0-9_]{0,39})$/,
    problem:
      'must be a code of Azure AD B2C, such as "AADB2C90273", or the name of an error, such as "account_pending"',
  },
  'external-id': {
    form: /^(?:AADSTS\d{4,7}|[a-z][a-z0-9_]{0,39})$/,
    problem:
      'must be a code of Microsoft Entra, such as "AADSTS65004", or the name of an error, such as "access_denied"',
  },
  generic: {
    form: /(?!)/,
    problem: 'is not a setting of kind "generic", whose errors have no codes',
  },
};

/** Finds the issues between the settings of one tenant. Each setting may be of any type. */
export function* findTenantSettingIssues({
  tenant,
  client,
  policies,
  errors,
  claimTypes,
}: Partial<TenantSettings>): Generator<PathIssue> {
  const kind = tenantKind(tenant);
  // Also without `tenant`, so that everything that is missing is reported at once.
  if ((kind === 'b2c' || tenant === undefined) && policies === undefined) {
    const fix = 'Name the sign-in policy, such as { "signIn": "B2C_1_susi" }.';
    yield { path: ['policies'], problem: 'is missing', fix, isMissing: true };
  }
  if (kind && kind !== 'b2c' && policies !== undefined) {
    const problem = `is not a setting of kind "${kind}", which has one way to sign in`;
    yield { path: ['policies'], problem };
  }
  if (typeof client === 'object' && client !== null) {
    for (const issue of findClientIssues(client, kind)) {
      yield { ...issue, path: ['client', ...issue.path] };
    }
  }
  yield* findClaimTypeIssues(claimTypes);
  for (const [code, action] of namedEntries(errors)) {
    const { form, problem } = ERROR_CODES[kind ?? 'b2c'];
    if (!form.test(code)) yield { path: ['errors', code], problem };
    const { startPolicy } = (action ?? {}) as { startPolicy?: unknown };
    if (typeof startPolicy !== 'string' || Object.hasOwn(policies ?? {}, startPolicy)) continue;
    const path = ['errors', code, 'startPolicy'];
    yield { path, problem: 'must be the name of one of the policies' };
  }
}
