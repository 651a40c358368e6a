/** Each mistake is named by the check that it belongs to, and by no other. */
import assert from 'node:assert/strict';
import { chmodSync, writeFileSync } from 'node:fs';
import { createServer as createTcpServer } from 'node:net';
import path from 'node:path';
import { before, describe, type TestContext, test } from 'node:test';
import { parseConfig } from '../../dist/config.js';
import type { CheckId } from '../../dist/doctor/catalogue.js';
import type { Check } from '../../dist/doctor/check.js';
import type { Examination } from '../../dist/doctor/doctor.js';
import { createCertificate } from '../../dist/emulator/certificate.js';
import { createEmulator, type Emulator } from '../../dist/emulator/emulator.js';
import { serve } from '../../dist/program/serve.js';
import { emulatorControl } from '../support/emulator-control.js';
import { type Faults, startFaultyProvider } from '../support/faulty-provider.js';
import { emptyFolder } from '../support/folder.js';
import { freePort } from '../support/free-port.js';
import { recordLog } from '../support/log.js';
import { fileScope, type RedisServer, skipWithoutRedis, startRedis } from '../support/redis.js';
import {
  APPLICATIONS,
  ENV,
  examined,
  freeOrigin,
  goodConfig,
  startTenant,
  type TestConfig,
  withOutcome,
} from './support.js';

const scope = fileScope();
let emulator: Emulator;
let port: number;

before(async () => {
  const own = await freeOrigin();
  port = own.port;
  emulator = await startTenant(own.origin);
  scope.after(() => emulator.close());
});

/** Changes the good configuration or its surroundings; gives the whole configuration to replace it. */
type Plant = (
  config: TestConfig,
  world: { t: TestContext; more: Partial<Examination> },
) => unknown | Promise<unknown>;

interface Row {
  mistake: string;
  plant: Plant;
  id: CheckId;
  /** What the words have to hold, so that the reader knows which one it is. */
  says: RegExp;
  /** `mend` unless it can be lived with. */
  outcome?: 'warn' | 'mend';
}

async function assertNamed(t: TestContext, { plant, id, says, outcome = 'mend' }: Row) {
  const config: TestConfig = goodConfig(emulator, port);
  const more: Partial<Examination> = {};
  const planted = await plant(config, { t, more });
  const checks = await examined(t, planted ?? config, more);
  const named = checks.filter((check) => check.id === id && check.outcome === outcome);
  const text = JSON.stringify(checks, null, 1);
  assert.ok(named.length > 0, text);
  for (const check of named) {
    assert.match(`${check.about ?? ''}: ${check.detail} ${check.mend}`, says);
    assert.ok(check.mend, 'does not say what to do');
  }
  const others = withOutcome(checks, 'mend').filter((check) => check.id !== id);
  assert.deepEqual(others, [], text);
  for (const secret of Object.values(ENV)) assert.equal(text.includes(secret), false);
}

function describeRows(name: string, rows: Row[]) {
  describe(name, () => {
    for (const row of rows) test(row.mistake, (t) => assertNamed(t, row));
  });
}

const set =
  (section: keyof TestConfig, values: object): Plant =>
  (config) => {
    config[section] = { ...(config[section] as object), ...values };
  };
const client = (name: keyof typeof APPLICATIONS): Plant =>
  set('client', { id: APPLICATIONS[name] });
const fault =
  (name: string, policy?: string): Plant =>
  async (_config, { t, more }) => {
    const control = emulatorControl(emulator.url);
    t.after(() => control.noFaults());
    more.timeoutMs = 1_000;
    await control.fault(name, policy ? { policy } : {});
  };

