import type { IncomingMessage } from 'node:http';
import { SignInError } from '../errors.ts';
import { isHost } from './framing.ts';
import { getRequestTarget, isUnambiguousTarget } from './request.ts';
import type { IsFromTrustedProxy } from './trusted-proxies.ts';

/** The request that a proxy asks about. */
export interface OriginalRequest {
  method: string;
  /** In small letters, with its port if it has one; not every proxy names it. */
  host: string | undefined;
  /** Path and query, undecoded. */
  uri: string;
}

/**
 * What a trusted proxy says of the request that it asks about; `undefined` where no trusted proxy says
 * anything. Traefik and Caddy say it with `X-Forwarded-…`, nginx with `X-Original-…`, and Envoy asks for
 * the original path below the gate's own (`below`), with the original method and host.
 * @throws SignInError `original_request_ambiguous` where one thing is said twice and not the same
 */
export type FindOriginalRequest = (
  request: IncomingMessage,
  below?: string,
) => OriginalRequest | undefined;

const METHOD = /^[A-Z]{1,32}$/;
const ADDRESS = /^https?:\/\/([^/?#]*)(\/.*)$/i;

/** The host that a browser has asked, where a trusted proxy hands the request itself on. */
export type FindOriginalHost = (request: IncomingMessage) => string | undefined;

export function createOriginalRequestReader(isTrusted: IsFromTrustedProxy): {
  findOriginalRequest: FindOriginalRequest;
  findOriginalHost: FindOriginalHost;
} {
  return {
    findOriginalRequest: (request, below) =>
      isTrusted(request) ? readOriginalRequest(request, below) : undefined,
    findOriginalHost: (request) =>
      isTrusted(request)
        ? singleAgreedValue('host', isHost, [
            header(request, 'x-forwarded-host') ?? request.headers.host,
          ])
        : undefined,
  };
}

function readOriginalRequest(
  request: IncomingMessage,
  below: string | undefined,
): OriginalRequest | undefined {
  const { headers, method = '' } = request;
  const url = getRequestTarget(request);
  const address = splitAddress(header(request, 'x-original-url'));
  const isEnvoy = below !== undefined && url.startsWith(`${below}/`);
  const uri = singleAgreedValue('path', isUnambiguousTarget, [
    header(request, 'x-forwarded-uri'),
    address?.uri,
    header(request, 'x-original-uri'),
    isEnvoy ? url.slice(below.length) : undefined,
  ]);
  if (uri === undefined) return undefined;
  const hosts = [
    header(request, 'x-forwarded-host'),
    address?.host,
    isEnvoy ? headers.host : undefined,
  ];
  const methods = [header(request, 'x-forwarded-method'), header(request, 'x-original-method')];
  return {
    uri,
    host: singleAgreedValue('host', isHost, hosts.map(lowerCase)),
    method: singleAgreedValue('method', (name) => METHOD.test(name), methods) ?? method,
  };
}

// Of a header that came twice Node makes one text, which is neither a host nor a path.
const header = ({ headers }: IncomingMessage, name: string) => headers[name] as string | undefined;

const lowerCase = (host: string | undefined) => host?.toLowerCase();

function splitAddress(value: string | undefined) {
  if (value === undefined) return undefined;
  const [, host, uri] = ADDRESS.exec(value) ?? [];
  return uri === undefined ? { uri: value } : { host, uri };
}

/** The one value that all who say anything agree on. */
function singleAgreedValue(
  what: string,
  isGood: (value: string) => boolean,
  values: readonly (string | undefined)[],
): string | undefined {
  const header = values.filter((value) => value !== undefined);
  const [first] = header;
  if (first === undefined) return undefined;
  if (!isGood(first)) throw ambiguousRequest(`the original ${what} is not one plain ${what}`);
  if (header.some((value) => value !== first))
    throw ambiguousRequest(`the proxy names two of the ${what}`);
  return first;
}

export const ambiguousRequest = (detail: string) =>
  new SignInError('original_request_ambiguous', detail);
