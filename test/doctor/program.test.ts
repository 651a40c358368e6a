/** The command as people and scripts meet it. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import type { Check } from '../../dist/doctor/check.js';
import { createCertificate } from '../../dist/emulator/certificate.js';
import { emptyFolder } from '../support/folder.js';
import { COLOUR_TERMINAL, runProgram, skipWithoutTerminal } from '../support/program.js';
import { fileScope, skipWithoutRedis, startRedis } from '../support/redis.js';
import {
  ENV,
  freeOrigin,
  goodConfig,
  startTenant,
  type TestConfig,
  withOutcome,
  writeConfigFile,
} from './support.js';

const scope = fileScope();

async function good(t: TestContext): Promise<TestConfig> {
  const { port, origin } = await freeOrigin();
  const emulator = await startTenant(origin);
  t.after(() => emulator.close());
  return goodConfig(emulator, port);
}

/** Runs `doctor` to its end. */
async function doctor(
  t: TestContext,
  config: unknown,
  {
    args = [],
    env = {},
    inTerminal = false,
  }: { args?: string[]; env?: Record<string, string | undefined>; inTerminal?: boolean } = {},
) {
  const { folder } = writeConfigFile(t, config);
  const program = runProgram(t, ['doctor', ...args], {
    cwd: folder,
    env: { ...ENV, ...env },
    inTerminal,
  });
  const code = await program.ended;
  return { code, ...program.output };
}

const checksIn = (stdout: string): Check[] => JSON.parse(stdout).checks;

describe('a list for people', () => {
  test('says what is in order and ends with 0', async (t) => {
    const { code, stdout, stderr } = await doctor(t, await good(t));
    assert.equal(code, 0, stdout);
    assert.match(stdout, /^ {2}✓ ok {3}Client secret: accepted/m);
    assert.match(stdout, /^ {2}- skip The server at its address/m);
    assert.match(stdout, /^ {2}0 to mend, 0 to look at, \d+ in order, 1 not looked at.+\n\n$/m);
    assert.equal(stdout.includes('\x1b'), false);
    assert.equal(stderr, '');
  });

  test('says what to mend and where, without a secret, and ends with 1', async (t) => {
    const config = await good(t);
    const env = { CLIENT_SECRET: 'the-secret-of-another-application' };
    const { code, stdout, stderr } = await doctor(t, config, { env });
    assert.equal(code, 1);
    const joined = stdout.replace(/\s+/g, ' ');
    assert.match(
      joined,
      /✗ mend Client secret: .*AADB2C90081\) Create a new client secret.* Where: Azure portal > Azure AD B2C > App registrations > the application > Certificates & secrets/,
    );
    for (const secret of [ENV.SESSION_SECRET, env.CLIENT_SECRET]) {
      assert.equal((stdout + stderr).includes(secret), false);
    }
  });

  test('repeats at its end the titles of what has to be mended, and nothing else', async (t) => {
    const config = await good(t);
    config.session = { ...config.session, idleMinutes: 0 };
    const env = { CLIENT_SECRET: 'the-secret-of-another-application' };
    const { code, stdout } = await doctor(t, config, { env });
    assert.equal(code, 1);
    assert.match(
      stdout,
      /^ {2}2 to mend, .+\n\n {2}To mend:\n {2}✗ Settings \(session\.idleMinutes\)\n {2}✗ Client secret\n\n$/m,
    );
  });

  test('names every fault of the file, and looks at the rest all the same', async (t) => {
    const config = await good(t);
    config.session = { secrets: [{ env: 'NOT_SET' }], idleMinutes: 0 };
    config.client = { ...config.client, secret: { env: 'NOT_SET' } };
    const { code, stdout } = await doctor(t, { ...config, extra: 1 }, { args: ['--json'] });
    assert.equal(code, 1);
    const checks = checksIn(stdout);
    const faults = withOutcome(checks, 'mend').map(({ id, about }) => `${id} ${about}`);
    assert.deepEqual(faults.sort(), [
      'config.settings client.secret.env',
      'config.settings extra',
      'config.settings session.idleMinutes',
      'config.settings session.secrets.0.env',
    ]);
    const ok = withOutcome(checks, 'ok').map(({ id }) => id);
    for (const id of ['policy.usable', 'redirect-uri.registered', 'client.id']) {
      assert.ok(ok.includes(id as never), id);
    }
    const skipped = checks.find(({ id }) => id === 'client.secret');
    assert.equal(skipped?.outcome, 'skipped');
    assert.equal(
      checks.some(({ id }) => id === 'session.secrets'),
      false,
    );
  });

  test('without a tenant in the file looks at what is left', async (t) => {
    const { tenant: _, ...config } = await good(t);
    const { code, stdout } = await doctor(t, config, { args: ['--json'] });
    assert.equal(code, 1);
    const ids = new Set(checksIn(stdout).map(({ id }) => id));
    assert.ok(ids.has('session.secrets') && ids.has('store.reachable'));
    assert.equal(ids.has('tenant.host'), false);
  });

  test('says in a folder without a configuration how to get one', async (t) => {
    const program = runProgram(t, ['doctor'], { cwd: emptyFolder(t) });
    assert.equal(await program.ended, 1);
    assert.match(program.output.stdout, /there is no config\.json/);
  });
});

test('--json is one document with each check by a stable id', async (t) => {
  const { code, stdout, stderr } = await doctor(t, await good(t), { args: ['--json'] });
  assert.equal(code, 0);
  assert.equal(stderr, '');
  const { version, summary, checks } = JSON.parse(stdout);
  assert.match(version, /^\d+\.\d+\.\d+/);
  assert.equal(summary.mend, 0);
  assert.equal(summary.ok, withOutcome(checks, 'ok').length);
  for (const { id, title, outcome, detail } of checks) {
    assert.match(id, /^[a-z-]+\.[a-z-]+$/);
    assert.ok(title && detail);
    assert.ok(['ok', 'warn', 'mend', 'skipped'].includes(outcome));
  }
});