describeRows('the file', [
  {
    mistake: 'there is none',
    plant: (_config, { t, more }) => {
      more.workingFolder = emptyFolder(t);
    },
    id: 'config.file',
    says: /no config\.json.*config\.example\.json/,
  },
  {
    mistake: 'it is not JSON',
    plant: () => '{\n  "client": {\n    "secret": "MARKER" x\n  }\n}',
    id: 'config.file',
    says: /is not JSON \(line 3\)/,
  },
  {
    mistake: 'a setting is misspelt',
    plant: (config) => ({ ...config, baseURL: 'https://app.example.com' }),
    id: 'config.settings',
    says: /^baseURL: no such setting/,
  },
  {
    mistake: 'the secret of the client is not in the environment',
    plant: (_config, { more }) => {
      more.env = { SESSION_SECRET: ENV.SESSION_SECRET };
    },
    id: 'config.settings',
    says: /^client\.secret\.env: the environment variable CLIENT_SECRET is not set/,
  },
  {
    mistake: 'a variable names no setting',
    plant: (_config, { more }) => {
      more.env = { ...ENV, B2C_SIGNIN_CLIENT_SECRT: 'x' };
    },
    id: 'config.settings',
    says: /^B2C_SIGNIN_CLIENT_SECRT: no such setting/,
  },
  {
    mistake: 'the policy is part of the address of the tenant',
    plant: (config) =>
      set('tenant', { authority: `${config.tenant['authority']}/B2C_1_susi` })(config, {} as never),
    id: 'config.settings',
    says: /^tenant\.authority: must end with the tenant/,
  },
  {
    mistake: '"$schema" leads nowhere',
    plant: (config) => ({ ...config, $schema: './nowhere.json' }),
    id: 'config.schema',
    outcome: 'warn',
    says: /nowhere\.json, which is not there/,
  },
  {
    mistake: 'everybody can read the file of a secret',
    plant: (config, { t }) => {
      const file = path.join(emptyFolder(t), 'session.secret');
      writeFileSync(file, ENV.SESSION_SECRET);
      chmodSync(file, 0o644);
      config.session = { secrets: [{ file }] };
    },
    id: 'files.permissions',
    outcome: 'warn',
    says: /session\.secret.*chmod 600/,
  },
  {
    mistake: 'Node is too old',
    plant: (_config, { more }) => {
      more.nodeVersion = 'v18.20.4';
    },
    id: 'node.version',
    says: /v18\.20\.4 is too old/,
  },
]);

const secrets = (...values: string[]): Plant => set('session', { secrets: values });

describeRows('session secrets', [
  {
    mistake: 'one text again and again',
    plant: secrets('aB3-xY9_'.repeat(5)),
    id: 'session.secrets',
    says: /^session\.secrets\.0: it is one text again and again/,
  },
  {
    mistake: 'of a few letters alone',
    plant: secrets('aabbababbabbbaabbabaabababbbabaaabbabaccab'),
    id: 'session.secrets',
    says: /few different characters/,
  },
  {
    mistake: 'taken from an example',
    plant: secrets('please-change-me-0123456789-abcdefghij'),
    id: 'session.secrets',
    says: /taken from an example/,
  },
  {
    mistake: 'the client secret as well',
    plant: secrets(ENV.CLIENT_SECRET),
    id: 'session.secrets',
    says: /is a client secret as well/,
  },
]);

/** Answers https at its public address with a certificate of its own. */
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

/** With a tenant at which the public address of the configuration is registered. */
const atItsAddress =
  (plant: Plant): Plant =>
  async (config, world) => {
    await plant(config, world);
    const own = await startTenant(String(config['baseUrl']));
    world.t.after(() => own.close());
    config.tenant = { ...config.tenant, authority: own.authority };
  };

