/** The output of the command, for people and for scripts. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { Writable } from 'node:stream';
import { describe, type TestContext, test } from 'node:test';
import type { WriteStream } from 'node:tty';
import type { Check } from '../../dist/doctor/check.js';
import { runDoctor } from '../../dist/doctor/program.js';
import { createCertificate } from '../../dist/emulator/certificate.js';
import type { Verbosity } from '../../dist/program/command-line.js';
import { emptyFolder } from '../support/folder.js';
import { keepOutput } from '../support/leak-notes.js';
import { COLOUR_TERMINAL, runProgram, skipWithoutTerminal } from '../support/program.js';
import { fileScope, skipWithoutRedis, startRedis } from '../support/redis.js';
import {
  ENV,
  freeOrigin,
  goodConfig,
  startTenant,
  type TestConfig,
  withStatus,
  writeConfigFile,
} from './support.js';

const scope = fileScope();

async function good(t: TestContext): Promise<TestConfig> {
  const { port, origin } = await freeOrigin();
  const emulator = await startTenant(origin);
  t.after(() => emulator.close());
  return goodConfig(emulator, port);
}

/** A stream that is no terminal, and what was written to it. */
function collect() {
  let text = '';
  const stream = new Writable({
    write(chunk, _encoding, done) {
      text += chunk;
      done();
    },
  });
  return { stream: stream as unknown as WriteStream, text: () => text };
}

type Environment = Record<string, string | undefined>;

/** Runs the command in this process. */
async function doctor(
  t: TestContext,
  config: unknown,
  {
    json = false,
    verbosity = 'normal',
    env = {},
  }: { json?: boolean; verbosity?: Verbosity; env?: Environment } = {},
) {
  const { folder } = config === undefined ? { folder: emptyFolder(t) } : writeConfigFile(t, config);
  const [output, progress] = [collect(), collect()];
  const passed = await runDoctor({
    file: undefined,
    json,
    verbosity,
    version: '1.2.3',
    workingFolder: folder,
    env: { ...ENV, ...env },
    hasFileModes: process.platform !== 'win32',
    nodeVersion: process.version,
    engines: '>=20.19',
    output: output.stream,
    progressOutput: progress.stream,
  });
  keepOutput(output.text() + progress.text());
  return { passed, stdout: output.text(), stderr: progress.text() };
}

