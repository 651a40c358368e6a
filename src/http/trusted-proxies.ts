import type { IncomingMessage } from 'node:http';
import { BlockList, isIPv4, type Socket } from 'node:net';

/** Whether a request came from a trusted proxy. */
export type IsFromTrustedProxy = (request: IncomingMessage) => boolean;

interface Network {
  address: string;
  prefix: number;
  family: 'ipv4' | 'ipv6';
}

const LOOPBACK: Network[] = [
  { address: '127.0.0.0', prefix: 8, family: 'ipv4' },
  { address: '::1', prefix: 128, family: 'ipv6' },
];

const MAPPED = /^::ffff:(?=\d+\.)/i;

/** Trusts loopback and `networks`, by the peer address of the connection and never by a header. */
export function createTrustedProxies(networks: readonly Network[]): IsFromTrustedProxy {
  const trusted = new BlockList();
  for (const { address, prefix, family } of [...LOOPBACK, ...networks]) {
    trusted.addSubnet(address, prefix, family);
  }
  // For each connection, because check() takes microseconds, a tenth of a request to the gate.
  const results = new WeakMap<Socket, boolean>();
  return ({ socket }) => {
    const known = results.get(socket);
    if (known !== undefined) return known;
    // On a dual-stack socket, an IPv4 peer has a mapped IPv6 address.
    const address = socket.remoteAddress?.replace(MAPPED, '');
    if (!address) return false;
    const isTrusted = trusted.check(address, isIPv4(address) ? 'ipv4' : 'ipv6');
    results.set(socket, isTrusted);
    return isTrusted;
  };
}
