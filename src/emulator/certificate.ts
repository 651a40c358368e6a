/**
 * A temporary certificate for HTTPS on this computer: a certificate authority (CA), and a server
 * certificate that it signs. The CA's key is discarded immediately, so a client that trusts the CA
 * trusts this server only.
 */
import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { isIPv4, isIPv6 } from 'node:net';

/** In PEM format. */
export interface Certificate {
  cert: string;
  key: string;
  /** The CA, for `NODE_EXTRA_CA_CERTS`, `REQUESTS_CA_BUNDLE` or `curl --cacert`. */
  ca: string;
}

const LOCAL_HOSTS = ['localhost', '127.0.0.1', '::1'];
const DAY_MS = 86_400_000;

export function createCertificate({
  now = Date.now(),
  hosts = LOCAL_HOSTS,
}: {
  now?: number;
  hosts?: readonly string[];
} = {}): Certificate {
  const authority = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const server = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  // Unique, because certificate stores distinguish authorities by name.
  const issuer = distinguishedName(`b2c-signin emulator ${randomBytes(4).toString('hex')}`);
  const common = { issuer, issuerKeys: authority, now };
  const ca = signCertificate({
    ...common,
    subject: issuer,
    publicKey: authority.publicKey,
    extensions: [
      extension(OID.basicConstraints, sequence(TRUE), { critical: true }),
      extension(OID.keyUsage, KEY_CERT_SIGN, { critical: true }),
    ],
  });
  const cert = signCertificate({
    ...common,
    subject: distinguishedName(hosts[0] ?? 'localhost'),
    publicKey: server.publicKey,
    extensions: [
      extension(OID.basicConstraints, sequence(), { critical: true }),
      extension(OID.keyUsage, DIGITAL_SIGNATURE, { critical: true }),
      extension(OID.extendedKeyUsage, sequence(oid(OID.serverAuth))),
      extension(OID.subjectAltName, sequence(...hosts.map(alternativeName))),
    ],
  });
  const key = String(server.privateKey.export({ type: 'pkcs8', format: 'pem' }));
  return { cert: pem(cert), key, ca: pem(ca) };
}

/** RFC 5280, 4.1 */
function signCertificate(certificate: {
  subject: Buffer;
  publicKey: KeyObject;
  issuer: Buffer;
  issuerKeys: { publicKey: KeyObject; privateKey: KeyObject };
  extensions: Buffer[];
  now: number;
}): Buffer {
  const { subject, publicKey, issuer, issuerKeys, now } = certificate;
  const extensions = [
    ...certificate.extensions,
    extension(OID.subjectKeyIdentifier, octets(keyIdentifier(publicKey))),
    // The strict mode of OpenSSL, which Python 3.13 uses, requires both.
    extension(OID.authorityKeyIdentifier, sequence(der(0x80, keyIdentifier(issuerKeys.publicKey)))),
  ];
  const body = sequence(
    der(0xa0, der(INTEGER, Buffer.of(2))), // version 3
    der(INTEGER, Buffer.of(0x01), randomBytes(15)),
    SIGNATURE_ALGORITHM,
    issuer,
    // Starts a day early, in case clocks differ. Browsers reject certificates of more than 398 days.
    sequence(time(now - DAY_MS), time(now + 365 * DAY_MS)),
    subject,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(...extensions)),
  );
  const signature = sign('sha256', body, issuerKeys.privateKey);
  return sequence(body, SIGNATURE_ALGORITHM, bits(signature));
}

function pem(certificate: Buffer): string {
  const lines = certificate.toString('base64').match(/.{1,64}/g) ?? [];
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
}

// The rest is DER (X.690): tag, length, contents.

const INTEGER = 0x02;
const TRUE = Buffer.of(0x01, 0x01, 0xff);

const OID = {
  commonName: [2, 5, 4, 3],
  subjectKeyIdentifier: [2, 5, 29, 14],
  keyUsage: [2, 5, 29, 15],
  subjectAltName: [2, 5, 29, 17],
  basicConstraints: [2, 5, 29, 19],
  authorityKeyIdentifier: [2, 5, 29, 35],
  extendedKeyUsage: [2, 5, 29, 37],
  serverAuth: [1, 3, 6, 1, 5, 5, 7, 3, 1],
  ecdsaWithSha256: [1, 2, 840, 10045, 4, 3, 2],
};

// Flags of keyUsage (RFC 5280, 4.2.1.3): bits 0 and 5 from the left, without trailing zeros.
const DIGITAL_SIGNATURE = bits(Buffer.of(0b1000_0000), 7);
const KEY_CERT_SIGN = bits(Buffer.of(0b0000_0100), 2);

const SIGNATURE_ALGORITHM = sequence(oid(OID.ecdsaWithSha256));

function der(tag: number, ...contents: Buffer[]): Buffer {
  const content = Buffer.concat(contents);
  const { length } = content;
  const size =
    length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.of(tag, ...size), content]);
}

function sequence(...contents: Buffer[]): Buffer {
  return der(0x30, ...contents);
}

function octets(content: Buffer): Buffer {
  return der(0x04, content);
}

function bits(content: Buffer, unused = 0): Buffer {
  return der(0x03, Buffer.of(unused), content);
}

function oid([first = 0, second = 0, ...rest]: number[]): Buffer {
  return der(0x06, Buffer.of(40 * first + second, ...rest.flatMap(base128)));
}

function base128(value: number): number[] {
  const low = value & 0x7f;
  return value < 0x80 ? [low] : [...base128(value >> 7).map((byte) => byte | 0x80), low];
}

/** UTC times: two-digit years until 2049, four-digit years after (RFC 5280, 4.1.2.5). */
function time(epochMs: number): Buffer {
  const digits = new Date(epochMs).toISOString().replace(/\.\d+|[-:T]/g, '');
  const isShort = digits < '2050';
  return der(isShort ? 0x17 : 0x18, Buffer.from(isShort ? digits.slice(2) : digits));
}

function distinguishedName(commonName: string): Buffer {
  const attribute = sequence(oid(OID.commonName), der(0x0c, Buffer.from(commonName)));
  return sequence(der(0x31, attribute));
}

function extension(id: number[], value: Buffer, { critical = false } = {}): Buffer {
  return sequence(oid(id), ...(critical ? [TRUE] : []), octets(value));
}

function alternativeName(host: string): Buffer {
  if (isIPv4(host)) return der(0x87, Buffer.from(host.split('.').map(Number)));
  return isIPv6(host) ? der(0x87, ipv6Bytes(host)) : der(0x82, Buffer.from(host));
}

function ipv6Bytes(address: string): Buffer {
  const groups = (text = '') => text.split(':').filter((group) => group !== '');
  const [head, tail] = address.split('::').map(groups);
  const zeros = Array.from({ length: 8 - (head?.length ?? 0) - (tail?.length ?? 0) }, () => '0');
  const all = [...(head ?? []), ...zeros, ...(tail ?? [])];
  return Buffer.from(all.map((group) => group.padStart(4, '0')).join(''), 'hex');
}

/** The left 160 bits of the SHA-256 hash of the key (RFC 7093, 2). */
function keyIdentifier(publicKey: KeyObject): Buffer {
  const key = publicKey.export({ type: 'spki', format: 'der' });
  return createHash('sha256').update(key).digest().subarray(0, 20);
}
