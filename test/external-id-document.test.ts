// The examples of docs/migrate-to-external-id.md, read out of the document.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { parseConfig } from '../dist/config/parse-config.js';
import { parseConfiguration } from '../dist/emulator/definition/parse-configuration.js';
import { serve } from '../dist/program/serve.js';
import { startEmulator } from './emulator/support.js';
import { createBrowser } from './support/browser.js';
import { emulatorControl } from './support/emulator-control.js';
import { freePort } from './support/free-port.js';
import { noteSecrets } from './support/leak-notes.js';
import { recordLog } from './support/log.js';

const document = readFileSync(
  new URL('../docs/migrate-to-external-id.md', import.meta.url),
  'utf8',
);
const [tenantFile = '', rehearsal = '', ...files] = [
  ...document.matchAll(/```json\n(.*?)```/gs),
].map(([, text = '']) => text);

const parse = (text: string) =>
  parseConfig(JSON.parse(text), {
    env: {
      B2C_CLIENT_SECRET: 'the secret at B2C',
      EXTERNAL_CLIENT_SECRET: 'the secret at External ID',
      SESSION_SECRET: 'a-session-secret-for-tests-of-40-letters',
    },
    readFile: () => '',
    resolvePath: (path) => path,
    isFolder: () => true,
  });

test('the rehearsal signs users in at both of its emulators', async (t) => {
  const ports = new Map([
    ['3000', await freePort()],
    ['3001', await freePort()],
    ['3002', await freePort()],
  ]);
  const moved = (text: string) => text.replace(/\b300[012]\b/g, (port) => String(ports.get(port)));
  const old = await startEmulator(t, { port: Number(ports.get('3001')) });
  const { tls: _, customPolicies: _none, ...settings } = parseConfiguration(moved(tenantFile));
  const external = await startEmulator(t, settings);
  const config = parse(moved(rehearsal));
  const port = Number(ports.get('3000'));
  const running = await serve(
    { ...config, listen: { ...config.listen, port }, baseUrl: new URL(`http://localhost:${port}`) },
    { log: recordLog() },
  );
  t.after(() => running.stop(100));
  noteSecrets(config);
  for (const [tenant, path] of [
    [old, '/auth/sign_in'],
    [external, '/auth/tenant/external/sign_in'],
  ] as const) {
    const browser = createBrowser(`http://localhost:${port}`);
    assert.match((await browser.get('/')).body, /Sign in with your new account/);
    const { location } = await browser.get(path);
    const callback = await emulatorControl(tenant.url).authorize(location, {
      as: 'alice@example.com',
    });
    assert.equal((await browser.get(callback)).status, 303);
    const { user } = JSON.parse((await browser.get('/auth/me')).body);
    assert.equal(user.claims.iss, tenant.issuer);
    assert.equal(user.email, 'alice@example.com');
  }
});

test('the files of the steps have no faults, and the redirect URIs of the text', () => {
  const steps = files.map((text) => {
    const config = parse(text);
    const callbacks = [...config.paths.callbacks.values()];
    for (const path of callbacks) {
      assert.ok(document.includes(`\`https://app.example.com${path}\``), path);
    }
    return config.tenants.map(({ name, tenant }) => [name, tenant.kind]);
  });
  assert.deepEqual(steps, [
    [
      ['', 'b2c'],
      ['external', 'external-id'],
    ],
    [
      ['', 'external-id'],
      ['b2c', 'b2c'],
    ],
    [['', 'external-id']],
  ]);
});
