import type { IncomingMessage } from 'node:http';
import { BlockList, isIPv4 } from 'node:net';

/** Whether a request came over a connection of a proxy whose word is believed. */
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

/** Those of the networks, and those on this machine: the peer of the connection, whatever headers say. */
export function createTrustedProxies(networks: readonly Network[]): IsFromTrustedProxy {
  const trusted = new BlockList();
  for (const { address, prefix, family } of [...LOOPBACK, ...networks]) {
    trusted.addSubnet(address, prefix, family);
  }
  return ({ socket }) => {
    // A peer of IPv4 on a socket for both families is the same peer.
    const address = socket.remoteAddress?.replace(MAPPED, '');
    if (!address) return false;
    return trusted.check(address, isIPv4(address) ? 'ipv4' : 'ipv6');
  };
}