const PUBLIC_ADDRESS: Row[] = [
  {
    mistake: 'the certificate has expired',
    plant: tls({ now: Date.now() - 400 * DAY_MS }),
    id: 'tls.certificate',
    says: /valid from .* and not now/,
  },
  {
    mistake: 'the certificate is for another host',
    plant: tls({ hosts: ['other.example.com'] }),
    id: 'tls.certificate',
    says: /not for localhost/,
  },
  {
    mistake: 'the key is the one of another certificate',
    plant: tls({ otherKey: true }),
    id: 'tls.certificate',
    says: /the key is not the one of the certificate/,
  },
  {
    mistake: 'the certificate ends in a few days',
    plant: tls({ now: Date.now() - 360 * DAY_MS }),
    id: 'tls.certificate',
    outcome: 'warn',
    says: /ends in 4 days|ends in 5 days/,
  },
  {
    mistake: 'the server listens with TLS and is called by http',
    plant: (config, world) => tls({ baseUrl: `http://localhost:${port}` })(config, world),
    id: 'base-url.address',
    says: /is http, and the server listens with TLS/,
  },
  {
    mistake: 'it is an address of IPv6',
    plant: (config) => {
      config['baseUrl'] = `http://[::1]:${port}`;
    },
    id: 'base-url.address',
    says: /B2C takes no redirect URI with \[::1\]/,
  },
  {
    mistake: 'it is an IP address',
    plant: (config) => {
      config['baseUrl'] = `http://127.0.0.1:${port}`;
    },
    id: 'base-url.address',
    outcome: 'warn',
    says: /Use http:\/\/localhost/,
  },
  {
    mistake: 'it names another port than the server listens on',
    plant: (config) => {
      config['baseUrl'] = 'http://localhost:1234';
    },
    id: 'base-url.address',
    outcome: 'warn',
    says: /another port than listen\.port/,
  },
  {
    mistake: 'plain http can be reached from elsewhere',
    plant: (config) => {
      config.listen = { host: '0.0.0.0', port };
      config['baseUrl'] = `http://localhost:${port}`;
    },
    id: 'listen.address',
    outcome: 'warn',
    says: /others can reach it, over plain http/,
  },
  {
    mistake: 'another program answers there',
    async plant(config, { t }) {
      const other = await createEmulator();
      t.after(() => other.close());
      config['baseUrl'] = other.url.replace('127.0.0.1', 'localhost');
      config.listen = { port: Number(new URL(other.url).port) };
    },
    id: 'base-url.answers',
    outcome: 'warn',
    says: /healthz answers 404/,
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
    mistake: 'the name of one is misspelt',
    plant: template('eror.eta', '<p>'),
    id: 'templates.files',
    outcome: 'warn',
    says: /no page uses eror\.eta/,
  },
]);

const authority = (text: string): Plant =>
  set('tenant', { authority: text, allowPlainHttp: text.startsWith('http:') });

/** A tenant that answers https with a certificate that nobody trusts. */
const untrusted: Plant = async (config, { t }) => {
  const own = await startTenant(`http://localhost:${port}`, { tls: createCertificate() });
  t.after(() => own.close());
  return { ...config, tenant: { authority: own.authority, tenantId: own.tenant.id } };
};

