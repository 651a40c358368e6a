import assert from 'node:assert/strict';
import { once } from 'node:events';
import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeEach, describe, type TestContext, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { connect, type TLSSocket } from 'node:tls';
import { createCertificate } from '../../dist/emulator/certificate.js';
import { startEmulator } from '../emulator/support.js';
import type { Browser } from '../support/browser.js';
import { emulatorControl } from '../support/emulator-control.js';
import { emptyFolder } from '../support/folder.js';
import { note } from '../support/leak-notes.js';
import { flood, getRequest } from '../support/load.js';
import {
  type ProgramWithTenant,
  reload,
  runWithTenant,
  skipWithoutSignals,
} from '../support/program.js';
import { until } from '../support/redis.js';
import { shared } from '../support/shared.js';

const POLICIES = { signIn: 'B2C_1_susi', editProfile: 'B2C_1_edit_profile' };
const withLink = (label: string) => ({
  policies: { ...POLICIES, further: { name: 'B2C_1A_signup_signin', label } },
});

const CLIENT = { id: 'f0b6e55f-0000-4000-8000-00000000a001', secret: { env: 'CLIENT_SECRET' } };

/** An additional tenant, and its settings. */
async function furtherTenant(t: TestContext) {
  const emulator = await startEmulator(t);
  const tenant = { authority: emulator.authority, allowPlainHttp: true };
  const policies = { signIn: POLICIES.signIn };
  return { control: emulatorControl(emulator.url), settings: { tenant, client: CLIENT, policies } };
}

const BOB = { as: 'bob@example.com' };

/** The statuses that a script and a proxy get for this browser. */
const statusesOf = async (browser: Browser, port: number) => [
  (await browser.get('/auth/me')).status,
  (await browser.get('/auth/verify', { 'x-original-url': `http://localhost:${port}/private` }))
    .status,
];

/** Connects to a server whose certificate is signed by the CA; rejects otherwise. */
async function handshake(t: TestContext, port: number, ca: string): Promise<TLSSocket> {
  const socket = connect({ port, host: '127.0.0.1', servername: 'localhost', ca });
  t.after(() => socket.destroy());
  await once(socket, 'secureConnect');
  return socket;
}

