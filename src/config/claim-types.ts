import { z } from 'zod';
import { namedEntries, type PathIssue } from './issues.ts';

const SEPARATOR = 'must be the separator of the items, such as ","';

const claimType = z.union(
  [
    z.enum(['boolean', 'json']),
    z.strictObject({
      list: z
        .string({ error: SEPARATOR })
        .min(1, { error: SEPARATOR })
        .max(10, { error: 'must have 10 characters or less' }),
    }),
  ],
  { error: 'must be "boolean", "json" or { "list": SEPARATOR }' },
);

/** How a claim is read that the provider sends as text. */
export type ClaimType = z.output<typeof claimType>;

export const claimTypesSchema = z
  .record(z.string(), claimType, {
    error: 'must be types by claim, such as { "extension_Roles": { "list": "," } }',
  })
  .default({})
  .describe(
    'Types of claims that the provider sends as text, such as `{ "extension_Roles": { "list": ' +
      '"," }, "extension_isAdmin": "boolean", "groups": "json" }`, ' +
      'docs/configuration.md#types-of-claims.',
  );

/** Claims about the token and the authentication. Their types are those of the standards. */
export const FIXED_CLAIM_TYPES: ReadonlySet<string> = new Set(
  'iss sub aud exp nbf iat auth_time nonce ver tfp acr azp sid at_hash c_hash jti'.split(' '),
);

export function* findClaimTypeIssues(
  claimTypes: Record<string, unknown> | undefined,
): Generator<PathIssue> {
  for (const [claim] of namedEntries(claimTypes)) {
    if (!FIXED_CLAIM_TYPES.has(claim)) continue;
    const problem = 'describes the token or the authentication; its type cannot be changed';
    yield { path: ['claimTypes', claim], problem };
  }
}