/** Runs the command as a process: for its exit code, a terminal, or an additional CA. */
async function doctorProcess(
  t: TestContext,
  config: unknown,
  {
    args = [],
    env = {},
    inTerminal = false,
  }: { args?: string[]; env?: Environment; inTerminal?: boolean } = {},
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

describe('with --quiet', () => {
  test('nothing is written if no check warns or fails', async (t) => {
    const { code, stdout, stderr } = await doctorProcess(t, await good(t), { args: ['--quiet'] });
    assert.deepEqual({ code, stdout, stderr }, { code: 0, stdout: '', stderr: '' });
  });

  test('only warnings, failures and the summary are written', async (t) => {
    const config = await good(t);
    config.session = { ...config.session, idleMinutes: 0 };
    const { passed, stdout, stderr } = await doctor(t, config, { verbosity: 'quiet' });
    assert.equal(passed, false);
    assert.match(stdout, /^\n {2}✗ FAIL Settings \(session\.idleMinutes\)/);
    assert.doesNotMatch(stdout, /✓|SKIP/);
    assert.match(stdout, /^ {2}1 failed, 0 warnings, \d+ OK, /m);
    assert.equal(stderr, '');
  });

  test('the JSON has only such checks, and the numbers of all', async (t) => {
    const config = await good(t);
    config.session = { ...config.session, idleMinutes: 0 };
    const { stdout } = await doctor(t, config, { json: true, verbosity: 'quiet' });
    assert.deepEqual(
      checksIn(stdout).map(({ id, status }) => [id, status]),
      [['config.settings', 'fail']],
    );
    assert.ok(JSON.parse(stdout).summary.ok > 20);
  });
});

describe('the text output', () => {
  test('without problems, is one line with the number of checks, and exits with 0', async (t) => {
    const { code, stdout, stderr } = await doctorProcess(t, await good(t));
    assert.equal(code, 0, stdout);
    assert.match(
      stdout,
      /^\n {2}0 failed, 0 warnings, \d\d OK, 1 skipped\. --verbose lists all checks\. .+\n\n$/,
    );
    assert.equal(stdout.includes('\x1b'), false);
    assert.equal(stderr, '');
  });

  test('with --verbose, lists every check, failures and warnings first', async (t) => {
    const config = await good(t);
    config.session = { ...config.session, idleMinutes: 0 };
    const { code, stdout } = await doctorProcess(t, config, { args: ['--verbose'] });
    assert.equal(code, 1);
    assert.match(stdout, /^ {2}✓ OK {3}Client secret: accepted/m);
    const words = [...stdout.matchAll(/^ {2}. (FAIL|WARN|SKIP|OK) /gm)].map(([, word]) => word);
    const order = ['FAIL', 'WARN', 'SKIP', 'OK'];
    assert.deepEqual(
      words,
      words.toSorted((a, b) => order.indexOf(String(a)) - order.indexOf(String(b))),
    );
    const json = await doctorProcess(t, config, { args: ['--json', '--verbose'] });
    assert.equal(words.length, checksIn(json.stdout).length);
    assert.match(stdout, /^ {2}1 failed, .+ skipped\. docs\/doctor\.md explains each one\.$/m);
  });

  test('does not repeat checks that passed next to problems', async (t) => {
    const config = await good(t);
    config.session = { ...config.session, idleMinutes: 0 };
    const env = { CLIENT_SECRET: 'the-secret-of-another-application' };
    const { passed, stdout } = await doctor(t, config, { env });
    assert.equal(passed, false);
    assert.match(
      stdout,
      /^\n {2}✗ FAIL Settings \(session\.idleMinutes\): .+✗ FAIL Client secret: /s,
    );
    assert.doesNotMatch(stdout, /✓|SKIP/);
    assert.match(stdout, /^ {2}2 failed, .+--verbose lists all checks\./m);
  });

  test('shows a fix and its place in the portal without a secret, and exits with 1', async (t) => {
    const config = await good(t);
    const env = { CLIENT_SECRET: 'the-secret-of-another-application' };
    const { code, stdout, stderr } = await doctorProcess(t, config, { env });
    assert.equal(code, 1);
    const joined = stdout.replace(/\s+/g, ' ');
    assert.match(
      joined,
      /✗ FAIL Client secret: .*AADB2C90081\) Fix: Create a new client secret.* Where: Azure portal > Azure AD B2C > App registrations > the application > Certificates & secrets/,
    );
    for (const secret of [ENV.SESSION_SECRET, env.CLIENT_SECRET]) {
      assert.equal((stdout + stderr).includes(secret), false);
    }
  });

  test('reports every invalid setting, and checks the rest', async (t) => {
    const config = await good(t);
    config.session = { secrets: [{ env: 'NOT_SET' }], idleMinutes: 0 };
    config.client = { ...config.client, secret: { env: 'NOT_SET' } };
    const { passed, stdout } = await doctor(t, { ...config, extra: 1 }, { json: true });
    assert.equal(passed, false);
    const checks = checksIn(stdout);
    const failed = withStatus(checks, 'fail').map(({ id, target }) => `${id} ${target}`);
    assert.deepEqual(failed.sort(), [
      'config.settings client.secret.env',
      'config.settings extra',
      'config.settings session.idleMinutes',
      'config.settings session.secrets.0.env',
    ]);
    const ok = withStatus(checks, 'ok').map(({ id }) => id);
    for (const id of ['policy.usable', 'redirect-uri.registered', 'client.id']) {
      assert.ok(ok.includes(id as never), id);
    }
    const skipped = checks.find(({ id }) => id === 'client.secret');
    assert.equal(skipped?.status, 'skipped');
    assert.equal(
      checks.some(({ id }) => id === 'session.secrets'),
      false,
    );
  });

  test('without a tenant in the file, checks the rest', async (t) => {
    const { tenant: _, ...config } = await good(t);
    const { passed, stdout } = await doctor(t, config, { json: true });
    assert.equal(passed, false);
    const ids = new Set(checksIn(stdout).map(({ id }) => id));
    assert.ok(ids.has('session.secrets') && ids.has('store.reachable'));
    assert.equal(ids.has('tenant.host'), false);
  });

  test('explains in a folder without a configuration how to create one', async (t) => {
    const { passed, stdout } = await doctor(t, undefined);
    assert.equal(passed, false);
    assert.match(
      stdout.replace(/\s+/g, ' '),
      /config\.json does not exist Fix: Copy config\.example/,
    );
  });
});

