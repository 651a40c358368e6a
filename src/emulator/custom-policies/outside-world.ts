/** What custom policies reach outside of the tenant: policy keys, and REST APIs on this computer. */
import { createHash } from 'node:crypto';
import { isLoopbackUrl } from '../definition/loopback.ts';
import { JourneyError } from '../policy/claims-error.ts';
import type { RestRequest, RestResponse } from '../policy/rest-call.ts';
import type { JourneyTenant } from '../policy/run.ts';

export interface OutsideSettings {
  /** Policy keys by name (`B2C_1A_…`). Those that are missing are made up. */
  readonly keys?: Readonly<Record<string, string>> | undefined;
  /** Where requests to an address go instead: `{ "https://api.example.com": "http://localhost:7071" }`. */
  readonly rest?: Readonly<Record<string, string>> | undefined;
}

export const createOutsideWorld = ({
  keys = {},
  rest = {},
}: OutsideSettings): Pick<JourneyTenant, 'secret' | 'fetchRest'> => ({
  secret: (name) => findKey(keys, name) ?? madeUpKey(name),
  fetchRest: (request) => fetchRest(request, rest),
});

function findKey(keys: Readonly<Record<string, string>>, name: string): string | undefined {
  const wanted = name.toLowerCase();
  return Object.entries(keys).find(([key]) => key.toLowerCase() === wanted)?.[1];
}

/** The same at every start, so that a REST API can be configured with it. */
const madeUpKey = (name: string): string =>
  createHash('sha256').update(`policy key ${name.toLowerCase()}`).digest('base64url');

const TIMEOUT_MS = 30_000;
const MAX_CHARACTERS = 1_000_000;

async function fetchRest(
  { method, url, headers, body, clientCertificate }: RestRequest,
  rest: Readonly<Record<string, string>>,
): Promise<RestResponse> {
  const target = localUrl(url, rest);
  if (target === undefined) {
    const { origin } = new URL(url);
    const entry = `customPolicies.rest: { "${origin}": "http://localhost:PORT" }`;
    throw new JourneyError(`${url} is not on this computer. Add an entry to ${entry}`);
  }
  // A local service has no use for the certificate itself, so that it gets the name of it.
  const proof = clientCertificate ? { 'x-arr-clientcert': pemBody(clientCertificate.cert) } : {};
  const response = await fetch(target, {
    ...{ method, headers: { ...headers, ...proof }, redirect: 'manual' },
    ...(body === undefined ? {} : { body }),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  return { status: response.status, body: (await response.text()).slice(0, MAX_CHARACTERS) };
}

/** The address on this computer that stands for a URL, if there is one. The longest entry counts. */
export function localUrl(
  url: string,
  rest: Readonly<Record<string, string>> = {},
): string | undefined {
  const matches = Object.entries(rest)
    .map(([from, to]) => [from.replace(/\/$/, ''), to.replace(/\/$/, '')] as const)
    .filter(([from]) => isBelow(url, from))
    .sort(([one], [other]) => other.length - one.length);
  const [match] = matches;
  if (match) return `${match[1]}${url.slice(match[0].length)}`;
  return isLoopbackUrl(url) ? url : undefined;
}

const isBelow = (url: string, from: string): boolean =>
  url.toLowerCase().startsWith(from.toLowerCase()) && /^([/?#]|$)/.test(url.slice(from.length));

/** Azure hands a client certificate to a web app in this header, in base64. */
const pemBody = (pem: string): string => pem.replace(/-----[^-]+-----|\s/g, '');
