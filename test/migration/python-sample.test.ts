// The configuration file of Microsoft's Python sample, as it stands in the guide, with the program.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { createEmulator } from '../../dist/emulator/emulator.js';
import { createBrowser } from '../support/browser.js';
import { emulatorControl } from '../support/emulator-control.js';
import { readDocument } from '../support/examples.js';
import { emptyFolder } from '../support/folder.js';
import { freePort } from '../support/free-port.js';
import { moved } from '../support/migrated-app.js';
import { runProgram } from '../support/program.js';
import { blockOf, PEOPLE, SESSION_SECRET, startTenant } from './guide.js';

const FILE = 'aad.b2c.config.json';

test('the file of the Python sample signs people in at the addresses of the sample', async (t) => {
  const port = await freePort();
  const url = `http://localhost:${port}`;
  const tenant = await startTenant(t, [`${url}/auth/redirect`, `${url}/auth/post_sign_out`]);
  const cwd = emptyFolder(t);
  writeFileSync(path.join(cwd, FILE), tenant.at(blockOf('python-sample', FILE)), {
    mode: 0o600,
  });
  const program = runProgram(t, ['--config', FILE], {
    cwd,
    env: {
      ...tenant.env,
      B2C_SIGNIN_SESSION_SECRETS: SESSION_SECRET,
      B2C_SIGNIN_BASE_URL: url,
      B2C_SIGNIN_LISTEN_PORT: String(port),
      B2C_SIGNIN_GATE_GROUPS_CLAIM: 'groups',
      B2C_SIGNIN_GATE_HEADERS: '{"X-Name":"name"}',
    },
  });
  await program.says(`port ${port}`);
  const control = emulatorControl(tenant.emulator.url);
  const browser = createBrowser(url);

  assert.match((await browser.get('/')).body, /href="\/auth\/sign_in/);
  const refused = await browser.get('/token_details');
  assert.equal(refused.status, 401);
  assert.match(refused.body, /href="\/auth\/sign_in/);
  const begin = await browser.get('/auth/sign_in?return_to=/token_details');
  const callback = await control.authorize(begin.location, { as: PEOPLE.alice.email });
  assert.ok(callback.startsWith(`${url}/auth/redirect?`));
  const { status, location } = await browser.get(callback);
  assert.deepEqual([status, location], [303, '/token_details']);
  assert.match((await browser.get('/token_details')).body, new RegExp(PEOPLE.alice.oid));
  assert.equal((await browser.get('/sign_in_status')).status, 200);

  // What Flask reads behind the gate.
  const { headers } = await browser.get('/auth/verify');
  assert.equal(headers['x-auth-request-user'], PEOPLE.alice.oid);
  assert.equal(headers['x-name'], 'Alice Example');

  const edit = await browser.get('/auth/edit_profile');
  assert.match(edit.location, /\/b2c_1_edit_profile\//i);
  await browser.get(await control.authorize(edit.location, { cancel: true }));
  assert.equal((await browser.get('/token_details')).status, 200, 'Cancel signs nobody out');

  assert.match((await browser.post('/auth/sign_out')).body, /\/b2c_1_susi\/oauth2\/v2\.0\/logout/i);
  assert.equal((await browser.get('/token_details')).status, 401);
  assert.equal((await browser.get('/auth/post_sign_out')).status, 200);
});

test('with the exports of the guide the same file signs users in at the emulator', async (t) => {
  const port = await freePort();
  const emulator = await createEmulator();
  t.after(() => emulator.close());
  const cwd = emptyFolder(t);
  writeFileSync(path.join(cwd, FILE), blockOf('python-sample', FILE), { mode: 0o600 });
  const [, practice = ''] = readDocument('docs/migrate/python-sample.md').split(
    '## Try it with the emulator',
  );
  const commands = moved(practice, [
    [':8000', `:${port}`],
    [':3001', `:${new URL(emulator.url).port}`],
  ]);
  const exported = [...commands.matchAll(/^export (B2C_SIGNIN_\w+)=([^"\n]+)$/gm)];
  assert.equal(exported.length, 5);
  const settings = Object.fromEntries(exported.map(([, name, value]) => [name, value]));
  const env = { ...settings, B2C_SIGNIN_SESSION_SECRETS: SESSION_SECRET };
  const program = runProgram(t, ['--config', FILE, '--port', String(port)], { cwd, env });
  await program.says(`port ${port}`);
  const browser = createBrowser(`http://localhost:${port}`);
  const { location } = await browser.get('/auth/sign_in');
  const control = emulatorControl(emulator.url);
  const back = await control.authorize(location, { as: 'alice@example.com' });
  assert.equal((await browser.get(back)).status, 303);
});
