import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { type Check, checksAbout } from '../check.ts';

const DAY_MS = 86_400_000;
const SOON_DAYS = 14;
const RENEW = 'Renew the certificate and start the server anew.';

/** Whether browsers will take the certificate: readable, with its key, in time, for the host. */
export function tlsCheck(
  { cert, key }: { cert: string; key: string },
  { host, now }: { host: string; now: number },
): Check {
  const { ok, warn, mend } = checksAbout('listen.tls');
  const id = 'tls.certificate';
  const certificate = read(() => new X509Certificate(cert));
  const privateKey = read(() => createPrivateKey(key));
  if (!certificate || !privateKey) {
    const setting = certificate ? 'listen.tls.key' : 'listen.tls.cert';
    return mend(id, `the file of ${setting} is not what it should be`, {
      mend: 'Both are PEM: the certificate with those that lead to its authority behind it, and its key without a password.',
    });
  }
  if (!certificate.checkPrivateKey(privateKey as KeyObject)) {
    return mend(id, 'the key is not the one of the certificate', {
      mend: 'Give both files of the same issue; a certificate file begins with that of the server.',
    });
  }
  const ends = Date.parse(certificate.validTo);
  if (now > ends || now < Date.parse(certificate.validFrom)) {
    const times = `from ${certificate.validFrom} to ${certificate.validTo}`;
    return mend(id, `it is valid ${times}, and not now`, { mend: RENEW });
  }
  const isForHost = isIP(host) ? certificate.checkIP(host) : certificate.checkHost(host);
  if (!isForHost) {
    return mend(id, `it is not for ${host}, the host of baseUrl`, {
      mend: 'Get a certificate for that name, or let baseUrl have the name of the certificate.',
    });
  }
  const days = Math.floor((ends - now) / DAY_MS);
  if (days < SOON_DAYS) return warn(id, `it ends in ${days} days`, { mend: RENEW });
  return ok(id, `for ${host}, good for another ${days} days, and the key is its own`);
}

function read<Value>(parse: () => Value): Value | undefined {
  try {
    return parse();
  } catch {
    return undefined;
  }
}
