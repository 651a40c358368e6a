import { isIP } from 'node:net';
import { z } from 'zod';
import { reject } from './issues.ts';

/** The addresses of one network. */
export interface Network {
  address: string;
  prefix: number;
  family: 'ipv4' | 'ipv6';
}

export const trustedProxiesSchema = z
  .array(
    z
      .string({ error: 'must be an IP address or a network' })
      .transform(
        (text, context) =>
          parseNetwork(text) ??
          reject(context, 'must be an IP address or a network, such as "10.0.0.0/8" or "fd00::/8"'),
      ),
    { error: 'must be a list of networks' },
  )
  .prefault([])
  .describe(
    'IP addresses or CIDR ranges of proxies, such as `10.0.0.0/8` or `fd00::/8`, whose ' +
      '`X-Forwarded-*` and `X-Original-*` headers are trusted. Loopback is always trusted.',
  );

function parseNetwork(text: string): Network | undefined {
  const [address = '', length, ...rest] = text.split('/');
  const bits = { 0: 0, 4: 32, 6: 128 }[isIP(address) as 0 | 4 | 6];
  if (!bits || rest.length > 0 || address.includes('%')) return undefined;
  if (length !== undefined && !/^(?:0|[1-9]\d{0,2})$/.test(length)) return undefined;
  const prefix = Number(length ?? bits);
  if (prefix > bits) return undefined;
  // A dual-stack socket in Node reports an IPv4 peer in this form.
  const mapped = /^::ffff:(\d+(?:\.\d+){3})$/i.exec(address)?.[1];
  if (mapped !== undefined) {
    return prefix >= 96 ? { address: mapped, prefix: prefix - 96, family: 'ipv4' } : undefined;
  }
  return { address, prefix, family: bits === 32 ? 'ipv4' : 'ipv6' };
}
