// A correct configuration passes, and doctor sends no more requests than documented.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { emulatorControl } from '../support/emulator-control.js';
import { emulator, port } from './mistakes.js';
import { examined, goodConfig, serveConfig } from './support.js';

test('every check of a correct configuration with a running server passes', async (t) => {
  const config = goodConfig(emulator, port);
  await serveConfig(t, config);
  const checks = await examined(t, config);
  assert.deepEqual(
    checks.filter(({ status }) => status !== 'ok'),
    [],
  );
  assert.ok(checks.length >= 40);
});

test('no secret is sent if a check of the metadata fails', async (t) => {
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

test('one token request and two authorization requests are sent', async (t) => {
  const control = emulatorControl(emulator.url);
  const before = [await control.count('token'), await control.count('authorize')];
  await examined(t, goodConfig(emulator, port));
  const after = [await control.count('token'), await control.count('authorize')];
  assert.deepEqual(after, [(before[0] ?? 0) + 1, (before[1] ?? 0) + 2]);
});
