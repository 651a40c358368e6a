import { isIP } from 'node:net';
import { isLoopbackHostname } from './loopback.ts';

/** Names under which the emulator may be asked. */
export interface OwnHosts {
  /** Where it listens, or the public URL; without a slash at the end. */
  url: string;
  /** It listens beyond this machine, and numbers lead to it too. */
  allowOtherHosts: boolean;
}

/**
 * Whether a `Host` header names this server. A foreign name that resolves to this machine (DNS
 * rebinding) does not; a number cannot be such a name.
 */
export function isOwnHost(host: string, { url, allowOtherHosts }: OwnHosts): boolean {
  if (host === new URL(url).host) return true;
  if (!URL.canParse(`http://${host}`)) return false;
  const { hostname } = new URL(`http://${host}`);
  const isNumber = isIP(hostname.replace(/^\[|\]$/g, '')) !== 0;
  return isLoopbackHostname(hostname) || (allowOtherHosts && isNumber);
}