describeRows('the way to the tenant', [
  {
    mistake: 'the retired host',
    plant: authority('https://login.microsoftonline.com/fabrikamb2c.onmicrosoft.com'),
    id: 'tenant.host',
    says: /login\.microsoftonline\.com has no policies.*b2clogin\.com/,
  },
  {
    mistake: 'the host of another tenant',
    plant: authority('https://contoso.b2clogin.com/fabrikamb2c.onmicrosoft.com'),
    id: 'tenant.host',
    says: /host of the tenant contoso, and the path names fabrikamb2c/,
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
    says: /Azure AD B2C.*Leave tenant\.kind out/,
  },
  {
    mistake: 'nothing listens there',
    plant: async (config, world) =>
      authority(`http://127.0.0.1:${await freePort()}/x.onmicrosoft.com`)(config, world),
    id: 'tenant.reachable',
    says: /refuses the connection.*ECONNREFUSED/,
  },
  {
    mistake: 'nothing can be reached but through a proxy',
    plant: async (config, world) => {
      world.more.env = { ...ENV, HTTPS_PROXY: 'http://proxy.example.com:3128' };
      await authority(`http://127.0.0.1:${await freePort()}/x.onmicrosoft.com`)(config, world);
    },
    id: 'tenant.reachable',
    says: /HTTPS_PROXY is set, but this program connects directly/,
  },
  {
    mistake: 'the host is misspelt',
    plant: authority('https://login.fabrikam.invalid/fabrikamb2c.onmicrosoft.com'),
    id: 'tenant.reachable',
    says: /name login\.fabrikam\.invalid is not known/,
  },
  {
    mistake: 'nobody trusts its certificate',
    plant: untrusted,
    id: 'tenant.reachable',
    says: /does not trust.*NODE_EXTRA_CA_CERTS/,
  },
  {
    mistake: 'https at a port without TLS',
    plant: (config, world) =>
      authority(emulator.authority.replace('http:', 'https:'))(config, world),
    id: 'tenant.reachable',
    says: /does not speak TLS|closes the connection/,
  },
  {
    mistake: 'something else than HTTP answers',
    plant: async (config, world) => {
      const server = createTcpServer((socket) => socket.end('220 mail.example.com ESMTP\r\n'));
      const own = await freePort();
      server.listen(own, '127.0.0.1');
      world.t.after(() => server.close());
      await authority(`http://127.0.0.1:${own}/x.onmicrosoft.com`)(config, world);
    },
    id: 'tenant.reachable',
    says: /is not HTTP/,
  },
  {
    mistake: 'it never answers',
    plant: fault('discovery_hang'),
    id: 'tenant.reachable',
    says: /does not answer in time/,
  },
  {
    mistake: 'the name of the tenant is misspelt',
    plant: (config, world) =>
      authority(`${emulator.url}/fabrikamb2b.onmicrosoft.com`)(config, world),
    id: 'tenant.name',
    says: /none of the 3 policies is known in fabrikamb2b\.onmicrosoft\.com/,
  },
  {
    mistake: 'the clock is ten minutes behind',
    plant: (_config, { more }) => {
      more.now = () => Date.now() - 600_000;
    },
    id: 'clock.offset',
    says: /600 seconds behind the tenant; tokens are refused beyond 60/,
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
    outcome: 'warn',
    says: /4[456] seconds behind/,
  },
]);

describeRows('policies and their metadata', [
  {
    mistake: 'the name of a policy is misspelt',
    plant: set('policies', { editProfile: 'B2C_1_edit_profil' }),
    id: 'policy.metadata',
    says: /^editProfile: there is no policy B2C_1_edit_profil in this tenant/,
  },
  {
    mistake: 'the only policy is misspelt',
    plant: (config) => ({ ...config, policies: { signIn: 'B2C_1_signin' } }),
    id: 'policy.metadata',
    says: /^signIn: there is no policy B2C_1_signin/,
  },
  {
    mistake: 'one policy has two roles',
    plant: set('policies', { resetPassword: 'b2c_1_susi' }),
    id: 'policies.roles',
    says: /are one policy/,
  },
  {
    mistake: 'the tenant id is the one of another tenant',
    plant: set('tenant', { tenantId: '99999999-9999-4999-8999-999999999999' }),
    id: 'metadata.issuer',
    says: /metadata is of the tenant f0b6e55f-.*tenant\.tenantId is 99999999/,
  },
  {
    mistake: 'the issuer is on another host, as with a custom domain',
    plant: fault('discovery_wrong_issuer'),
    id: 'metadata.issuer',
    says: /the issuer is on .* and tenant\.authority on/,
  },
  {
    mistake: 'one policy belongs to another tenant than the others',
    plant: async (config, world) => {
      await fault('discovery_other_tenant', 'B2C_1_reset')(config, world);
      const { tenantId: _, ...tenant } = config.tenant;
      config.tenant = tenant;
    },
    id: 'metadata.issuer',
    says: /^resetPassword: .*that of another policy was not/,
  },
  {
    mistake: 'an endpoint is on a foreign host',
    plant: fault('discovery_foreign_endpoint', 'B2C_1_susi'),
    id: 'metadata.endpoints',
    says: /^signIn: the metadata has a token_endpoint outside/,
  },
  {
    mistake: 'a page comes in the place of metadata, as from a proxy',
    plant: fault('discovery_garbage'),
    id: 'policy.metadata',
    says: /what is not JSON.*proxy/,
  },
  {
    mistake: 'the tenant is out of order',
    plant: fault('discovery_500'),
    id: 'policy.metadata',
    says: /answers 500/,
  },
  {
    mistake: 'one policy alone never answers',
    plant: fault('discovery_hang', 'B2C_1_reset'),
    id: 'policy.metadata',
    says: /^resetPassword: .*does not answer in time/,
  },
  {
    mistake: 'there are no keys',
    plant: fault('keys_empty'),
    id: 'metadata.keys',
    says: /no RSA signing key/,
  },
  {
    mistake: 'the keys cannot be had',
    plant: fault('keys_500', 'B2C_1_susi'),
    id: 'metadata.keys',
    says: /^signIn: .*500/,
  },
]);

