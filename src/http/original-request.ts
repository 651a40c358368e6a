import type { IncomingMessage } from 'node:http';
import { isHost } from './framing.ts';
import { getRequestTarget, isUnambiguousTarget } from './request.ts';
import type { IsFromTrustedProxy } from './trusted-proxies.ts';

/** The request that a reverse proxy asks about, as far as the headers of the proxy describe it. */
export type OriginalRequest =
  | KnownRequest
  /** No trusted proxy names a path. */
  | { kind: 'absent' }
  /** Two headers contradict each other, or one of them is malformed. */
  | { kind: 'ambiguous'; detail: string };

export interface KnownRequest {
  kind: 'known';
  method: string;
  /** In lower case, with the port if there is one; not every proxy names the host. */
  host: string | undefined;
  /** Path and query, not decoded. */
  uri: string;
}

export interface OriginalRequestReader {
  /**
   * Traefik and Caddy describe the original request in `X-Forwarded-…`, nginx in `X-Original-…`. Envoy
   * keeps its method and host, and puts `pathPrefix` in front of its path.
   */
  findOriginalRequest(request: IncomingMessage, pathPrefix?: string): OriginalRequest;
  /** The host that the browser requested, if a trusted proxy forwards the request itself. */
  findOriginalHost(request: IncomingMessage): string | undefined;
}

const METHOD = /^[A-Z]{1,32}$/;
const isMethod = (text: string) => METHOD.test(text);
const URL_PARTS = /^https?:\/\/([^/?#]*)(\/.*)$/i;
const ABSENT: OriginalRequest = { kind: 'absent' };

export const createOriginalRequestReader = (
  isTrusted: IsFromTrustedProxy,
): OriginalRequestReader => ({
  findOriginalRequest: (request, pathPrefix) =>
    isTrusted(request) ? readOriginalRequest(request, pathPrefix) : ABSENT,
  findOriginalHost(request) {
    const host = header(request, 'x-forwarded-host') ?? request.headers.host;
    return host !== undefined && isHost(host) && isTrusted(request) ? host : undefined;
  },
});

function readOriginalRequest(
  request: IncomingMessage,
  pathPrefix: string | undefined,
): OriginalRequest {
  const { headers, method: ownMethod = '' } = request;
  const target = getRequestTarget(request);
  const url = splitUrl(header(request, 'x-original-url'));
  const isEnvoy = pathPrefix !== undefined && target.startsWith(`${pathPrefix}/`);
  const uri = agreedValue('path', isUnambiguousTarget, [
    header(request, 'x-forwarded-uri'),
    url?.uri,
    header(request, 'x-original-uri'),
    // Some applications route by it, so it must not name another path.
    header(request, 'x-rewrite-url'),
    isEnvoy ? target.slice(pathPrefix.length) : undefined,
  ]);
  if (uri.kind === 'ambiguous') return uri;
  if (uri.value === undefined) return ABSENT;
  const host = agreedValue('host', isHost, [
    header(request, 'x-forwarded-host')?.toLowerCase(),
    url?.host?.toLowerCase(),
    isEnvoy ? headers.host?.toLowerCase() : undefined,
  ]);
  if (host.kind === 'ambiguous') return host;
  const method = agreedValue('method', isMethod, [
    header(request, 'x-forwarded-method'),
    header(request, 'x-original-method'),
  ]);
  if (method.kind === 'ambiguous') return method;
  return {
    kind: 'known',
    uri: uri.value,
    host: host.value,
    method: method.value ?? ownMethod,
  };
}

// Node joins repeated headers into one string, which then fails validation.
const header = ({ headers }: IncomingMessage, name: string) => headers[name] as string | undefined;

function splitUrl(value: string | undefined) {
  if (value === undefined) return undefined;
  const [, host, uri] = URL_PARTS.exec(value) ?? [];
  return uri === undefined ? { uri: value } : { host, uri };
}

type Agreed = { kind: 'agreed'; value: string | undefined } | { kind: 'ambiguous'; detail: string };

/** The value of all headers that are present, if it is valid and the same in each. */
function agreedValue(
  what: string,
  isValid: (value: string) => boolean,
  values: readonly (string | undefined)[],
): Agreed {
  let agreed: string | undefined;
  for (const value of values) {
    if (value === undefined || value === agreed) continue;
    if (!isValid(value)) {
      return { kind: 'ambiguous', detail: `the original ${what} is malformed` };
    }
    if (agreed !== undefined) {
      return { kind: 'ambiguous', detail: `two headers name different ${what}s` };
    }
    agreed = value;
  }
  return { kind: 'agreed', value: agreed };
}
