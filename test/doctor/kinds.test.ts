/** External ID, other providers, and several tenants at once. */
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { createEmulator, type Emulator } from '../../dist/emulator/emulator.js';
import { fileScope } from '../support/redis.js';
import {
  APPLICATIONS,
  ENV,
  examined,
  freeOrigin,
  goodConfig,
  type Json,
  startTenant,
  type TestConfig,
  withOutcome,
} from './support.js';

const scope = fileScope();
let b2c: Emulator;
let external: Emulator;
let port: number;

before(async () => {
  const own = await freeOrigin();
  port = own.port;
  b2c = await startTenant(own.origin);
  external = await createEmulator({
    tenant: { id: '22222222-2222-4222-8222-222222222222', kind: 'external-id' },
    applications: [
      {
        id: APPLICATIONS.good,
        secrets: [ENV.CLIENT_SECRET],
        redirectUris: [
          `${own.origin}/auth/redirect`,
          `${own.origin}/auth/tenant/external/redirect`,
          `${own.origin}/auth/post_sign_out`,
        ],
      },
    ],
  });
  scope.after(() => Promise.all([b2c.close(), external.close()]).then(() => {}));
});

const externalTenant = (): Json => ({
  kind: 'external-id',
  authority: external.url,
  tenantId: external.tenant.id,
  issuer: external.issuer,
  allowPlainHttp: true,
});

/** The configuration with a tenant that has no policies. */
function withOneDoor(tenant: Json): Json {
  const { policies: _, ...config }: TestConfig = goodConfig(b2c, port);
  return { ...config, tenant };
}

const SERVER_IS_DOWN = 'base-url.answers';

/** Everything that is not in order, but that no server runs. */
async function complaints(t: Parameters<typeof examined>[0], config: unknown, env = ENV) {
  const checks = await examined(t, config, { env });
  return checks
    .filter(({ id, outcome }) => outcome !== 'ok' && id !== SERVER_IS_DOWN)
    .map(({ id, outcome, about, detail }) => `${outcome} ${id} (${about ?? ''}): ${detail}`);
}

describe('of External ID', () => {
  test('nothing is named in a good configuration', async (t) => {
    assert.deepEqual(await complaints(t, withOneDoor(externalTenant())), []);
  });

  test('a wrong secret is told by the code of Microsoft Entra', async (t) => {
    const env = { ...ENV, CLIENT_SECRET: 'of-another-application' };
    const [complaint, ...others] = await complaints(t, withOneDoor(externalTenant()), env);
    assert.match(String(complaint), /^mend client\.secret .*AADSTS7000215/);
    assert.deepEqual(others, []);
  });

  test('a redirect URI that is not registered is told', async (t) => {
    const config = { ...withOneDoor(externalTenant()), routes: { callback: '/callback' } };
    const [complaint, ...others] = await complaints(t, config);
    assert.match(String(complaint), /^mend redirect-uri\.registered .*AADSTS50011/);
    assert.deepEqual(others, []);
  });

  test('another issuer than the configured one is told letter for letter', async (t) => {
    const tenant = { ...externalTenant(), issuer: `${external.issuer}/` };
    const checks = withOutcome(await examined(t, withOneDoor(tenant)), 'mend');
    assert.deepEqual(
      checks.map(({ id }) => id),
      ['metadata.issuer'],
    );
    assert.ok(checks[0]?.detail.includes(`${external.issuer}/ is expected`));
  });

  test('a tenant that is not there is told', async (t) => {
    const other = { ...externalTenant(), tenantId: '33333333-3333-4333-8333-333333333333' };
    const checks = withOutcome(await examined(t, withOneDoor(other)), 'mend');
    assert.deepEqual(
      checks.map(({ id }) => id),
      ['policy.metadata'],
    );
    assert.match(String(checks[0]?.mend), /tenant\.tenantId/);
  });
});

test('of another provider nothing is named in a good configuration but what cannot be asked', async (t) => {
  const config = withOneDoor({
    kind: 'generic',
    issuer: b2c.issuer,
    discovery: `${b2c.authority}/B2C_1_susi/v2.0/.well-known/openid-configuration`,
    allowPlainHttp: true,
  });
  const [complaint, ...others] = await complaints(t, config);
  assert.match(String(complaint), /^skipped redirect-uri\.sign-out/);
  assert.deepEqual(others, []);
});

describe('of several tenants', () => {
  const both = (more: Json): Json => ({
    ...goodConfig(b2c, port),
    tenants: {
      external: {
        tenant: externalTenant(),
        client: { id: APPLICATIONS.good, secret: { env: 'CLIENT_SECRET' } },
        ...more,
      },
    },
  });

  test('nothing is named when both are in order, each with its redirect URI', async (t) => {
    assert.deepEqual(await complaints(t, both({})), []);
  });

  test('it is said which one has the mistake', async (t) => {
    const client = { id: APPLICATIONS.good, secret: { env: 'OTHER_SECRET' } };
    const env = { ...ENV, OTHER_SECRET: 'of-another-application' };
    const [complaint, ...others] = await complaints(t, both({ client }), env);
    assert.match(String(complaint), /^mend client\.secret \(external\): /);
    assert.deepEqual(others, []);
  });
});
