// The ways that README shows, from its own text; the middleware's is in test/package.
import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import { parseConfig } from '../../dist/config/parse-config.js';
import { serve } from '../../dist/program/serve.js';
import { startEmulator } from '../emulator/support.js';
import { type Browser, createBrowser } from '../support/browser.js';
import { startEchoApplication } from '../support/echo-application.js';
import { emulatorControl } from '../support/emulator-control.js';
import { blocksOf, examplesOf } from '../support/examples.js';
import { freePort } from '../support/free-port.js';
import { noteSecrets } from '../support/leak-notes.js';
import { recordLog } from '../support/log.js';
import { moved } from '../support/migrated-app.js';
import { runCaddy, skipWithoutCaddy, startCaddy } from '../support/proxies.js';

const fileOf = (name: string): string => {
  const text = examplesOf('README.md').get(name);
  assert.ok(text, name);
  return text;
};

describe('with the config.json of README and the emulator, a user signs in', () => {
  test('at the server, on the port of baseUrl', async (t) => {
    const port = await freePort();
    const { browser, signIn } = await site(t, { listen: port, publicly: port });
    await signIn();
    assert.match((await browser.get('/')).body, /Alice Example/);
  });

  test('at an application behind Caddy, which reads who it is', {
    skip: skipWithoutCaddy(),
  }, async (t) => {
    const { browser, signIn, application } = await siteBehindCaddy(t);
    const seen = await startEchoApplication(t, application);
    const refused = await browser.get('/orders', { 'x-auth-request-user': 'somebody' });
    assert.equal(refused.status, 302);
    assert.match(refused.location, /\/auth\/sign_in\?return_to=/);
    assert.equal(seen.length, 0);
    await signIn();
    const names = ['user', 'email', 'preferred-username', 'groups'];
    const forged = Object.fromEntries(
      [
        ...names.flatMap((name) => [`x-auth-request-${name}`, `x-forwarded-${name}`]),
        ...['x-b2c-assertion', 'x-original-url', 'x-rewrite-url', 'x_auth_request_user'],
      ].map((name) => [name, 'mallory']),
    );
    const page = await browser.get('/orders', forged);
    assert.equal(page.status, 200);
    const { headers } = JSON.parse(page.body);
    assert.match(headers['x-auth-request-user'], /^[0-9a-f-]{36}$/);
    assert.equal(headers['x-auth-request-email'], 'alice@example.com');
    assert.doesNotMatch(page.body, /mallory/);
    // The file does not remove these names: the gate denies the request.
    for (const name of ['x~auth~request~user', 'x-auth-request~groups', 'x.forwarded.user']) {
      seen.length = 0;
      assert.equal((await browser.get('/orders', { [name]: 'mallory' })).status, 403, name);
      assert.equal(seen.length, 0, name);
    }
  });

  test('at the application of Caddy that there is to try with', {
    skip: skipWithoutCaddy(),
  }, async (t) => {
    const { browser, signIn, application } = await siteBehindCaddy(t);
    const [line = ''] = blocksOf('README.md').flatMap(
      ({ text }) => text.match(/^caddy respond .*$/m) ?? [],
    );
    const words = moved(line, [[':8080', `:${application}`]]).match(/'[^']*'|\S+/g) ?? [];
    const args = words.slice(1).map((word) => word.replaceAll("'", ''));
    await runCaddy(t, { port: application, args: () => args });
    assert.equal((await browser.get('/')).status, 302);
    await signIn();
    assert.match((await browser.get('/')).body, /^You are [0-9a-f-]{36}$/);
  });
});

/** Caddy in front of the server and of an application that is still to start on its port. */
async function siteBehindCaddy(t: TestContext) {
  const first = await freePort(3);
  const [listen, application, publicly] = [first, first + 1, first + 2];
  const running = await site(t, { listen, publicly });
  const file = moved(fileOf('Caddyfile'), [
    [':8000', `:${publicly}`],
    [':3000', `:${listen}`],
    [':8080', `:${application}`],
  ]);
  await startCaddy(t, { port: publicly, site: file });
  return { ...running, application };
}

/** The server from README's configuration, on ports of the test's own. */
async function site(
  t: TestContext,
  { listen, publicly }: { listen: number; publicly: number },
): Promise<{ browser: Browser; signIn(): Promise<void> }> {
  const emulator = await startEmulator(t);
  const given = JSON.parse(fileOf('config.json'));
  assert.equal(given.tenant.authority, 'http://127.0.0.1:3001/fabrikamb2c.onmicrosoft.com');
  given.tenant.authority = emulator.authority;
  given.baseUrl = given.baseUrl.replace('8000', String(publicly));
  given.listen = { port: listen };
  const sources = { env: {}, readFile: () => '', resolvePath: String, isFolder: () => true };
  const config = parseConfig(given, sources);
  noteSecrets(config);
  const running = await serve(config, { log: recordLog() });
  t.after(() => running.stop(100));
  const browser = createBrowser(given.baseUrl);
  const control = emulatorControl(emulator.url);
  return {
    browser,
    async signIn() {
      const { location } = await browser.get('/auth/sign_in');
      const back = await control.authorize(location, { as: 'alice@example.com' });
      assert.equal((await browser.get(back)).status, 303);
    },
  };
}