describe('SIGHUP', { skip: skipWithoutSignals }, () => {
  const program = shared((scope) => runWithTenant(scope, { NEW_SECRET: 'another-client-secret' }));
  // Each test begins with the first configuration and with the tenant at its start.
  beforeEach(async () => {
    const running = program();
    running.configure({});
    await reload(running.program);
    await running.control.reset();
  });

  test('applies the changes, and ends no session and no sign-in attempt', async () => {
    const running = program();
    const { configure, control, browser } = running;
    const [here, coming] = [await running.signedIn(), browser()];
    const { location } = await coming.get('/auth/sign_in');
    assert.doesNotMatch((await here.get('/')).body, /The new door/);
    configure(withLink('The new door'));
    await reload(running.program);
    assert.match((await here.get('/')).body, /You are signed in[\s\S]*The new door/);
    assert.equal((await here.get('/auth/policy/further')).status, 302);
    assert.equal((await here.get('/auth/reset_password')).status, 404);
    const callback = await control.authorize(location, { as: 'bob@example.com' });
    assert.equal((await coming.get(callback)).status, 303);
    assert.equal((await coming.get('/auth/token_details')).status, 200);
  });

  test('fails no request under load and none in flight', async () => {
    const running = program();
    const { configure, control, port } = running;
    const browser = await running.signedIn();
    const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const coming = running.browser();
    const { location } = await coming.get('/auth/sign_in');
    const callback = await control.authorize(location, { as: 'bob@example.com' });
    await control.fault('token_slow', { times: 1 });
    const slow = coming.get(callback);
    while ((await control.count('token')) < 2) await new Promise(setImmediate);
    let over = false;
    const counts: Record<string, number> = {};
    const load = (async () => {
      while (!over) {
        const request = getRequest('/auth/token_details', { cookie });
        const statuses = await flood({ port, request, count: 40, connections: 8 });
        for (const [status, count] of Object.entries(statuses)) {
          counts[status] = (counts[status] ?? 0) + count;
        }
        await delay(20);
      }
    })();
    for (const label of ['One', 'Two', 'Three']) {
      configure(withLink(label));
      await reload(running.program);
      assert.match((await browser.get('/')).body, new RegExp(label));
    }
    over = true;
    await load;
    assert.deepEqual(Object.keys(counts), ['200']);
    assert.equal((await slow).status, 303);
    assert.equal((await coming.get('/auth/token_details')).status, 200);
  });

  test('does not accept a callback twice', async () => {
    const running = program();
    const { control, browser } = running;
    const loggedBefore = running.program.output.stdout.length;
    const [first, second] = [browser(), browser()];
    const { location } = await first.get('/auth/sign_in');
    for (const [name, value] of first.cookies) second.cookies.set(name, value);
    const callback = await control.authorize(location, { as: 'bob@example.com' });
    assert.equal((await first.get(callback)).status, 303);
    await reload(running.program);
    assert.equal((await second.get(callback)).status, 400);
    assert.equal(await control.count('token'), 1);
    const logged = () => running.program.output.stdout.slice(loggedBefore);
    await until(async () => logged().includes('attempt_used'));
  });

  test('replaces the session secrets: with both, all sessions stay; without the old one, its sessions end', async () => {
    const running = program();
    const { configure, folder, control, browser } = running;
    const secret = 'another-session-secret-of-more-than-32-characters';
    note('session secret', secret);
    writeFileSync(path.join(folder, 'new.secret'), secret);
    const secrets = (...files: string[]) => ({
      session: { secrets: files.map((file) => ({ file })) },
    });
    const old = await running.signedIn();
    const coming = browser();
    const { location } = await coming.get('/auth/sign_in');
    configure(secrets('new.secret', 'session.secret'));
    await reload(running.program);
    assert.equal((await old.get('/auth/token_details')).status, 200);
    const callback = await control.authorize(location, { as: 'bob@example.com' });
    assert.equal((await coming.get(callback)).status, 303);
    configure(secrets('new.secret'));
    await reload(running.program);
    assert.equal((await old.get('/auth/token_details')).status, 401);
    assert.equal((await coming.get('/auth/token_details')).status, 200);
  });

  test('removing a tenant, or replacing it under its name, ends its sessions', async (t) => {
    const [theirs, others] = [await furtherTenant(t), await furtherTenant(t)];
    const gate = { headers: { 'X-User': 'sub', 'X-Issuer': 'iss' } };
    const { control, browser, port, ...running } = program();
    const configure = (sections: object) => {
      running.configure({ gate, ...sections });
      return reload(running.program);
    };
    await configure({ tenants: { partner: theirs.settings } });
    const loggedBefore = running.program.output.stdout.length;
    const logged = () => running.program.output.stdout.slice(loggedBefore);
    const atPartner = async (from: typeof theirs) => {
      const own = browser();
      const { location } = await own.get('/auth/tenant/partner/sign_in');
      assert.equal((await own.get(await from.control.authorize(location, BOB))).status, 303);
      return own;
    };
    const [here, first, second] = [
      await running.signedIn(),
      await atPartner(theirs),
      await atPartner(theirs),
    ];
    const coming = browser();
    const { location } = await coming.get('/auth/tenant/partner/sign_in');
    const callback = await theirs.control.authorize(location, BOB);
    assert.deepEqual(await statusesOf(first, port), [200, 202]);

    await configure({ tenants: { partner: others.settings } });
    assert.deepEqual(await statusesOf(first, port), [401, 401]);
    assert.deepEqual(await statusesOf(here, port), [200, 202]);
    assert.equal((await coming.get(callback)).status, 400);
    assert.equal(await others.control.count('token'), 0, 'the code of one went to the other');
    await until(async () => logged().includes('"code":"callback_without_attempt"'));

    const third = await atPartner(others);
    const list = (await third.get('/auth/sessions')).body;
    assert.equal(list.match(/<time/g)?.length, 1, 'the users of two tenants are one');
    await configure({ tenants: {} });
    assert.doesNotMatch((await second.post('/auth/sign_out')).body, /id_token_hint/);
    assert.equal((await third.post('/auth/sign_out')).status, 200);
    assert.deepEqual(await statusesOf(third, port), [401, 401]);

    await configure(others.settings);
    assert.deepEqual(await statusesOf(here, port), [401, 401]);
    assert.equal(await control.count('token'), 1);
  });

  test('a new client secret or an additional policy ends no session', async () => {
    const running = program();
    const browser = await running.signedIn();
    running.configure({
      ...withLink('The new door'),
      client: { ...CLIENT, secret: { env: 'NEW_SECRET' } },
    });
    await reload(running.program);
    assert.match((await browser.get('/')).body, /You are signed in[\s\S]*The new door/);
    assert.equal((await browser.get('/auth/me')).status, 200);
  });

  test('a removed host is not redirected to, by a sign-in in progress or a repeated callback', async () => {
    const { control, browser, ...running } = program();
    const allow = (hosts: string[]) => {
      running.configure({ gate: { allowedHosts: hosts } });
      return reload(running.program);
    };
    await allow(['app.example.com']);
    const address = 'https://app.example.com/x';
    const begin = async () => {
      const own = browser();
      const { location } = await own.get(`/auth/sign_in?return_to=${encodeURIComponent(address)}`);
      return { own, callback: await control.authorize(location, BOB) };
    };
    const [done, coming] = [await begin(), await begin()];
    assert.equal((await done.own.get(done.callback)).location, address);
    assert.equal((await done.own.get(done.callback)).location, address);
    await allow([]);
    assert.equal((await done.own.get(done.callback)).location, '/');
    assert.equal((await coming.own.get(coming.callback)).location, '/');
    await allow(['app.example.com']);
    assert.equal((await coming.own.get(coming.callback)).location, '/');
  });

  test('works when the output of the program is no longer read', async (t) => {
    const running = await runWithTenant(t);
    const { program, configure, browser } = running;
    program.child.stdout?.destroy();
    program.child.stderr?.destroy();
    configure(withLink('The new door'));
    const signedIn = await running.signedIn();
    program.child.kill('SIGHUP');
    const deadline = Date.now() + 120_000;
    while (!(await signedIn.get('/')).body.includes('The new door')) {
      assert.ok(Date.now() < deadline);
    }
    assert.equal((await browser().get('/healthz')).status, 200);
    assert.equal(program.child.exitCode, null);
  });

  test('replaces the certificate for new connections, and keeps the existing ones', async (t) => {
    const [first, second] = [createCertificate(), createCertificate()];
    const folder = emptyFolder(t);
    const [cert, key] = ['cert.pem', 'key.pem'].map((name) => path.join(folder, name));
    const write = (file: string | undefined, text: string) => writeFileSync(String(file), text);
    write(cert, first.cert);
    write(key, first.key);
    const running = await runWithTenant(t, {
      B2C_SIGNIN_LISTEN_TLS_CERT: cert,
      B2C_SIGNIN_LISTEN_TLS_KEY: key,
    });
    const open = await handshake(t, running.port, first.ca);
    write(cert, second.cert);
    await reload(running.program, 'config_refused');
    await running.program.says(/^listen\.tls: the key does not match the certificate/m);
    await handshake(t, running.port, first.ca);
    write(key, second.key);
    await reload(running.program);
    await handshake(t, running.port, second.ca);
    await assert.rejects(handshake(t, running.port, first.ca));
    open.write('GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n');
    assert.match(String(await once(open, 'data')), /^HTTP\/1\.1 200 /);
  });
});

