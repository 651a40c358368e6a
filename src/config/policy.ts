import { z } from 'zod';
import { addIssues, namedEntries, type PathIssue } from './issues.ts';

const POLICY_NAME = /^B2C_1A?_[0-9a-z._-]+$/i;
const PARAMETER_NAME = /^[A-Za-z0-9_.~-]{1,64}$/;
const NO_PARAMETER_NAME = 'is not the name of a query parameter';
const VALUE_PROBLEM =
  'must be a string of 1 to 512 characters, without control characters, "<" and ">"';
const PARAMETERS = 'must be parameters with their values, such as { "campaignId": "web" }';
const PASS_THROUGH = 'must be a list of parameter names, such as ["id_token_hint"]';

// B2C rejects markup (AADB2C90122).
const PARAMETER_VALUE = /^[^\u0000-\u001f\u007f<>]+$/;

/** Parameters that b2c-signin sets itself, in lower case: B2C ignores the case of names. */
const PROTOCOL_PARAMETERS: ReadonlySet<string> = new Set(
  (
    'client_id client_secret client_assertion client_assertion_type redirect_uri response_type ' +
    'response_mode scope state nonce code_challenge code_challenge_method code_verifier code ' +
    'grant_type request request_uri registration p prompt max_age'
  ).split(' '),
);

/** Parameters of the route that starts a policy. They are for b2c-signin, not for the tenant. */
const ROUTE_PARAMETERS: ReadonlySet<string> = new Set(['return_to', 'restart']);

/** A policy of the tenant: its name, or an object. */
export const policy = z
  .union(
    [
      z.string(),
      z.strictObject({
        name: z.string({ error: 'must be the name of a policy, such as "B2C_1_susi"' }),
        signsIn: z.boolean({ error: 'must be true or false' }).optional(),
        label: z.string({ error: 'must be a string' }).optional(),
        parameters: z
          .record(
            z.string(),
            z
              .string({ error: VALUE_PROBLEM })
              .max(512, { error: VALUE_PROBLEM })
              .regex(PARAMETER_VALUE, { error: VALUE_PROBLEM }),
            { error: PARAMETERS },
          )
          .superRefine(addIssues(findParameterIssues))
          .optional()
          .describe('Constant parameters of every authorization request of this policy.'),
        passThrough: z
          .array(z.string({ error: 'must be the name of a parameter' }), { error: PASS_THROUGH })
          .superRefine(addIssues(findPassThroughIssues))
          .optional()
          .describe(
            'Query parameters of the route of this policy that its authorization requests repeat, ' +
              'such as `id_token_hint`.',
          ),
      }),
    ],
    {
      error: 'must be the name of a policy, or { "name", "signsIn", "label" }',
    },
  )
  .transform((value) => (typeof value === 'string' ? { name: value } : value))
  .refine(({ name }) => POLICY_NAME.test(name), {
    error: 'must be the name of a user flow (B2C_1_…) or of a custom policy (B2C_1A_…)',
  });

function* findParameterIssues(parameters: Record<string, string>): Generator<PathIssue> {
  for (const [name] of namedEntries(parameters)) yield* findNameIssues(name, [name]);
}

function* findPassThroughIssues(names: readonly string[]): Generator<PathIssue> {
  for (const [index, name] of names.entries()) yield* findNameIssues(name, [index]);
}

function* findNameIssues(name: string, path: PropertyKey[]): Generator<PathIssue> {
  const lowerCase = name.toLowerCase();
  if (!PARAMETER_NAME.test(name)) yield { path, problem: NO_PARAMETER_NAME };
  else if (lowerCase === 'prompt' || lowerCase === 'max_age') {
    const fix = `Remove it. Links to the policy may contain ${lowerCase}, which b2c-signin checks.`;
    yield { path, problem: `"${name}" is a protocol parameter`, fix };
  } else if (PROTOCOL_PARAMETERS.has(lowerCase)) {
    const problem = `"${name}" is a protocol parameter, which b2c-signin sets itself`;
    yield { path, problem, fix: 'Remove it.' };
  } else if (ROUTE_PARAMETERS.has(lowerCase)) {
    const problem = `"${name}" is a parameter of b2c-signin, which is not for the tenant`;
    yield { path, problem, fix: 'Remove it.' };
  }
}
