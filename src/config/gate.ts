import { isIP } from 'node:net';
import { z } from 'zod';
import { namedEntries, type PathIssue } from './issues.ts';
import { scope } from './values.ts';

/**
 * Which users may request the paths under `path`: those that `allow` names, or those with `claims`. With
 * `maxAgeSeconds` or `policy`, a signed-in user may have to authenticate again or run a policy first.
 */
export interface GateRule {
  path: string;
  /** The longest time since the user authenticated. */
  maxAgeSeconds?: number | undefined;
  /** The key of a policy that must have run in the session. */
  policy?: string | undefined;
  allow?: 'everyone' | 'signed-in' | undefined;
  /** The user needs one of the listed values for each claim. */
  claims?: Record<string, readonly (string | number | boolean)[]> | undefined;
}

export interface GateConfig {
  /** Hosts that sign-in may redirect to: `app.example.com`, `*.example.com:8443`. */
  allowedHosts: readonly string[];
  groupsClaim: string;
  /** Additional identity headers, and the claim that each contains. */
  headers: Record<string, string>;
  /** The first rule whose path contains the requested one decides. */
  rules: readonly GateRule[];
  /** The `Domain` of the session cookie, so that the hosts below it receive it. */
  cookieDomain?: string | undefined;
  /** The maximum age of claims; without it, the gate does not refresh them. */
  refreshClaimsSeconds?: number | undefined;
  /** Whether responses contain an access token: of the sign-in, or for these scopes. */
  accessToken: boolean | readonly string[];
  /** Whether responses contain a signed assertion of the user's identity. */
  assertion: boolean;
  /** Whether Envoy's form is accepted: the original path behind `/auth/forward`. */
  envoy: boolean;
}