test('an invalid configuration is rejected with its errors, and the previous one stays active', {
  skip: skipWithoutSignals,
}, async (t) => {
  const rows: [string, (running: ProgramWithTenant) => void, RegExp[]][] = [
    [
      'several faulty settings',
      ({ configure }) => configure({ policies: {}, session: { secrets: [] }, extra: 1 }),
      [/^policies\.signIn: /m, /^session\.secrets: /m, /^extra: unknown setting/m],
    ],
    [
      'invalid JSON',
      ({ folder }) => writeFileSync(path.join(folder, 'config.json'), '{'),
      [/config\.json: is not valid JSON/],
    ],
    [
      'a missing file',
      ({ folder }) => rmSync(path.join(folder, 'config.json')),
      [/^config\.json: does not exist/m],
    ],
    [
      'a missing secret',
      ({ folder }) => rmSync(path.join(folder, 'session.secret')),
      [/^session\.secrets\.0.*: names a file that cannot be read/m],
    ],
    [
      'settings that need a restart',
      ({ configure }) =>
        configure({
          baseUrl: 'https://app.example.com',
          listen: { host: '127.0.0.2', port: 1234 },
          session: {
            secrets: [{ file: 'session.secret' }],
            store: { kind: 'memory', maxSessions: 9 },
          },
          ...withLink('Half of it'),
        }),
      [
        /^listen\.host: a change requires a restart$/m,
        /^listen\.port: a change requires a restart$/m,
        /^baseUrl: a change requires a restart$/m,
        /^session\.store: a change requires a restart$/m,
      ],
    ],
    [
      'templates that do not compile',
      ({ configure, folder }) => {
        writeFileSync(path.join(folder, 'status.eta'), '<% if (%>');
        configure({ templates: '.' });
      },
      [/^templates: status\.eta does not compile/m],
    ],
    [
      'a policy that the tenant does not have',
      ({ configure }) => configure({ policies: { ...POLICIES, signIn: 'B2C_1_nobody' } }),
      [/^policies: no discovery document or signing keys are available for signIn$/m],
    ],
  ];
  const running = await runWithTenant(t);
  const browser = await running.signedIn();
  const before = (await browser.get('/')).body;
  for (const [what, change, expected] of rows) {
    await t.test(what, async () => {
      change(running);
      await reload(running.program, 'config_refused');
      for (const line of expected) await running.program.says(line);
      assert.equal((await browser.get('/')).body, before);
      running.configure({});
    });
  }
  await running.signedIn();
  running.configure(withLink('The new door'));
  await reload(running.program);
  assert.match((await browser.get('/')).body, /The new door/);
});