describe('nothing of a tenant moves a terminal', () => {
  const texts: Record<string, string> = {
    'controls of a terminal': '\u001b[31mred\u009b31mred\u009d0;title\u009c',
    'marks that turn the direction of what follows': '\u202eredro ni\u2066\u200f',
    'a text without end': 'a'.repeat(200_000),
  };
  for (const [name, text] of Object.entries(texts)) {
    for (const args of [[], ['--json']]) {
      test([name, ...args].join(' '), async (t) => {
        const { port } = await freeOrigin();
        let origin = '';
        const server = createServer((_request, response) => {
          response.setHeader('content-type', 'application/json');
          response.end(
            JSON.stringify({
              issuer: `${origin}/${text}`,
              authorization_endpoint: `${origin}/a`,
              token_endpoint: `${origin}/t`,
              jwks_uri: `${origin}/k`,
            }),
          );
        }).listen(0, '127.0.0.1');
        t.after(() => server.close().closeAllConnections());
        await once(server, 'listening');
        origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
        const tenant = { id: '11111111-0000-4000-8000-000000000001' } as never;
        const config = goodConfig({ authority: `${origin}/x.onmicrosoft.com`, tenant }, port);
        const { code, stdout } = await doctor(t, config, { args });
        assert.equal(code, 1);
        assert.ok(stdout.replace(/\s+/g, ' ').includes(`the issuer ${origin}/`), stdout);
        const moving = /[^\P{Cc}\n]|[\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/u;
        assert.doesNotMatch(stdout, moving);
        if (args.length > 0) {
          // As `jq --raw-output` prints it.
          for (const { detail } of checksIn(stdout)) {
            assert.doesNotMatch(detail, moving);
            assert.ok(detail.length <= 3_072, `${detail.length}`);
          }
        }
        assert.ok(stdout.length < 20_000, `${stdout.length}`);
      });
    }
  }
});

/** A tenant on https, and the file of the authority that signed its certificate. */
async function onHttps(t: TestContext, how: Parameters<typeof createCertificate>[0] = {}) {
  const { port } = await freeOrigin();
  const certificate = createCertificate(how);
  const emulator = await startTenant(`https://localhost:${port}`, { tls: certificate });
  t.after(() => emulator.close());
  const own = createCertificate({ hosts: ['localhost'] });
  const { folder } = writeConfigFile(t, {});
  const file = (name: string, text: string) => {
    writeFileSync(path.join(folder, name), text, { mode: 0o600 });
    return path.join(folder, name);
  };
  const config: TestConfig = goodConfig(emulator, port);
  config['baseUrl'] = `https://localhost:${port}`;
  config.listen = {
    port,
    tls: { cert: file('cert.pem', own.cert), key: file('key.pem', own.key) },
  };
  const env = { NODE_EXTRA_CA_CERTS: file('ca.pem', certificate.ca + own.ca) };
  return { config, env };
}

describe('over https', () => {
  test('with a server that runs, a store and a certificate of its own, every check is in order', {
    skip: skipWithoutRedis(),
  }, async (t) => {
    const redis = await startRedis(scope, { args: ['--appendonly', 'yes'] });
    const { config, env } = await onHttps(t);
    config.session = { ...config.session, store: { kind: 'redis', url: redis.url } };
    const { folder } = writeConfigFile(t, config);
    const server = runProgram(t, [], { cwd: folder, env: { ...ENV, ...env } });
    await server.says('port');
    const { code, stdout } = await doctor(t, config, { args: ['--json'], env });
    const checks = checksIn(stdout);
    assert.deepEqual(
      checks.filter(({ outcome }) => outcome !== 'ok'),
      [],
    );
    assert.equal(code, 0);
    assert.ok(checks.some(({ id }) => id === 'store.eviction'));
  });

  const rows: [string, Parameters<typeof createCertificate>[0], RegExp][] = [
    [
      'a tenant whose certificate has expired',
      { now: Date.now() - 400 * 86_400_000 },
      /expired.*CERT_HAS_EXPIRED/,
    ],
    [
      'a tenant whose certificate is for another name',
      { hosts: ['other.example.com'] },
      /for another name.*ERR_TLS_CERT_ALTNAME_INVALID/,
    ],
  ];
  for (const [name, certificate, says] of rows) {
    test(`${name} is named, and nothing else`, async (t) => {
      const { config, env } = await onHttps(t, certificate);
      const { code, stdout } = await doctor(t, config, { args: ['--json'], env });
      assert.equal(code, 1);
      const [check, ...others] = withOutcome(checksIn(stdout), 'mend');
      assert.deepEqual(others, []);
      assert.equal(check?.id, 'tenant.reachable');
      assert.match(String(check?.detail), says);
    });
  }
});

describe('in a terminal', { skip: skipWithoutTerminal() }, () => {
  test('it has colour, and says what it looks at meanwhile', async (t) => {
    const { stdout } = await doctor(t, await good(t), { inTerminal: true, env: COLOUR_TERMINAL });
    assert.match(stdout, /\x1b\[32m✓ ok {2}\x1b\[39m/);
    assert.match(stdout, /\r\x1b\[K {2}Looking at the tenant …\r\x1b\[K/);
  });

  test('it keeps to text with NO_COLOR', async (t) => {
    const env = { ...COLOUR_TERMINAL, NO_COLOR: '1' };
    const { stdout } = await doctor(t, await good(t), { inTerminal: true, env });
    assert.equal(stdout.includes('\x1b'), false);
    assert.match(stdout, /✓ ok {3}Client secret/);
  });
});