test('--json is one document with each check by a stable ID', async (t) => {
  const { passed, stdout, stderr } = await doctor(t, await good(t), { json: true });
  assert.equal(passed, true);
  assert.equal(stderr, '');
  const { version, summary, checks } = JSON.parse(stdout);
  assert.equal(version, '1.2.3');
  assert.equal(summary.fail, 0);
  assert.equal(summary.ok, withStatus(checks, 'ok').length);
  for (const { id, title, status, detail } of checks) {
    assert.match(id, /^[a-z-]+\.[a-z-]+$/);
    assert.ok(title && detail);
    assert.ok(['ok', 'warn', 'fail', 'skipped'].includes(status));
  }
});

describe('text from a tenant cannot control a terminal', () => {
  const texts: Record<string, string> = {
    'control characters': '\u001b[31mred\u009b31mred\u009d0;title\u009c',
    'marks that change the direction of text': '\u202eredro ni\u2066\u200f',
    'a very long text': 'a'.repeat(200_000),
  };
  for (const [name, text] of Object.entries(texts)) {
    for (const json of [false, true]) {
      test(json ? `${name} --json` : name, async (t) => {
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
        const { passed, stdout } = await doctor(t, config, { json });
        assert.equal(passed, false);
        assert.ok(stdout.replace(/\s+/g, ' ').includes(`the issuer ${origin}/`), stdout);
        const moving = /[^\P{Cc}\n]|[\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/u;
        assert.doesNotMatch(stdout, moving);
        if (json) {
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

/** A tenant on HTTPS, and the file of the CA that signed its certificate. */
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

describe('over HTTPS', () => {
  test('with a running server, a store and a certificate, every check passes', {
    skip: skipWithoutRedis(),
  }, async (t) => {
    const redis = await startRedis(scope, { args: ['--appendonly', 'yes'] });
    const { config, env } = await onHttps(t);
    config.session = { ...config.session, store: { kind: 'redis', url: redis.url } };
    const { folder } = writeConfigFile(t, config);
    const server = runProgram(t, [], { cwd: folder, env: { ...ENV, ...env } });
    await server.says('port');
    const { code, stdout } = await doctorProcess(t, config, { args: ['--json'], env });
    const checks = checksIn(stdout);
    assert.deepEqual(
      checks.filter(({ status }) => status !== 'ok'),
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
    test(`${name} is reported, and nothing else`, async (t) => {
      const { config, env } = await onHttps(t, certificate);
      const { code, stdout } = await doctorProcess(t, config, { args: ['--json'], env });
      assert.equal(code, 1);
      const [check, ...others] = withStatus(checksIn(stdout), 'fail');
      assert.deepEqual(others, []);
      assert.equal(check?.id, 'tenant.reachable');
      assert.match(String(check?.detail), says);
    });
  }
});

describe('in a terminal', { skip: skipWithoutTerminal() }, () => {
  test('the output has color, and shows the current step', async (t) => {
    const { stdout } = await doctorProcess(t, await good(t), {
      args: ['--verbose'],
      inTerminal: true,
      env: COLOUR_TERMINAL,
    });
    assert.match(stdout, /\x1b\[32m✓ OK {2}\x1b\[39m/);
    assert.match(stdout, /\r\x1b\[K {2}Checking the tenant …\r\x1b\[K/);
  });

  test('with NO_COLOR the output has no color', async (t) => {
    const env = { ...COLOUR_TERMINAL, NO_COLOR: '1' };
    const args = ['--verbose'];
    const { stdout } = await doctorProcess(t, await good(t), { args, inTerminal: true, env });
    assert.equal(stdout.includes('\x1b'), false);
    assert.match(stdout, /✓ OK {3}Client secret/);
  });
});
