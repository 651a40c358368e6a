/** Claim resolvers: names in braces that stand for parts of the request, the policy and the journey. */
import { claimText } from './claim-text.ts';
import type { ClaimValue } from './claims-bag.ts';
import { cultureOf } from './cultures.ts';
import type { JourneyRun } from './run.ts';

export interface ResolverContext {
  readonly run: JourneyRun;
  readonly bag: ReadonlyMap<string, ClaimValue>;
  /** Gets a sentence about each resolver that is unknown and stays in the text. */
  readonly note?: (text: string) => void;
}

const RESOLVER = /\{([\w-]+):([^{}]+)\}/g;

/** Replaces every known resolver; one without a value becomes empty. */
export function resolve(text: string, context: ResolverContext): string {
  return text.replace(RESOLVER, (whole, kind: string, name: string) => {
    const value = KINDS[kind.toLowerCase()]?.(name, context);
    if (value === undefined) context.note?.(`${whole} is not a known claim resolver`);
    return value ?? whole;
  });
}

/** Parameters of the request, whose resolvers have no underscores. */
const OIDC_PARAMETERS = new Map(
  'client_id domain_hint login_hint max_age nonce password prompt redirect_uri resource scope username'
    .split(' ')
    .map((name) => [name.replaceAll('_', ''), name]),
).set('authenticationcontextreferences', 'acr_values');

/** By the name in lower case; a resolver that is missing here is unknown. */
type Values = Record<string, (run: JourneyRun) => string>;

const POLICY: Values = {
  policyid: ({ policy }) => policy.id,
  relyingpartytenantid: ({ tenant }) => tenant.domain,
  tenantobjectid: ({ tenant }) => tenant.id,
  trustframeworktenantid: ({ tenant }) => tenant.domain,
};

const CONTEXT: Values = {
  buildnumber: () => '1.0.0.0',
  correlationid: ({ request }) => request.correlationId,
  datetimeinutc: ({ tenant }) => formatDateTime(tenant.now()),
  deploymentmode: ({ policy }) => (policy.isDevelopment ? 'Development' : 'Production'),
  hostname: ({ request }) => request.host,
  ipaddress: ({ request }) => request.ipAddress,
  kmsi: ({ sso }) => String(sso.isKept),
};

const CULTURE: Values = {
  languagename: ({ language }) => cultureOf(language).language,
  lcid: ({ language }) => cultureOf(language).lcid,
  regionname: ({ language }) => cultureOf(language).region,
  rfc5646: ({ language }) => cultureOf(language).tag,
};

/** A member of the token response of the identity provider, which its technical profile remembers. */
const providerToken = ({ memory }: JourneyRun, name: string): string | undefined =>
  memory.get(`oauth2:${name.toLowerCase()}`) as string | undefined;

const KINDS: Record<string, (name: string, context: ResolverContext) => string | undefined> = {
  oidc: (name, { run }) => {
    const parameter = OIDC_PARAMETERS.get(name.toLowerCase());
    return parameter ? (run.request.parameters.get(parameter) ?? '') : providerToken(run, name);
  },
  'oauth-kv': (name, { run }) => run.request.parameters.get(name.toLowerCase()) ?? '',
  policy: (name, { run }) => POLICY[name.toLowerCase()]?.(run),
  context: (name, { run }) => CONTEXT[name.toLowerCase()]?.(run),
  culture: (name, { run }) => CULTURE[name.toLowerCase()]?.(run),
  claim: (name, { bag }) => {
    const value = bag.get(name.trim().toLowerCase());
    return value === undefined ? '' : claimText(value);
  },
  oauth2: (name, { run }) => providerToken(run, name) ?? '',
  saml: () => '',
};

/** `10/31/2026 1:05:09 PM`, as .NET writes it in English. */
function formatDateTime(now: number): string {
  const options = { timeZone: 'UTC', dateStyle: 'short', timeStyle: 'medium' } as const;
  const [, date = '', time = ''] =
    /^(.*?), (.*)$/.exec(new Date(now).toLocaleString('en-US', options)) ?? [];
  const year = new Date(now).getUTCFullYear();
  return `${date.replace(/\d+$/, String(year))} ${time.replace(/\u202f/g, ' ')}`;
}
