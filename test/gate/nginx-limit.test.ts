// The rate limit in the files for nginx, enabled; and the log files.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { Agent } from 'undici';
import { startApp } from '../support/app.js';
import { createBrowser } from '../support/browser.js';
import { skipWithoutNginx, startNginx } from '../support/nginx.js';
import { balancerOfNginx, freePorts, gateOfNginx, type Places } from '../support/proxies.js';
import { until } from '../support/redis.js';

const AT_ONCE = 100;

const FILES = { 'nginx/b2c-signin.conf': balancerOfNginx, 'gate/nginx.conf': gateOfNginx };

/** Returns the folder of the log files. */
async function start(
  t: TestContext,
  site: (folder: string, places: Places) => string,
  places: Places,
) {
  let logs = '';
  await startNginx(t, {
    port: places.port,
    http(folder) {
      logs = folder;
      return site(folder, { ...places, isOneHost: true, isLimited: true });
    },
  });
  return logs;
}

for (const [file, site] of Object.entries(FILES)) {
  test(`${file} allows sign-ins, and limits them for each IP address`, {
    skip: skipWithoutNginx(),
  }, async (t) => {
    const places = await freePorts();
    const baseUrl = `http://localhost:${places.port}`;
    const { control } = await startApp(t, {
      port: places.signInPort,
      config: { baseUrl, gate: {} },
    });
    const logs = await start(t, site, places);
    const visitor = createBrowser(baseUrl);
    const { location } = await visitor.get('/auth/sign_in');
    const callback = await control.authorize(location, { as: 'alice@example.com' });
    assert.equal((await visitor.get(callback)).status, 303);
    const readLog = () => readFileSync(path.join(logs, 'access.log'), 'utf8');
    // nginx writes the line after the response.
    await until(async () => / GET \/auth\/redirect 303 /.test(readLog()));
    const log = readLog();
    assert.doesNotMatch(log, /\?|code=/, 'the query of a callback holds the code');

    const elsewhere = new Agent({ localAddress: '127.0.0.2' });
    t.after(() => elsewhere.close());
    // Each without cookies: a browser keeps only ten attempts.
    const statusesOf = (count: number, target: string, dispatcher?: Agent) =>
      Promise.all(
        Array.from({ length: count }, async () => {
          const browser = createBrowser(baseUrl, dispatcher && { dispatcher });
          return (await browser.get(target)).status;
        }),
      );
    const [begun, ended, others, neighbours] = await Promise.all([
      statusesOf(2 * AT_ONCE, '/auth/sign_in'),
      statusesOf(2 * AT_ONCE, '/auth/redirect?code=made-up&state=made-up'),
      statusesOf(20, '/auth/me'),
      statusesOf(20, '/auth/sign_in', elsewhere),
    ]);
    // Each from an IP address that has sent nothing yet.
    const callbacks = ['/auth/tenant/other/redirect', '/signin-oidc', '/auth/edit_profile'];
    for (const [i, callback] of callbacks.entries()) {
      const client = new Agent({ localAddress: `127.0.0.${i + 10}` });
      t.after(() => client.close());
      const statuses = await statusesOf(AT_ONCE + 20, `${callback}?code=x`, client);
      assert.ok(statuses.includes(429), callback);
    }
    assert.deepEqual([...new Set(begun)].sort(), [302, 429]);
    assert.ok(ended.includes(429));
    // The sign-in above used two.
    const passed = [...begun, ...ended].filter((status) => status !== 429);
    assert.ok(passed.length >= AT_ONCE - 2, `${passed.length}`);
    assert.deepEqual([...new Set(others)], [401], 'what costs the tenant nothing is not counted');
    assert.deepEqual([...new Set(neighbours)], [302], 'nor is another address');
  });
}

test('the error log contains no query of a rejected request', {
  skip: skipWithoutNginx(),
}, async (t) => {
  const places = await freePorts();
  const logs = await start(t, balancerOfNginx, places);
  const browser = createBrowser(`http://localhost:${places.port}`);
  const greedy = Array.from({ length: 2 * AT_ONCE }, () =>
    browser.get('/auth/redirect/refused?code=made-up'),
  );
  const statuses = (await Promise.all(greedy)).map(({ status }) => status);
  assert.ok(statuses.includes(429));
  assert.doesNotMatch(readFileSync(path.join(logs, 'error.log'), 'utf8'), /limiting requests/);
});
