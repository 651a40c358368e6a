import assert from 'node:assert/strict';
import { test } from 'node:test';
import { admin, authorizationUrl, errorOf, type Json, startEmulator } from './support.js';

test('requests above the rate limit get 429 and AADB2C90244 until the window ends', async (t) => {
  const behavior = { throttle: { requests: 2, seconds: 10 } };
  const emulator = await startEmulator(t, { behavior });
  const keys = `${emulator.authority}/B2C_1_susi/discovery/v2.0/keys`;
  assert.equal((await fetch(keys)).status, 200);
  assert.equal((await fetch(keys)).status, 200);
  const refused = await fetch(keys);
  assert.equal(refused.status, 429);
  assert.equal(refused.headers.get('retry-after'), '10');
  assert.equal(errorOf((await refused.json()) as Json), 'temporarily_unavailable AADB2C90244');
  const page = await fetch(authorizationUrl(emulator));
  assert.equal(page.status, 429);
  assert.match(await page.text(), /error-page-detail">AADB2C90244/);
  await admin(emulator, 'POST', 'clock', { offsetSeconds: 10 });
  assert.equal((await fetch(keys)).status, 200);
});
