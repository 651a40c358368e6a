import type { IncomingMessage } from 'node:http';
import { SignInError } from '../errors.ts';
import { isHost } from './framing.ts';
import { isPlainTarget, targetOf } from './request.ts';
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
 * @throws SignInError `original_request_unclear` where one thing is said twice and not the same
 */
export type OriginalRequestOf = (
  request: IncomingMessage,
  below?: string,
) => OriginalRequest | undefined;

const METHOD = /^[A-Z]{1,32}$/;
const ADDRESS = /^https?:\/\/([^/?#]*)(\/.*)$/i;

/** The host that a browser has asked, where a trusted proxy hands the request itself on. */
export type OriginalHostOf = (request: IncomingMessage) => string | undefined;

export function createOriginals(isTrusted: IsFromTrustedProxy): {
  originalRequestOf: OriginalRequestOf;
  originalHostOf: OriginalHostOf;
} {
  return {
    originalRequestOf: (request, below) =>
      isTrusted(request) ? originalRequestOf(request, below) : undefined,
    originalHostOf: (request) =>
      isTrusted(request)
        ? theOne('host', isHost, [said(request, 'x-forwarded-host') ?? request.headers.host])
        : undefined,
  };
}

function originalRequestOf(
  request: IncomingMessage,
  below: string | undefined,
): OriginalRequest | undefined {
  const { headers, method = '' } = request;
  const url = targetOf(request);
  const address = splitAddress(said(request, 'x-original-url'));
  const isEnvoy = below !== undefined && url.startsWith(`${below}/`);
  const uri = theOne('path', isPlainTarget, [
    said(request, 'x-forwarded-uri'),
    address?.uri,
    said(request, 'x-original-uri'),
    isEnvoy ? url.slice(below.length) : undefined,
  ]);
  if (uri === undefined) return undefined;
  const hosts = [
    said(request, 'x-forwarded-host'),
    address?.host,
    isEnvoy ? headers.host : undefined,
  ];
  const methods = [said(request, 'x-forwarded-method'), said(request, 'x-original-method')];
  return {
    uri,
    host: theOne('host', isHost, hosts.map(inSmallLetters)),
    method: theOne('method', (name) => METHOD.test(name), methods) ?? method,
  };
}

// Of a header that came twice Node makes one text, which is neither a host nor a path.
const said = ({ headers }: IncomingMessage, name: string) => headers[name] as string | undefined;

const inSmallLetters = (host: string | undefined) => host?.toLowerCase();

function splitAddress(value: string | undefined) {
  if (value === undefined) return undefined;
  const [, host, uri] = ADDRESS.exec(value) ?? [];
  return uri === undefined ? { uri: value } : { host, uri };
}

/** The one value that all who say anything agree on. */
function theOne(
  what: string,
  isGood: (value: string) => boolean,
  values: readonly (string | undefined)[],
): string | undefined {
  const said = values.filter((value) => value !== undefined);
  const [first] = said;
  if (first === undefined) return undefined;
  if (!isGood(first)) throw unclear(`the original ${what} is not one plain ${what}`);
  if (said.some((value) => value !== first)) throw unclear(`the proxy names two of the ${what}`);
  return first;
}

export const unclear = (detail: string) => new SignInError('original_request_unclear', detail);
