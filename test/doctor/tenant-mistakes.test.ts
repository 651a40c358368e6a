// Mistakes in the tenant URL, and network errors.
import { createServer as createTcpServer } from 'node:net';
import { createCertificate } from '../../dist/emulator/certificate.js';
import { emulatorControl } from '../support/emulator-control.js';
import { freePort } from '../support/free-port.js';
import { describeRows, emulator, fault, type Plant, port, set } from './mistakes.js';
import { ENV, startTenant } from './support.js';

const authority = (text: string): Plant =>
  set('tenant', { authority: text, allowPlainHttp: text.startsWith('http:') });

/** A tenant on HTTPS with an untrusted certificate. */
const untrusted: Plant = async (config, { t }) => {
  const own = await startTenant(`http://localhost:${port}`, { tls: createCertificate() });
  t.after(() => own.close());
  return { ...config, tenant: { authority: own.authority, tenantId: own.tenant.id } };
};

describeRows('tenant connectivity', [
  {
    mistake: 'the retired host',
    plant: authority('https://login.microsoftonline.com/fabrikamb2c.onmicrosoft.com'),
    id: 'tenant.host',
    says: /login\.microsoftonline\.com is not the host.*b2clogin\.com/,
  },
  {
    mistake: 'the host of another tenant',
    plant: authority('https://contoso.b2clogin.com/fabrikamb2c.onmicrosoft.com'),
    id: 'tenant.host',
    says: /host of the tenant contoso, but the path names fabrikamb2c/,
  },
  {
    mistake: 'the retired host in China',
    plant: authority('https://login.partner.microsoftonline.cn/fabrikamb2c.partner.onmschina.cn'),
    id: 'tenant.host',
    says: /is not the host.*<tenant name>\.b2clogin\.cn\/<tenant name>\.partner\.onmschina\.cn/,
  },
  {
    mistake: 'the host of another tenant in China',
    plant: authority('https://contoso.b2clogin.cn/fabrikamb2c.partner.onmschina.cn'),
    id: 'tenant.host',
    says: /host of the tenant contoso, but the path names fabrikamb2c.*https:\/\/fabrikamb2c\.b2clogin\.cn\/fabrikamb2c\.partner\.onmschina\.cn/,
  },
  {
    mistake: 'the host of one cloud and the tenant of another',
    plant: authority('https://fabrikamb2c.b2clogin.cn/fabrikamb2c.onmicrosoft.com'),
    id: 'tenant.host',
    says: /another cloud.*fabrikamb2c\.partner\.onmschina\.cn.*https:\/\/fabrikamb2c\.b2clogin\.com\/fabrikamb2c\.onmicrosoft\.com/,
  },
  {
    mistake: 'the host of the cloud of the US government with the tenant of another',
    plant: authority('https://fabrikamb2c.b2clogin.us/fabrikamb2c.partner.onmschina.cn'),
    id: 'tenant.host',
    says: /another cloud.*fabrikamb2c\.onmicrosoft\.us/,
  },
  {
    mistake: 'the host of External ID',
    plant: authority('https://fabrikam.ciamlogin.com/fabrikam.onmicrosoft.com'),
    id: 'tenant.host',
    says: /External ID.*"external-id"/,
  },
  {
    mistake: 'the host of B2C for External ID',
    plant: ({ policies: _, ...config }) => ({
      ...config,
      tenant: {
        kind: 'external-id',
        authority: 'https://fabrikamb2c.b2clogin.com',
        tenantId: emulator.tenant.id,
      },
    }),
    id: 'tenant.host',
    says: /Azure AD B2C.*Remove tenant\.kind/,
  },
  {
    mistake: 'nothing listens there',
    plant: async (config, world) =>
      authority(`http://127.0.0.1:${await freePort()}/x.onmicrosoft.com`)(config, world),
    id: 'tenant.reachable',
    says: /refuses the connection.*ECONNREFUSED/,
  },
  {
    mistake: 'the network allows connections only through a proxy',
    plant: async (config, world) => {
      world.more.env = { ...ENV, HTTPS_PROXY: 'http://proxy.example.com:3128' };
      await authority(`http://127.0.0.1:${await freePort()}/x.onmicrosoft.com`)(config, world);
    },
    id: 'tenant.reachable',
    says: /HTTPS_PROXY is set, but b2c-signin connects directly/,
  },
  {
    mistake: 'the host is misspelled',
    plant: authority('https://login.fabrikam.invalid/fabrikamb2c.onmicrosoft.com'),
    id: 'tenant.reachable',
    says: /name login\.fabrikam\.invalid cannot be resolved/,
  },
  {
    mistake: 'its certificate is not trusted',
    plant: untrusted,
    id: 'tenant.reachable',
    says: /does not trust.*NODE_EXTRA_CA_CERTS/,
  },
  {
    mistake: 'https at a port without TLS',
    plant: (config, world) =>
      authority(emulator.authority.replace('http:', 'https:'))(config, world),
    id: 'tenant.reachable',
    says: /does not respond with TLS|closes the connection/,
  },
  {
    mistake: 'a server without HTTP responds',
    plant: async (config, world) => {
      const server = createTcpServer((socket) => socket.end('220 mail.example.com ESMTP\r\n'));
      const own = await freePort();
      server.listen(own, '127.0.0.1');
      world.t.after(() => server.close());
      await authority(`http://127.0.0.1:${own}/x.onmicrosoft.com`)(config, world);
    },
    id: 'tenant.reachable',
    says: /does not respond with HTTP/,
  },
  {
    mistake: 'it never responds',
    plant: fault('discovery_hang'),
    id: 'tenant.reachable',
    says: /does not respond in time/,
  },
  {
    mistake: 'the name of the tenant is misspelled',
    plant: (config, world) =>
      authority(`${emulator.url}/fabrikamb2b.onmicrosoft.com`)(config, world),
    id: 'tenant.name',
    says: /none of the 3 policies exists in fabrikamb2b\.onmicrosoft\.com/,
  },
  {
    mistake: 'the clock is ten minutes behind',
    plant: (_config, { more }) => {
      more.now = () => Date.now() - 600_000;
    },
    id: 'clock.offset',
    says: /600 seconds behind the tenant; above 60 seconds, tokens are rejected/,
  },
  {
    mistake: 'the clock is two minutes ahead, by the clock of the tenant',
    plant: async (_config, { t }) => {
      const control = emulatorControl(emulator.url);
      t.after(() => control.clock(0));
      await control.clock(-120);
    },
    id: 'clock.offset',
    says: /1(19|20|21) seconds ahead of the tenant/,
  },
  {
    mistake: 'the clock is 45 seconds behind',
    plant: (_config, { more }) => {
      more.now = () => Date.now() - 45_000;
    },
    id: 'clock.offset',
    status: 'warn',
    says: /4[456] seconds behind/,
  },
]);
