import { isIP } from 'node:net';
import { isLoopbackHostname } from '../definition/loopback.ts';

/** The hosts that requests may name. */
export interface OwnHosts {
  /** Listen address or public URL, without a trailing slash. */
  url: string;
  /** Listens on other addresses than loopback, so IP addresses are accepted too. */
  allowOtherHosts: boolean;
}

/**
 * Whether a `Host` header names this server. Rejects other names that resolve to this computer (DNS
 * rebinding). An IP address cannot be such a name.
 */
export function isOwnHost(host: string, { url, allowOtherHosts }: OwnHosts): boolean {
  if (host === new URL(url).host) return true;
  if (!URL.canParse(`http://${host}`)) return false;
  const { hostname } = new URL(`http://${host}`);
  const isAddress = isIP(hostname.replace(/^\[|\]$/g, '')) !== 0;
  return isLoopbackHostname(hostname) || (allowOtherHosts && isAddress);
}
