import { type LocalPath, MAX_LENGTH, parseLocalPath } from './local-path.ts';

/** An address on another host, one of those that the operator lets people go back to. */
export type AllowedAddress = string & { readonly allowedAddress: unique symbol };

/** Where somebody may be led after a sign-in. */
export type ReturnTarget = LocalPath | AllowedAddress;

/** `undefined` for whatever is neither plainly a path here nor plainly an address on one of the hosts. */
export type ParseReturnTarget = (value: string | null | undefined) => ReturnTarget | undefined;

// Host and port as they are written in the end: no user, no escapes, no digits that become an address.
const ADDRESS =
  /^(https?:)\/\/([a-z0-9.-]+(?::\d+)?)(?=[/?]|$)([^\u0000-\u0020\\#\u007f-\uffff]*)$/i;

/**
 * Hosts are compared whole, with their port; `*.example.com` is every host below that domain and not
 * that domain. From a site on https people go back by https alone, where their session is.
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
    // What the parser made another host of is not what was written.
    if (host !== plain(written.toLowerCase())) return undefined;
    if (host === baseUrl.host) return parseLocalPath(pathname + search);
    if (!isAllowed(host)) return undefined;
    // Again, because the parser writes some characters as three.
    const target = `${protocol}//${host}${pathname}${search}`;
    return target.length > MAX_LENGTH ? undefined : (target as AllowedAddress);
  };
}
