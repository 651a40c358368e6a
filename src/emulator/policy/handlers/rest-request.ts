/** The request of a `RestfulProvider`: five ways to send claims, and the ways to authenticate. */
import { claimText } from '../claim-text.ts';
import type { ClaimValue } from '../claims-bag.ts';
import { JourneyError } from '../claims-error.ts';
import { partnerName, setting } from '../profile-claims.ts';
import type { RestRequest } from '../rest-call.ts';
import type { Exchange } from '../run.ts';
import type { TechnicalProfile } from '../technical-profile.ts';
import type { RestTrace } from '../trace.ts';
import { maskClaim } from '../trace-profile.ts';

interface SentClaim {
  /** ID of the claim type. */
  readonly id: string;
  readonly name: string;
  readonly value: ClaimValue;
}

type Draft = Pick<RestRequest, 'method' | 'url' | 'body' | 'headers'>;

export function buildRestRequest(exchange: Exchange): {
  request: RestRequest;
  trace: RestTrace;
} {
  const { profile } = exchange;
  const claims = sentClaims(profile, exchange.inputs);
  const draft = send(profile, claims);
  const authentication: Authentication = authenticate(exchange, claims);
  const hidden = send(
    profile,
    claims.map((claim) => ({ ...claim, value: maskClaim(claim.name, claim.value) })),
  );
  const masks = Object.keys(authentication.headers ?? {}).map((name) => [name, '•••']);
  return {
    request: {
      ...draft,
      ...authentication,
      headers: checkHeaders({ ...draft.headers, ...authentication.headers }),
    },
    trace: {
      ...hidden,
      headers: { ...hidden.headers, ...Object.fromEntries(masks) },
      body: maskText(hidden.body),
    },
  };
}

const isSame = (left: string, right: string) => left.toLowerCase() === right.toLowerCase();

/** Input claims with a value. Their names at the API are case-sensitive. */
export const sentClaims = (profile: TechnicalProfile, inputs: Exchange['inputs']): SentClaim[] =>
  profile.inputClaims.flatMap((reference) => {
    const { id } = reference.claimType;
    const value = inputs.get(partnerName(reference, profile));
    return value === undefined ? [] : [{ id, name: reference.partnerClaimType ?? id, value }];
  });

/** Hides the secrets of a JSON text; any other text has none. */
export function maskText(text: string | undefined): string | undefined {
  try {
    return JSON.stringify(
      JSON.parse(text ?? '', (name, value) =>
        typeof value === 'string' ? maskClaim(name, value) : value,
      ),
    );
  } catch {
    return text;
  }
}

function send(profile: TechnicalProfile, claims: readonly SentClaim[]): Draft {
  const kind = setting(profile, 'SendClaimsIn') ?? 'Body';
  const build = SENDERS[kind.toLowerCase()];
  if (!build) throw new JourneyError(`${profile.id}: SendClaimsIn cannot be "${kind}".`);
  return build(setting(profile, 'ServiceUrl') ?? '', claims, profile);
}

const form = (claims: readonly SentClaim[]): string =>
  new URLSearchParams(
    claims.map(({ name, value }): [string, string] => [name, claimText(value)]),
  ).toString();

const get = (url: string, headers: Draft['headers'] = {}): Draft => ({
  ...{ method: 'GET', url, headers, body: undefined },
});

const SENDERS: Record<
  string,
  (url: string, claims: readonly SentClaim[], profile: TechnicalProfile) => Draft
> = {
  body: (url, claims, profile) => ({
    ...{ method: 'POST', url, headers: { 'content-type': 'application/json' } },
    body: payload(profile, claims),
  }),
  form: (url, claims) => ({
    ...{ method: 'POST', url, body: form(claims) },
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  }),
  querystring: (url, claims) => {
    const query = form(claims);
    return get(query === '' ? url : `${url}${url.includes('?') ? '&' : '?'}${query}`);
  },
  header: (url, claims) =>
    get(url, Object.fromEntries(claims.map(({ name, value }) => [name, claimText(value)]))),
  url: (url, claims) => get(fillUrl(url, claims)),
};

