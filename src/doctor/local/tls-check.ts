import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { type Check, createReporter } from '../check.ts';

const DAY_MS = 86_400_000;
const SOON_DAYS = 14;
const RENEW = 'Renew the certificate and restart the server.';

/** Checks that browsers accept the certificate: readable, with its key, valid now, for the host. */
export function tlsCheck(
  { cert, key }: { cert: string; key: string },
  { host, now }: { host: string; now: number },
): Check {
  const { ok, warn, fail } = createReporter('listen.tls');
  const id = 'tls.certificate';
  const certificate = read(() => new X509Certificate(cert));
  const privateKey = read(() => createPrivateKey(key));
  if (!certificate || !privateKey) {
    const setting = certificate ? 'listen.tls.key' : 'listen.tls.cert';
    return fail(id, `${setting} is not a PEM file of the expected kind`, {
      fix: 'Use PEM files: the certificate followed by its intermediate certificates, and the private key without a password.',
    });
  }
  if (!certificate.checkPrivateKey(privateKey as KeyObject)) {
    return fail(id, 'the key does not match the certificate', {
      fix: 'Use the two files that were issued together. The certificate of the server comes first in its file.',
    });
  }
  const ends = Date.parse(certificate.validTo);
  if (now > ends || now < Date.parse(certificate.validFrom)) {
    const times = `from ${certificate.validFrom} to ${certificate.validTo}`;
    return fail(id, `it is valid ${times}, but not now`, { fix: RENEW });
  }
  const isForHost = isIP(host) ? certificate.checkIP(host) : certificate.checkHost(host);
  if (!isForHost) {
    return fail(id, `it is not valid for ${host}, the host of baseUrl`, {
      fix: 'Get a certificate for this host, or use the host of the certificate in baseUrl.',
    });
  }
  const days = Math.floor((ends - now) / DAY_MS);
  if (days < SOON_DAYS) return warn(id, `it expires in ${days} days`, { fix: RENEW });
  return ok(id, `valid for ${host} for another ${days} days, with the matching key`);
}

function read<Value>(parse: () => Value): Value | undefined {
  try {
    return parse();
  } catch {
    return undefined;
  }
}
