import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { connect } from 'node:tls';
import { promisify } from 'node:util';
import { type Certificate, createCertificate } from '../../dist/emulator/certificate.js';
import { emptyFolder } from '../support/folder.js';

const run = promisify(execFile);

async function serve(t: TestContext, { cert, key }: Certificate, host = '127.0.0.1') {
  const server = createServer({ cert, key }, (_, response) => response.end('emulator'));
  server.listen(0, host);
  await once(server, 'listening');
  t.after(() => server.close());
  return (server.address() as AddressInfo).port;
}

/** Resolves after a successful handshake. Rejects with the TLS error. */
function handshake(options: { port: number; servername?: string; host?: string; ca?: string }) {
  return new Promise<void>((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', ...options }, () => {
      socket.destroy();
      resolve();
    });
    socket.on('error', reject);
  });
}

/** Writes the certificates to files, for other programs. */
function filesOf(t: TestContext, { cert, ca }: Certificate) {
  const folder = emptyFolder(t);
  const files = { cert: path.join(folder, 'cert.pem'), ca: path.join(folder, 'ca.pem') };
  writeFileSync(files.cert, cert);
  writeFileSync(files.ca, ca);
  return files;
}

function skipWithout(t: TestContext, program: string): boolean {
  if (existsSync(program)) return false;
  if (process.env['CI'] === 'true') throw new Error(`${program} is not installed`);
  t.skip(`${program} is not installed`);
  return true;
}

test('a client that trusts the CA trusts the server under each of its names', async (t) => {
  const certificate = createCertificate();
  const port = await serve(t, certificate);
  const { ca } = certificate;
  await handshake({ port, ca, servername: 'localhost' });
  await handshake({ port, ca });
  const { subjectAltName } = new X509Certificate(certificate.cert);
  assert.equal(subjectAltName, 'DNS:localhost, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1');
});

test('a client without the CA, or with another CA, rejects it', async (t) => {
  const port = await serve(t, createCertificate());
  await assert.rejects(handshake({ port }), { code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' });
  const { ca } = createCertificate();
  await assert.rejects(handshake({ port, ca }), { code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' });
});

test('it is invalid for any other name', async (t) => {
  const certificate = createCertificate({ hosts: ['tenant.localhost'] });
  const port = await serve(t, certificate);
  const { ca } = certificate;
  await handshake({ port, ca, servername: 'tenant.localhost' });
  const other = handshake({ port, ca, servername: 'other.localhost' });
  await assert.rejects(other, { code: 'ERR_TLS_CERT_ALTNAME_INVALID' });
});

const addresses = {
  '::1': '0:0:0:0:0:0:0:1',
  'fe80::1:20': 'FE80:0:0:0:0:0:1:20',
  '2001:db8:0:1:2:3:4:5': '2001:DB8:0:1:2:3:4:5',
};
for (const [host, written] of Object.entries(addresses)) {
  test(`the address ${host} is written in full`, () => {
    const { cert } = createCertificate({ hosts: [host] });
    assert.equal(new X509Certificate(cert).subjectAltName, `IP Address:${written}`);
  });
}

test('it is valid from one day earlier, for a year, also after 2050', () => {
  for (const [now, validTo] of [
    ['2026-03-01T12:00:00Z', 'Mar  1 12:00:00 2027 GMT'],
    ['2049-06-01T00:00:00Z', 'Jun  1 00:00:00 2050 GMT'],
    ['2060-03-01T00:00:00Z', 'Mar  1 00:00:00 2061 GMT'],
  ] as const) {
    const certificate = createCertificate({ now: Date.parse(now) });
    const cert = new X509Certificate(certificate.cert);
    assert.equal(cert.validTo, validTo);
    assert.equal(Date.parse(cert.validFrom), Date.parse(now) - 86_400_000);
    assert.ok(cert.checkIssued(new X509Certificate(certificate.ca)));
  }
});

test('the server certificate is limited to handshakes, the CA certificate to certificates', () => {
  const certificate = createCertificate();
  const cert = new X509Certificate(certificate.cert);
  const ca = new X509Certificate(certificate.ca);
  assert.equal(cert.ca, false);
  assert.equal(ca.ca, true);
  assert.deepEqual(cert.keyUsage, ['1.3.6.1.5.5.7.3.1']);
  assert.ok(cert.verify(ca.publicKey));
  assert.ok(ca.verify(ca.publicKey));
});

test('OpenSSL accepts it in strict mode', async (t) => {
  if (skipWithout(t, '/usr/bin/openssl')) return;
  const { ca, cert } = filesOf(t, createCertificate());
  const strict = ['-x509_strict', '-purpose', 'sslserver', '-verify_hostname', 'localhost'];
  const { stdout } = await run('/usr/bin/openssl', ['verify', ...strict, '-CAfile', ca, cert]);
  assert.match(stdout, /: OK$/m);
});

test("Python's ssl accepts it in strict mode", async (t) => {
  if (skipWithout(t, '/usr/bin/python3')) return;
  const certificate = createCertificate();
  const port = await serve(t, certificate);
  const program = `
import ssl, sys, urllib.request
trust = ssl.create_default_context(cafile=sys.argv[1])
trust.verify_flags |= ssl.VERIFY_X509_STRICT
print(urllib.request.urlopen(sys.argv[2], context=trust).read().decode())
`;
  for (const host of ['localhost', '127.0.0.1']) {
    const args = ['-c', program, filesOf(t, certificate).ca, `https://${host}:${port}/`];
    assert.equal((await run('/usr/bin/python3', args)).stdout.trim(), 'emulator');
  }
});
