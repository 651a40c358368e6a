// Mistakes in how clients reach the server, and in its templates.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import path from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { createCertificate } from '../../dist/emulator/certificate.js';
import { createEmulator } from '../../dist/emulator/emulator.js';
import { emptyFolder } from '../support/folder.js';
import { freePort } from '../support/free-port.js';
import { atItsAddress, describeRows, emulator, type Plant, port, type Row } from './mistakes.js';
import { examined, goodConfig } from './support.js';

/** Serves HTTPS at baseUrl with a new certificate. */
const tls =
  (how: { hosts?: string[]; now?: number; otherKey?: boolean; baseUrl?: string }): Plant =>
  (config, { t }) => {
    const { cert, key } = createCertificate({
      hosts: how.hosts ?? ['localhost'],
      ...(how.now ? { now: how.now } : {}),
    });
    const folder = emptyFolder(t);
    const files = { cert: path.join(folder, 'cert.pem'), key: path.join(folder, 'key.pem') };
    writeFileSync(files.cert, cert);
    writeFileSync(files.key, how.otherKey ? createCertificate().key : key, { mode: 0o600 });
    config.listen = { port, tls: files };
    config['baseUrl'] = how.baseUrl ?? `https://localhost:${port}`;
  };

const DAY_MS = 86_400_000;

const PUBLIC_ADDRESS: Row[] = [
  {
    mistake: 'the certificate has expired',
    plant: tls({ now: Date.now() - 400 * DAY_MS }),
    id: 'tls.certificate',
    says: /valid from .*, but not now/,
  },
  {
    mistake: 'the certificate is for another host',
    plant: tls({ hosts: ['other.example.com'] }),
    id: 'tls.certificate',
    says: /not valid for localhost/,
  },
  {
    mistake: 'the key is from another certificate',
    plant: tls({ otherKey: true }),
    id: 'tls.certificate',
    says: /the key does not match the certificate/,
  },
  {
    mistake: 'the certificate expires in a few days',
    plant: tls({ now: Date.now() - 360 * DAY_MS }),
    id: 'tls.certificate',
    status: 'warn',
    says: /expires in [45] days/,
  },
  {
    mistake: 'the server listens with TLS, but baseUrl is http',
    plant: (config, world) => tls({ baseUrl: `http://localhost:${port}` })(config, world),
    id: 'base-url.address',
    says: /is an http URL, but the server listens with TLS/,
  },
  {
    mistake: 'it is an IPv6 address',
    plant: (config) => {
      config['baseUrl'] = `http://[::1]:${port}`;
    },
    id: 'base-url.address',
    says: /B2C rejects redirect URIs with \[::1\]/,
  },
  {
    mistake: 'it is an IP address',
    plant: (config) => {
      config['baseUrl'] = `http://127.0.0.1:${port}`;
    },
    id: 'base-url.address',
    status: 'warn',
    says: /Use http:\/\/localhost/,
  },
  {
    mistake: 'its port differs from that of the server',
    plant: (config) => {
      config['baseUrl'] = 'http://localhost:1234';
    },
    id: 'base-url.address',
    status: 'warn',
    says: /differs from listen\.port/,
  },
  {
    mistake: 'nothing listens there, but the server listens on listen.port',
    async plant(config, { t }) {
      const listening = await freePort();
      const server = createServer((_request, response) =>
        response.writeHead(401).end('{"signedIn":false,"signInUrl":"/auth/sign_in"}'),
      );
      t.after(() => server.close());
      await once(server.listen(listening, '127.0.0.1'), 'listening');
      config.listen = { port: listening };
      config['baseUrl'] = 'http://localhost:9';
      config['gate'] = {};
    },
    id: 'base-url.answers',
    status: 'warn',
    says: /nothing responds there, but the server responds on port \d+/,
  },
  {
    mistake: 'other machines can reach plain HTTP',
    plant: (config) => {
      config.listen = { host: '0.0.0.0', port };
      config['baseUrl'] = `http://localhost:${port}`;
    },
    id: 'listen.address',
    status: 'warn',
    says: /other machines can reach it over plain HTTP/,
  },
  {
    mistake: 'another program responds there',
    async plant(config, { t }) {
      const other = await createEmulator();
      t.after(() => other.close());
      config['baseUrl'] = other.url.replace('127.0.0.1', 'localhost');
      config.listen = { port: Number(new URL(other.url).port) };
    },
    id: 'base-url.answers',
    status: 'warn',
    says: /auth\/me returns 404, .* forwards every path to 127\.0\.0\.1:\d+/,
  },
];

describeRows(
  'the public address',
  PUBLIC_ADDRESS.map((row) => ({ ...row, plant: atItsAddress(row.plant) })),
);

const template =
  (name: string, text: string): Plant =>
  (config, { t }) => {
    const folder = emptyFolder(t);
    writeFileSync(path.join(folder, name), text);
    config['templates'] = folder;
  };

describeRows('templates', [
  {
    mistake: 'one does not compile',
    plant: template('error.eta', '<% if ( { %>'),
    id: 'templates.files',
    says: /error\.eta does not compile/,
  },
  {
    mistake: 'the name of one is misspelled',
    plant: template('eror.eta', '<p>'),
    id: 'templates.files',
    status: 'warn',
    says: /not used by any page: eror\.eta/,
  },
  {
    mistake: 'a layout from before the settings of the site',
    plant: (config, world) => {
      config['site'] = { name: 'Fabrikam', accentColor: '#b30059' };
      return template('layout.eta', '<title><%= it.title %></title>')(config, world);
    },
    id: 'templates.files',
    status: 'warn',
    says: /custom files do not show site\.name Compare layout\.eta/,
  },
]);

describe('the certificate of a client key', () => {
  const checkWith = async (t: TestContext, now: number) => {
    const { cert, key } = createCertificate({ now });
    const { policies: _, ...config } = goodConfig(emulator, port);
    const checks = await examined(t, {
      ...config,
      tenant: { kind: 'generic', issuer: emulator.issuer, allowPlainHttp: true },
      client: { id: 'my-app', authMethod: 'private_key_jwt', key, certificate: cert },
    });
    return checks.find(({ id }) => id === 'client.certificate');
  };
  const DAY_MS = 86_400_000;

  test('fails if it has expired', async (t) => {
    const check = await checkWith(t, Date.now() - 3_650 * DAY_MS);
    assert.equal(check?.status, 'fail');
    assert.match(check.detail, /^it is valid from .* to .*, but not now$/);
    assert.match(String(check.fix), /register the certificate/);
  });

  test('passes if it is valid now', async (t) => {
    const check = await checkWith(t, Date.now());
    assert.match(`${check?.status} ${check?.detail}`, /^ok valid for another \d+ days/);
  });
});