const LABEL = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?';
const HOST = new RegExp(`^${LABEL}(?:\\.${LABEL})*(?::[1-9]\\d{0,4})?$`);
const DOMAIN = new RegExp(`^${LABEL}(?:\\.${LABEL})+$`);
const HEADER = /^x-[a-z0-9]+(?:-[a-z0-9]+)*$/i;
const RULE_PATH = /^\/$|^(?:\/(?!\.{1,2}(?:\/|$))[^/\\%;?#\u0000-\u0020\u007f-\u00a0]+)+$/;

/** Headers that already have a meaning for proxies, browsers or applications. */
const RESERVED_HEADERS =
  /^x-(?:(?:auth-request|forwarded|original|rewrite|b2c)-.*|real-ip|frame-options|content-type-options)$/i;

const text = (meaning: string) => z.string({ error: `must be ${meaning}` });
const claimName = text('the name of a claim').min(1, { error: 'must be the name of a claim' });

/** Whether a rule has conditions that a user can meet by another step. */
export const isStepUp = ({
  maxAgeSeconds,
  policy,
}: Pick<GateRule, 'maxAgeSeconds' | 'policy'>): boolean =>
  maxAgeSeconds !== undefined || policy !== undefined;

const rule = z
  .strictObject({
    path: text('a path, such as "/admin"').regex(RULE_PATH, {
      error: 'must be a decoded path, such as "/admin", without "%" and without a trailing slash',
    }),
    allow: z
      .enum(['everyone', 'signed-in'], { error: 'must be "everyone" or "signed-in"' })
      .optional(),
    claims: z
      .record(
        z.string(),
        z
          .array(
            z.union([z.string(), z.number(), z.boolean()], {
              error: 'must be a string, a number, true or false',
            }),
            { error: 'must be a list of values' },
          )
          .min(1, { error: 'must contain at least one value' }),
        { error: 'must be claims by name, such as { "extension_Role": ["admin"] }' },
      )
      // `{}` would restrict nothing, which cannot be what the operator wants.
      .refine((claims) => Object.keys(claims).length > 0, { error: 'must name at least one claim' })
      .optional(),
    maxAgeSeconds: z
      .number({ error: 'must be a number of seconds' })
      .int({ error: 'must be a whole number of seconds' })
      .min(30, { error: 'must be 30 or more' })
      .max(31_536_000, { error: 'must be 31536000 (a year) or less' })
      .optional(),
    policy: text('the name of one of the policies').optional(),
  })
  .refine(({ allow, claims }) => allow === undefined || claims === undefined, {
    error: 'must have one of "allow" and "claims"',
  })
  .refine((rule) => Object.keys(rule).length > 1, {
    error: 'must have "allow", "claims", "maxAgeSeconds" or "policy"',
  })
  .refine((rule) => rule.allow !== 'everyone' || !isStepUp(rule), {
    error: 'must not have "maxAgeSeconds" or "policy" with "allow": "everyone"',
  });

export const gateSchema = z.strictObject({
  allowedHosts: z
    .array(
      text('a host').refine((host) => isAllowedHost(host), {
        error: 'must be a host in lower case, such as "app.example.com" or "*.example.com"',
      }),
      { error: 'must be a list of hosts' },
    )
    .default([])
    .describe(
      'Hosts that sign-in may redirect to, docs/forward-auth.md: `app.example.com`, with the port if it ' +
        'is not the default one, or `*.example.com` for all subdomains.',
    ),
  groupsClaim: claimName
    .default('groups')
    .describe('Claim for the headers `X-Auth-Request-Groups` and `X-Forwarded-Groups`.'),
  headers: z
    .record(z.string(), claimName, {
      error: 'must be claims by header, such as { "X-Tier": "extension_Tier" }',
    })
    .default({})
    .describe(
      'Additional identity headers, and the claim that each contains: `{ "X-Tier": ' +
        '"extension_Tier" }`.',
    ),
  rules: z
    .array(rule, { error: 'must be a list of rules' })
    .default([])
    .describe(
      'Which users may request which paths. The first rule whose path matches decides: ' +
        '`{ "path": "/admin", "claims": { "extension_Role": ["admin"] } }`, ' +
        '`{ "path": "/public", "allow": "everyone" }` (or `"signed-in"`). `"maxAgeSeconds": 300` ' +
        'requires an authentication of the last five minutes, `"policy": NAME` that this policy ' +
        'has run, docs/forward-auth.md#step-up.',
    ),
  cookieDomain: text('a domain, such as "example.com"')
    .regex(DOMAIN, { error: 'must be a domain of two parts or more, such as "example.com"' })
    .optional()
    .describe(
      '`Domain` of the session cookie, so that all hosts of this domain receive it. The host of ' +
        '`baseUrl` must be in the domain.',
    ),
  refreshClaimsSeconds: z
    .number({ error: 'must be a number of seconds' })
    .min(30, { error: 'must be 30 or more' })
    .max(86_400, { error: 'must be 86400 (a day) or less' })
    .optional()
    .describe(
      'Maximum age in seconds of the claims that the gate uses. Older claims are refreshed at the ' +
        'provider, with the refresh token of the session. Without it, the gate uses the claims of ' +
        'the sign-in or of the last refresh, docs/forward-auth.md#changed-claims.',
    ),
  accessToken: z
    .union([z.boolean(), z.array(scope).min(1, { error: 'must contain at least one scope' })], {
      error: 'must be true, false or a list of scopes',
    })
    .default(false)
    .describe(
      'Sends an access token of the user to the application, in `X-Auth-Request-Access-Token` and ' +
        '`X-Forwarded-Access-Token`: `true` for the scopes of the sign-in, or a list of scopes of ' +
        'an API. It is refreshed when needed, docs/gate-headers.md#access-tokens.',
    ),
  assertion: z
    .boolean({ error: 'must be true or false' })
    .default(false)
    .describe("Whether responses contain a signed assertion (JWT) of the user's identity."),
  envoy: z
    .boolean({ error: 'must be true or false' })
    .default(false)
    .describe(
      "Accept the requests of Envoy's `ext_authz`, which put the original path behind " +
        '`/auth/forward`. Do not enable it behind other proxies: clients could then describe the ' +
        'original request themselves.',
    ),
});

/** Finds the issues between `gate` and other settings. Each setting may be of any type. */
export function* findGateIssues(settings: {
  gate?: unknown;
  baseUrl?: unknown;
  tenants?: unknown;
  routes?: unknown;
  policies?: unknown;
}): Generator<PathIssue> {
  const { gate, baseUrl, tenants, routes } = settings;
  if (typeof gate !== 'object' || gate === null) return;
  if ((routes as { prefix?: unknown } | undefined)?.prefix === '/oauth2') {
    const problem = 'must differ from /oauth2, which the gate uses for oauth2-proxy';
    yield { path: ['routes', 'prefix'], problem };
  }
  const { headers, cookieDomain } = gate as { headers?: unknown; cookieDomain?: unknown };
  yield* findHeaderIssues(headers, {
    severalTenants: namedEntries(tenants as Record<string, unknown>).length > 0,
  });
  yield* findRulePolicyIssues(gate, settings);
  if (typeof cookieDomain !== 'string' || !DOMAIN.test(cookieDomain)) return;
  const host = baseUrl instanceof URL ? baseUrl.hostname : 'localhost';
  if (isIP(host) || !`.${host}`.endsWith(`.${cookieDomain}`)) {
    const problem = 'must be a domain that contains the host of baseUrl';
    yield { path: ['gate', 'cookieDomain'], problem };
  }
}

// After a password reset the user signs in to a new session, which never records that policy.
function* findRulePolicyIssues(
  { rules }: { rules?: unknown },
  { policies, tenants }: { policies?: unknown; tenants?: unknown },
): Generator<PathIssue> {
  const all = [policies, ...namedEntries(tenants as Record<string, unknown>).map(policiesOf)];
  const known = new Map(
    all.flatMap((entry) => namedEntries(entry as Record<string, { signsIn?: unknown }>)),
  );
  for (const [index, rule] of (Array.isArray(rules) ? rules : []).entries()) {
    const { policy } = (rule ?? {}) as { policy?: unknown };
    if (typeof policy !== 'string') continue;
    const path = ['gate', 'rules', String(index), 'policy'];
    if (policy !== 'signIn' && !known.has(policy)) {
      yield { path, problem: 'must be the name of one of the policies' };
    } else if (policy === 'resetPassword' && known.get(policy)?.signsIn !== true) {
      yield { path, problem: 'must be a policy that runs in a session; a reset starts a new one' };
    }
  }
}

const policiesOf = ([, tenant]: [string, unknown]): unknown =>
  (tenant as { policies?: unknown } | null)?.policies;

function* findHeaderIssues(
  headers: unknown,
  { severalTenants }: { severalTenants: boolean },
): Generator<PathIssue> {
  const mapped = Object.entries(typeof headers === 'object' && headers ? headers : {});
  const seen = new Set<string>();
  for (const [name] of mapped) {
    const path = ['gate', 'headers', name];
    if (!HEADER.test(name)) {
      yield { path, problem: 'the name must be like "X-Tier": letters, digits and "-"' };
    } else if (RESERVED_HEADERS.test(name)) {
      yield { path, problem: 'is a reserved header' };
    } else if (seen.has(name.toLowerCase())) {
      yield { path, problem: 'is a duplicate' };
    }
    seen.add(name.toLowerCase());
  }
  if (severalTenants && !mapped.some(([, claim]) => claim === 'iss')) {
    const problem =
      'must contain "iss"; with several tenants, "sub" alone does not identify a user';
    yield { path: ['gate', 'headers'], problem, fix: 'Add { "X-Issuer": "iss" }.' };
  }
}

function isAllowedHost(host: string): boolean {
  if (!host.startsWith('*.')) return HOST.test(host);
  const domain = host.slice(2);
  // "*.com" would allow hosts of every company.
  return HOST.test(domain) && DOMAIN.test(domain.replace(/:\d+$/, ''));
}