/** One claim that is the whole body, or an object of all claims. */
function payload(profile: TechnicalProfile, claims: readonly SentClaim[]): string {
  const id = setting(profile, 'ClaimUsedForRequestPayload');
  if (id === undefined) {
    return JSON.stringify(Object.fromEntries(claims.map(({ name, value }) => [name, value])));
  }
  const claim = claims.find((one) => isSame(one.id, id));
  if (!claim) throw new JourneyError(`${profile.id}: the claim ${id} for the body has no value.`);
  return claimText(claim.value);
}

/** Programs disagree about other characters in headers, and a line break would begin another header. */
function checkHeaders(headers: Record<string, string>): Record<string, string> {
  for (const [name, value] of Object.entries(headers)) {
    if (/[^\t\x20-\x7e]/.test(value))
      throw new JourneyError(`${name} cannot be a header: not ASCII.`);
  }
  return headers;
}

/** `https://host/{claim1}?x={claim2}`: the host is constant. */
function fillUrl(url: string, claims: readonly SentClaim[]): string {
  const filled = url.replace(/\{([^{}]+)\}/g, (_, name: string) => {
    const claim = claims.find((one) => isSame(one.id, name) || isSame(one.name, name));
    return claim ? encodeURIComponent(claimText(claim.value)) : '';
  });
  if (/^https?:\/\/[^/?#]*\{/.test(url)) {
    throw new JourneyError(`A claim cannot be the host of ${url}.`);
  }
  return filled;
}

type Authentication = Pick<RestRequest, 'clientCertificate'> & { headers?: Record<string, string> };

/** Reads a key by the ID under which the handler asks for it, and a claim by its ID. */
interface Credentials {
  readonly profile: TechnicalProfile;
  key(id: string): string;
  claim(id: string): ClaimValue | undefined;
}

const AUTHENTICATIONS: Readonly<Record<string, (credentials: Credentials) => Authentication>> = {
  basic({ key }) {
    const pair = `${key('BasicAuthenticationUsername')}:${key('BasicAuthenticationPassword')}`;
    return { headers: { authorization: `Basic ${Buffer.from(pair).toString('base64')}` } };
  },
  bearer({ profile, key, claim }) {
    const id = setting(profile, 'UseClaimAsBearerToken');
    const token = id === undefined ? key('BearerAuthenticationToken') : claim(id);
    return { headers: { authorization: `Bearer ${claimText(token ?? '')}` } };
  },
  apikeyheader({ profile, key }) {
    const [header = ''] = profile.keys.keys();
    return { headers: { [header]: key(header) } };
  },
  clientcertificate: ({ key }) => ({ clientCertificate: readPem(key('ClientCertificate')) }),
};

function authenticate({ profile, bag, run }: Exchange, claims: readonly SentClaim[]) {
  const kind = (setting(profile, 'AuthenticationType') ?? 'None').toLowerCase();
  const credentials: Credentials = {
    profile,
    key(id) {
      const entry = [...profile.keys].find(([name]) => isSame(name, id));
      if (!entry) throw new JourneyError(`${profile.id} has no key ${id}.`);
      return run.tenant.secret(entry[1].value);
    },
    claim: (id) => claims.find((one) => isSame(one.id, id))?.value ?? bag.get(id.toLowerCase()),
  };
  return AUTHENTICATIONS[kind]?.(credentials) ?? {};
}

function readPem(text: string): { cert: string; key: string } {
  const find = (kind: string) =>
    (
      text.match(
        new RegExp(`-----BEGIN [A-Z ]*${kind}-----[^-]+-----END [A-Z ]*${kind}-----`, 'g'),
      ) ?? []
    ).join('\n');
  const [cert, key] = [find('CERTIFICATE'), find('PRIVATE KEY')];
  if (cert === '' || key === '') {
    throw new JourneyError(
      'The policy key of a client certificate needs PEM: certificate and key.',
    );
  }
  return { cert, key };
}