/** A provider that is wrong in ways that the local tenant is not. */
const provider =
  (faults: Faults): Plant =>
  async (config, { t }) => {
    const faulty = await startFaultyProvider(t);
    faulty.faults = faults;
    return {
      ...config,
      tenant: { authority: faulty.authority, allowPlainHttp: true },
      client: { id: faulty.client.id, secret: { env: 'CLIENT_SECRET' } },
      policies: { signIn: faulty.policy },
    };
  };
const metadata = (values: object): Plant =>
  provider({ metadata: (right) => ({ ...right, ...values }) });

describeRows('hostile and odd metadata', [
  {
    mistake: 'tokens are not signed with RS256',
    plant: metadata({ id_token_signing_alg_values_supported: ['ES256'] }),
    id: 'metadata.algorithms',
    says: /RS256/,
  },
  {
    mistake: 'the issuer has no slash at the end',
    plant: provider({
      metadata: (right) => ({ ...right, issuer: String(right['issuer']).slice(0, -1) }),
    }),
    id: 'metadata.issuer',
    says: /no slash at the end/,
  },
  {
    mistake: 'the issuer is that of another policy',
    plant: provider({
      metadata: (right) => {
        const { origin, pathname } = new URL(String(right['issuer']));
        const issuer = `${origin}/tfp${pathname.replace('v2.0', 'b2c_1_other/v2.0')}`;
        return { ...right, issuer };
      },
    }),
    id: 'metadata.issuer',
    says: /the policy b2c_1_other, and B2C_1_susi was asked for/,
  },
  {
    mistake: 'there is no issuer',
    plant: metadata({ issuer: undefined }),
    id: 'metadata.issuer',
    says: /names no issuer/,
  },
  {
    mistake: 'there is no token endpoint',
    plant: metadata({ token_endpoint: undefined }),
    id: 'metadata.endpoints',
    says: /has no token_endpoint/,
  },
  {
    mistake: 'PKCE is offered without S256',
    plant: metadata({ code_challenge_methods_supported: ['plain'] }),
    id: 'metadata.capabilities',
    says: /S256/,
  },
  {
    mistake: 'the secret cannot be sent in the way that is set',
    plant: metadata({ token_endpoint_auth_methods_supported: ['client_secret_basic'] }),
    id: 'metadata.capabilities',
    says: /client_secret_post.*client\.authMethod/,
  },
  {
    mistake: 'there is no way to sign out there',
    plant: metadata({ end_session_endpoint: undefined }),
    id: 'metadata.sign-out',
    outcome: 'warn',
    says: /no end-session endpoint/,
  },
  {
    mistake: 'the metadata has moved',
    plant: provider({
      wire: {
        discovery: (response) =>
          response.writeHead(302, { location: 'https://portal.example.com/login' }).end(),
      },
    }),
    id: 'policy.metadata',
    says: /leads to portal\.example\.com \(302\), and is not followed/,
  },
  {
    mistake: 'the metadata is in an encoding that nobody asked for, which the server refuses',
    plant: provider({
      wire: {
        discovery: (response, body) =>
          response
            .writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' })
            .end(body),
      },
    }),
    id: 'policy.usable',
    says: /encoding/,
  },
]);

