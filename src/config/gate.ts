import { isIP } from 'node:net';
import { z } from 'zod';
import type { Fault } from './provider.ts';

/** Who may ask for what is below a path. */
export interface GateRule {
  path: string;
  /** In the place of claims. */
  allow?: 'everyone' | 'signed-in' | undefined;
  /** Claims of which one value each must be among those given. */
  claims?: Record<string, readonly (string | number | boolean)[]> | undefined;
}

export interface GateConfig {
  /** Hosts of applications that sign-in may lead back to: `app.example.com`, `*.example.com:8443`. */
  allowedHosts: readonly string[];
  groupsClaim: string;
  /** Further identity headers, and the claim that each holds. */
  headers: Record<string, string>;
  /** The first one that a path is below decides. */
  rules: readonly GateRule[];
  /** Of the session cookie, so that hosts below it get it too. */
  cookieDomain?: string | undefined;
  /** Whether answers hold a signed statement of who it is. */
  assertion: boolean;
}

const LABEL = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?';
const HOST = new RegExp(`^${LABEL}(?:\\.${LABEL})*(?::[1-9]\\d{0,4})?$`);
const DOMAIN = new RegExp(`^${LABEL}(?:\\.${LABEL})+$`);
const HEADER = /^x-[a-z0-9]+(?:-[a-z0-9]+)*$/i;
const RULE_PATH = /^\/$|^(?:\/(?!\.{1,2}(?:\/|$))[^/\\%;?#\u0000-\u0020\u007f-\u00a0]+)+$/;

/** Those that mean something to proxies, browsers or applications already. */
const OWN_HEADERS =
  /^x-(?:(?:auth-request|forwarded|original)-.*|b2c-assertion|real-ip|frame-options|content-type-options)$/i;

const text = (what: string) => z.string({ error: `must be ${what}` });
const claimName = text('the name of a claim').min(1, { error: 'must be the name of a claim' });

const rule = z
  .strictObject({
    path: text('a path, such as "/admin"').regex(RULE_PATH, {
      error: 'must be a path as people read it, such as "/admin": no "%", no slash at its end',
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
              error: 'must be a text, a number, true or false',
            }),
            { error: 'must be a list of values' },
          )
          .min(1, { error: 'must hold at least one value' }),
        { error: 'must be claims by name, such as { "extension_Role": ["admin"] }' },
      )
      // A restriction that is none is a slip of the hand.
      .refine((claims) => Object.keys(claims).length > 0, { error: 'must name at least one claim' })
      .optional(),
  })
  .refine(({ allow, claims }) => (allow === undefined) !== (claims === undefined), {
    error: 'must have one of "allow" and "claims"',
  });

export const gateSchema = z.strictObject({
  allowedHosts: z
    .array(
      text('a host').refine((host) => isAllowedHost(host), {
        error: 'must be a host in small letters, such as "app.example.com" or "*.example.com"',
      }),
      { error: 'must be a list of hosts' },
    )
    .default([])
    .describe(
      'hosts that sign-in may lead back to, docs/gate.md: `app.example.com`, with its port if ' +
        'it has one, or `*.example.com` for all below',
    ),
  groupsClaim: claimName.default('groups').describe('the claim that the header of groups holds'),
  headers: z
    .record(z.string(), claimName, {
      error: 'must be claims by header, such as { "X-Tier": "extension_Tier" }',
    })
    .default({})
    .describe(
      'further identity headers by name, and the claim that each holds: `{ "X-Tier": ' +
        '"extension_Tier" }`',
    ),
  rules: z
    .array(rule, { error: 'must be a list of rules' })
    .default([])
    .describe(
      'who may ask for which path, in order: `{ "path": "/admin", "claims": { ' +
        '"extension_Role": ["admin"] } }`, `{ "path": "/public", "allow": "everyone" }` (or ' +
        '`"signed-in"`)',
    ),
  cookieDomain: text('a domain, such as "example.com"')
    .regex(DOMAIN, { error: 'must be a domain of two parts or more, such as "example.com"' })
    .optional()
    .describe(
      'a domain whose hosts get the session cookie too; the host of `baseUrl` must be in it',
    ),
  assertion: z
    .boolean({ error: 'must be true or false' })
    .default(false)
    .describe('whether answers hold a signed statement of who it is'),
});

/** What the settings of the gate ask of each other. Each may be anything here. */
export function* gateFaults(settings: {
  gate?: unknown;
  baseUrl?: unknown;
  tenants?: unknown;
  routes?: unknown;
}): Generator<Fault> {
  const { gate, baseUrl, tenants, routes } = settings;
  if (typeof gate !== 'object' || gate === null) return;
  if ((routes as { prefix?: unknown } | undefined)?.prefix === '/oauth2') {
    yield [['routes', 'prefix'], 'must be another one: the gate has /oauth2/… for oauth2-proxy'];
  }
  const { headers, cookieDomain } = gate as { headers?: unknown; cookieDomain?: unknown };
  const mapped = Object.entries(typeof headers === 'object' && headers ? headers : {});
  const seen = new Set<string>();
  for (const [name] of mapped) {
    const isOwn = OWN_HEADERS.test(name) || seen.has(name.toLowerCase());
    if (!HEADER.test(name)) {
      yield [['gate', 'headers', name], 'the name must be like "X-Tier": letters, digits and "-"'];
    } else if (isOwn) yield [['gate', 'headers', name], 'has a meaning of its own already'];
    seen.add(name.toLowerCase());
  }
  const isOfSeveral = typeof tenants === 'object' && tenants && Object.keys(tenants).length > 0;
  if (isOfSeveral && !mapped.some(([, claim]) => claim === 'iss')) {
    const message = 'must hand on "iss" too, such as { "X-Issuer": "iss" }:';
    yield [['gate', 'headers'], `${message} with several tenants "sub" alone is nobody`];
  }
  if (typeof cookieDomain !== 'string' || !DOMAIN.test(cookieDomain)) return;
  const host = baseUrl instanceof URL ? baseUrl.hostname : 'localhost';
  if (isIP(host) || !`.${host}`.endsWith(`.${cookieDomain}`)) {
    yield [['gate', 'cookieDomain'], 'must be a domain that the host of baseUrl is in'];
  }
}

function isAllowedHost(host: string): boolean {
  if (!host.startsWith('*.')) return HOST.test(host);
  const domain = host.slice(2);
  // "*.com" would be everybody.
  return HOST.test(domain) && DOMAIN.test(domain.replace(/:\d+$/, ''));
}
