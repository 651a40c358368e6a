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
  withStatus,
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
function singleIssuerConfig(tenant: Json): Json {
  const { policies: _, ...config }: TestConfig = goodConfig(b2c, port);
  return { ...config, tenant };
}

const SERVER_IS_DOWN = 'base-url.answers';

/** All checks that did not pass, except that the server does not run. */
async function problems(t: Parameters<typeof examined>[0], config: unknown, env = ENV) {
  const checks = await examined(t, config, { env });
  return checks
    .filter(({ id, status }) => status !== 'ok' && id !== SERVER_IS_DOWN)
    .map(({ id, status, target, detail }) => `${status} ${id} (${target ?? ''}): ${detail}`);
}

describe('of External ID', () => {
  test('a correct configuration passes', async (t) => {
    assert.deepEqual(await problems(t, singleIssuerConfig(externalTenant())), []);
  });

  test('a wrong secret is reported with the code of Microsoft Entra', async (t) => {
    const env = { ...ENV, CLIENT_SECRET: 'of-another-application' };
    const [problem, ...others] = await problems(t, singleIssuerConfig(externalTenant()), env);
    assert.match(String(problem), /^fail client\.secret .*AADSTS7000215/);
    assert.deepEqual(others, []);
  });

  test('a redirect URI that is not registered is reported', async (t) => {
    const config = { ...singleIssuerConfig(externalTenant()), routes: { callback: '/callback' } };
    const [problem, ...others] = await problems(t, config);
    assert.match(String(problem), /^fail redirect-uri\.registered .*AADSTS50011/);
    assert.deepEqual(others, []);
  });

  test('an issuer that differs from the configured one is reported exactly', async (t) => {
    const tenant = { ...externalTenant(), issuer: `${external.issuer}/` };
    const checks = withStatus(await examined(t, singleIssuerConfig(tenant)), 'fail');
    assert.deepEqual(
      checks.map(({ id }) => id),
      ['metadata.issuer'],
    );
    assert.ok(checks[0]?.detail.includes(`${external.issuer}/ is expected`));
  });

  test('a tenant that does not exist is reported', async (t) => {
    const other = { ...externalTenant(), tenantId: '33333333-3333-4333-8333-333333333333' };
    const checks = withStatus(await examined(t, singleIssuerConfig(other)), 'fail');
    assert.deepEqual(
      checks.map(({ id }) => id),
      ['policy.metadata'],
    );
    assert.match(String(checks[0]?.fix), /tenant\.tenantId/);
  });
});

test('a correct configuration of another provider passes, except for what cannot be checked', async (t) => {
  const config = singleIssuerConfig({
    kind: 'generic',
    issuer: b2c.issuer,
    discovery: `${b2c.authority}/B2C_1_susi/v2.0/.well-known/openid-configuration`,
    allowPlainHttp: true,
  });
  const [problem, ...others] = await problems(t, config);
  assert.match(String(problem), /^skipped redirect-uri\.sign-out/);
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

  test('both pass, each with its redirect URI', async (t) => {
    assert.deepEqual(await problems(t, both({})), []);
  });

  test('the tenant with the mistake is named', async (t) => {
    const client = { id: APPLICATIONS.good, secret: { env: 'OTHER_SECRET' } };
    const env = { ...ENV, OTHER_SECRET: 'of-another-application' };
    const [problem, ...others] = await problems(t, both({ client }), env);
    assert.match(String(problem), /^fail client\.secret \(external\): /);
    assert.deepEqual(others, []);
  });
});