describeRows('the registration', [
  {
    mistake: 'a wrong secret',
    plant: (_config, { more }) => {
      more.env = { ...ENV, CLIENT_SECRET: 'of-another-application' };
    },
    id: 'client.secret',
    says: /AADB2C90081.*new client secret/,
  },
  {
    mistake: 'an id that the tenant does not know',
    plant: set('client', { id: '00000000-0000-4000-8000-000000000000' }),
    id: 'client.id',
    says: /No application of this id.*AADB2C90018/,
  },
  { mistake: 'disabled', plant: client('disabled'), id: 'client.id', says: /AADB2C90092/ },
  {
    mistake: 'for accounts of another kind',
    plant: client('otherAccounts'),
    id: 'client.id',
    says: /AADB2C90068/,
  },
  {
    mistake: 'as a single-page application',
    plant: client('singlePage'),
    id: 'client.type',
    says: /AADB2C90084.*as Web/,
  },
  {
    mistake: 'with another port',
    plant: client('otherPort'),
    id: 'redirect-uri.registered',
    says: /localhost:5001\/auth\/redirect is registered, and differs in port \(AADB2C90006\)/,
  },
  {
    mistake: 'in other letter case',
    plant: client('otherCase'),
    id: 'redirect-uri.registered',
    says: /differs in letter case of the path/,
  },
  {
    mistake: 'with a slash at the end',
    plant: client('slash'),
    id: 'redirect-uri.registered',
    says: /differs in slash at the end/,
  },
  {
    mistake: 'without any redirect URI',
    plant: client('noUris'),
    id: 'redirect-uri.registered',
    says: /AADB2C90007/,
  },
  {
    mistake: 'the callback has a path of its own',
    plant: (config) => ({ ...config, routes: { callback: '/signin-oidc' } }),
    id: 'redirect-uri.registered',
    says: /differs in path/,
  },
  {
    mistake: 'without the address after signing out',
    plant: client('noSignOut'),
    id: 'redirect-uri.sign-out',
    outcome: 'warn',
    says: /post_sign_out is not registered/,
  },
  {
    mistake: 'a scope of another tenant',
    plant: (config) => ({
      ...config,
      scopes: ['offline_access', 'https://contoso.onmicrosoft.com/api/read'],
    }),
    id: 'scopes.granted',
    says: /AADB2C90117/,
  },
  {
    mistake: 'a scope without permission',
    plant: (config, world) => {
      client('api')(config, world);
      return { ...config, scopes: ['offline_access', 'User.Read'] };
    },
    id: 'scopes.granted',
    says: /Graph are not for B2C/,
  },
  {
    mistake: 'scopes of two APIs',
    plant: (config) => ({
      ...config,
      scopes: ['offline_access', 'https://fabrikamb2c.onmicrosoft.com/tasks-api/tasks.read'],
    }),
    id: 'scopes.granted',
    says: /two APIs/,
  },
  {
    mistake: 'without offline_access',
    plant: (config) => ({ ...config, scopes: [] }),
    id: 'scopes.granted',
    outcome: 'warn',
    says: /offline_access/,
  },
]);

