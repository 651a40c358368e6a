// The ways that README shows, from its text; that of the middleware is in test/package.
import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import { parseConfig } from '../../dist/config/parse-config.js';
import { serve } from '../../dist/program/serve.js';
import { startEmulator } from '../emulator/support.js';
import { type Browser, createBrowser } from '../support/browser.js';
import { startEchoApplication } from '../support/echo-application.js';
import { emulatorControl } from '../support/emulator-control.js';
import { blocksOf, readDocument } from '../support/examples.js';
import { freePort } from '../support/free-port.js';
import { noteSecrets } from '../support/leak-notes.js';
import { recordLog } from '../support/log.js';
import { moved } from '../support/migrated-app.js';
import { runCaddy, skipWithoutCaddy, startCaddy } from '../support/proxies.js';

describe('with the config.json of README and the emulator, a user signs in', () => {
  test('at the server, on the port of baseUrl', async (t) => {
    const port = await freePort();
    const { browser, signIn } = await startSite(t, { listen: port, publicly: port });
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
        ...['x~auth~request~user', 'x-auth-request~groups', 'x.forwarded.user'],
      ].map((name) => [name, 'mallory']),
    );
    const page = await browser.get('/orders', forged);
    assert.equal(page.status, 200);
    const { headers } = JSON.parse(page.body);
    assert.match(headers['x-auth-request-user'], /^[0-9a-f-]{36}$/);
    assert.equal(headers['x-auth-request-email'], 'alice@example.com');
    assert.doesNotMatch(page.body, /mallory/);
  });

  test('at the application that Caddy stands for', {
    skip: skipWithoutCaddy(),
  }, async (t) => {
    const { browser, signIn, application } = await siteBehindCaddy(t);
    await startCaddyAsApplication(t, { document: 'README.md', port: application });
    assert.equal((await browser.get('/')).status, 302);
    await signIn();
    assert.match((await browser.get('/')).body, /^You are [0-9a-f-]{36}$/);
  });
});

test('the first protected application has the documented responses', {
  skip: skipWithoutCaddy(),
}, async (t) => {
  const document = 'docs/first-protected-app.md';
  const { browser, signIn, application } = await siteBehindCaddy(t, document);
  await startCaddyAsApplication(t, { document, port: application });
  assert.equal((await browser.get('/public')).body, 'You are ');
  assert.equal((await browser.get('/')).status, 302);
  await signIn();
  assert.match((await browser.get('/')).body, /^You are [0-9a-f-]{36}$/);
  assert.equal((await browser.get('/admin')).status, 403);
});

/** Runs the `caddy respond` of a document on another port. */
async function startCaddyAsApplication(
  t: TestContext,
  { document, port }: { document: string; port: number },
): Promise<void> {
  const [line = ''] = blocksOf(document).flatMap(
    ({ text }) => text.match(/^caddy respond .*$/m) ?? [],
  );
  const words = moved(line, [[':8080', `:${port}`]]).match(/'[^']*'|\S+/g) ?? [];
  const args = words.slice(1).map((word) => word.replaceAll("'", ''));
  await runCaddy(t, { port, args: () => args });
}

/** Starts Caddy in front of the server and of an application that the test starts on its port. */
async function siteBehindCaddy(t: TestContext, document = 'README.md') {
  const first = await freePort(3);
  const [listen, application, publicly] = [first, first + 1, first + 2];
  const running = await startSite(t, { listen, publicly, document });
  const [, address = '', name = ''] =
    /^SITE=(\S+) caddy run --config (\S+)/m.exec(readDocument(document)) ?? [];
  const site = moved(readDocument(name), [
    [':3000', `:${listen}`],
    [':8080', `:${application}`],
  ]);
  await startCaddy(t, {
    port: publicly,
    site,
    env: { SITE: address.replace('8000', String(publicly)) },
  });
  return { ...running, application };
}

/** Starts the server with the configuration of a document, on free ports. */
async function startSite(
  t: TestContext,
  {
    listen,
    publicly,
    document = 'README.md',
  }: { listen: number; publicly: number; document?: string },
): Promise<{ browser: Browser; signIn(): Promise<void> }> {
  const emulator = await startEmulator(t);
  const [example] = blocksOf(document).filter(({ language }) => language === 'json');
  const given = JSON.parse(example?.text ?? '');
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
