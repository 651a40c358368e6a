import { type LocalPath, MAX_LENGTH, parseLocalPath } from './local-path.ts';

/** A URL on another host that the operator allows as a return URL. */
export type AllowedAddress = string & { readonly allowedAddress: unique symbol };

/** A return path or return URL: where the browser may go after sign-in. */
export type ReturnTarget = LocalPath | AllowedAddress;

/** `undefined` for every value that is neither a path on this site nor a URL on an allowed host. */
export type ParseReturnTarget = (value: string | null | undefined) => ReturnTarget | undefined;

// Host and port in their final spelling: no user name, no escapes.
const ADDRESS =
  /^(https?:)\/\/([a-z0-9.-]+(?::\d+)?)(?=[/?]|$)([^\u0000-\u0020\\#\u007f-\uffff]*)$/i;

/**
 * Compares whole hosts, including the port; `*.example.com` matches every host below that domain, but
 * not the domain itself. If this site uses HTTPS, return URLs become HTTPS too: the browser sends the
 * session cookie only there.
 */
export function createParseReturnTarget({
  baseUrl,
  allowedHosts,
}: {
  baseUrl: URL;
  allowedHosts: readonly string[];
}): ParseReturnTarget {
  const usualPort = baseUrl.protocol === 'https:' ? ':443' : ':80';
  const plain = (host: string) =>
    host.endsWith(usualPort) ? host.slice(0, -usualPort.length) : host;
  const hosts = new Set(allowedHosts.map(plain));
  const domains = allowedHosts
    .filter((host) => host.startsWith('*.'))
    .map((host) => plain(host.slice(1)));
  const isAllowed = (host: string) =>
    hosts.has(host) || domains.some((domain) => host.endsWith(domain) && host !== domain);

  return (value) => {
    const [, scheme, written = '', rest = ''] = ADDRESS.exec(value ?? '') ?? [];
    if (scheme === undefined) return parseLocalPath(value);
    const protocol = baseUrl.protocol === 'https:' ? 'https:' : scheme.toLowerCase();
    const address = `${protocol}//${written}${rest}`;
    if (address.length > MAX_LENGTH || !URL.canParse(address)) return undefined;
    const { host, pathname, search } = new URL(address);
    // A host that the parser has changed was written to deceive.
    if (host !== plain(written.toLowerCase())) return undefined;
    if (host === baseUrl.host) return parseLocalPath(pathname + search);
    if (!isAllowed(host)) return undefined;
    // Checked again, because the parser escapes some characters with three.
    const target = `${protocol}//${host}${pathname}${search}`;
    return target.length > MAX_LENGTH ? undefined : (target as AllowedAddress);
  };
}