describe('the session store', { skip: skipWithoutRedis() }, () => {
  let redis: RedisServer;
  before(async () => {
    redis = await startRedis(scope, { password: 'the-password-of-the-store' });
  });
  const store =
    (more: () => object): Plant =>
    (config) => {
      const password = 'the-password-of-the-store';
      config.session = {
        ...config.session,
        store: { kind: 'redis', url: redis.url, password, timeoutMs: 3_000, ...more() },
      };
    };
  const rows: Row[] = [
    {
      mistake: 'nothing listens there',
      plant: async (config, world) => {
        const url = `redis://127.0.0.1:${await freePort()}`;
        await store(() => ({ url }))(config, world);
      },
      id: 'store.reachable',
      says: /ECONNREFUSED.*Start it/,
    },
    {
      mistake: 'a wrong password',
      plant: store(() => ({ password: 'another-one' })),
      id: 'store.reachable',
      says: /WRONGPASS.*session\.store\.password/,
    },
    {
      mistake: 'no password where one is wanted',
      plant: store(() => ({ password: undefined })),
      id: 'store.reachable',
      says: /NOAUTH/,
    },
    {
      mistake: 'a user who may not run scripts',
      async plant(config, world) {
        await redis.cli(
          'acl',
          'setuser',
          'small',
          'on',
          '>the-password-of-the-store',
          '~*',
          '+get',
          '+set',
          '+del',
        );
        await store(() => ({ username: 'small' }))(config, world);
      },
      id: 'store.commands',
      says: /NOPERM.*docs\/configuration\.md/,
    },
    {
      mistake: 'a replica, which can be read alone',
      async plant(config, world) {
        await redis.cli('replicaof', '127.0.0.1', '1');
        world.t.after(() => redis.cli('replicaof', 'no', 'one'));
        await store(() => ({}))(config, world);
      },
      id: 'store.commands',
      says: /READONLY|MASTERDOWN/,
    },
    {
      mistake: 'memory that is made by throwing sessions away',
      async plant(config, world) {
        await redis.cli('config', 'set', 'maxmemory', '100mb');
        await redis.cli('config', 'set', 'maxmemory-policy', 'allkeys-lru');
        world.t.after(() => redis.cli('config', 'set', 'maxmemory-policy', 'noeviction'));
        await store(() => ({}))(config, world);
      },
      id: 'store.eviction',
      outcome: 'warn',
      says: /allkeys-lru.*noeviction/,
    },
  ];
  for (const row of rows) test(row.mistake, (t) => assertNamed(t, row));

  test('none of these is told of a store in order, and no key stays in it', async (t) => {
    const config: TestConfig = goodConfig(emulator, port);
    await store(() => ({ prefix: 'only-here:' }))(config, { t, more: {} });
    const checks = await examined(t, config);
    const about = checks.filter(({ id }: Check) => id.startsWith('store.'));
    assert.equal(about.length, 4);
    assert.deepEqual(withOutcome(about, 'ok'), about);
    assert.equal(await redis.cli('keys', 'only-here:*'), '');
  });
});

test('of a good configuration with its server running every check is in order', async (t) => {
  const config = goodConfig(emulator, port);
  const running = await serve(
    parseConfig(config, {
      env: ENV,
      readFile: () => '',
      resolvePath: String,
      isFolder: () => true,
    }),
    { log: recordLog() },
  );
  t.after(() => running.stop(100));
  const checks = await examined(t, config);
  assert.deepEqual(
    checks.filter(({ outcome }) => outcome !== 'ok'),
    [],
  );
  assert.ok(checks.length >= 40);
});

test('no secret is sent where metadata is not in order', async (t) => {
  const control = emulatorControl(emulator.url);
  t.after(() => control.noFaults());
  const before = await control.count('token');
  for (const name of ['discovery_foreign_endpoint', 'discovery_other_tenant', 'keys_empty']) {
    await control.fault(name);
    await examined(t, goodConfig(emulator, port));
    await control.noFaults();
  }
  assert.equal(await control.count('token'), before);
});

test('the secret is tried once, and a sign-in asked for twice, once for each address', async (t) => {
  const control = emulatorControl(emulator.url);
  const before = [await control.count('token'), await control.count('authorize')];
  await examined(t, goodConfig(emulator, port));
  const after = [await control.count('token'), await control.count('authorize')];
  assert.deepEqual(after, [(before[0] ?? 0) + 1, (before[1] ?? 0) + 2]);
});
