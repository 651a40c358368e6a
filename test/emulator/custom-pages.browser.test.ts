/** Custom pages whose scripts rely on what B2C gives them, in a real browser. */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import type { EmulatorOptions } from '../../dist/emulator/emulator.js';
import { violationsOf } from '../support/axe.js';
import { openChromium } from '../support/chromium.js';
import { emptyFolder } from '../support/folder.js';
import { CLUB } from './policy/club.js';
import { ALICE, admin, authorizationUrl, PASSWORD, startEmulator } from './support.js';

/** An application, and an API and a frame on another origin than the emulator. */
async function startSite(t: TestContext): Promise<string> {
  const server = createServer(({ url }, response) => {
    response.setHeader('Access-Control-Allow-Origin', '*');
    response.setHeader('Content-Type', url === '/api' ? 'application/json' : 'text/html');
    const page = '<!doctype html><link rel="icon" href="data:,"><p id="here">Here</p>';
    response.end(url === '/api' ? '{"greeting":"Hello from the API"}' : page);
  }).listen(0, '127.0.0.1');
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  await new Promise((resolve) => server.once('listening', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const template = (site: string) => `<!doctype html>
<html lang="en"><head><title>Contoso</title><style>body { font: 1rem sans-serif } #api input, #api button, #api a { min-height: 2rem; margin: 0.5rem } #api a { display: inline-block; line-height: 2rem }</style>
<script>
  // Authors change texts first, then work with jQuery.
  CONTENT.verifying_blurb = 'One moment';
  window.seen = [CONTENT.button_signin || CONTENT.button_continue, SA_FIELDS.AttributeFields[0].ID, typeof SETTINGS.transId];
  $(function () {
    $('#api input').first().addClass('found-by-jquery');
    $('<iframe>', { id: 'captcha', title: 'CAPTCHA', src: '${site}/frame' }).appendTo('#beside');
    $.getJSON('${site}/api').done(function (answer) { $('#beside').append($('<p id="greeting">').text(answer.greeting)); });
  });
</script></head>
<body><header id="beside"></header>
<div class="card" id="api" data-theme="dark"><div class="row"><div><form><input id="email" value="placeholder"></form></div></div><p>Designed offline</p></div>
<footer id="footer">Contoso Ltd</footer>
</body></html>`;

async function start(t: TestContext, options: (file: string) => EmulatorOptions) {
  const browser = await openChromium(t);
  if (!browser) return undefined;
  const site = await startSite(t);
  const file = path.join(emptyFolder(t), 'page.html');
  writeFileSync(file, template(site));
  const emulator = await startEmulator(t, options(file));
  const address = (policy: string) =>
    authorizationUrl(emulator, policy, { redirect_uri: `${site}/callback` });
  return { ...browser, emulator, site, address };
}

test('scripts of a custom page have jQuery and CONTENT, call an API and open a frame', async (t) => {
  const started = await start(t, (content) => ({
    policies: [{ name: 'B2C_1_x', page: { content, allowScript: true } }],
  }));
  if (!started) return;
  const { page, address, complaints, site } = started;
  await page.goto(address('B2C_1_x'));
  assert.equal(await page.textContent('#greeting'), 'Hello from the API');
  assert.equal(await page.frameLocator('#captcha').locator('#here').textContent(), 'Here');
  assert.deepEqual(await page.evaluate('seen'), ['Sign in', 'email', 'string']);
  assert.equal(await page.locator('#email.found-by-jquery').count(), 1);
  assert.deepEqual(await violationsOf(page), []);
  await page.fill('#email', ALICE);
  await page.fill('#password', PASSWORD);
  await page.click('#next');
  await page.waitForURL(`${site}/callback?**code=**`);
  assert.deepEqual(complaints, []);
});

test('placeholder markup with nested elements is replaced, and the attributes of #api stay', async (t) => {
  const started = await start(t, (content) => ({
    policies: [{ name: 'B2C_1_x', page: { content } }],
  }));
  if (!started) return;
  const { page, address, complaints } = started;
  await page.goto(address('B2C_1_x'));
  const api = page.locator('div.card#api[data-theme="dark"][data-name="Unified"][role="main"]');
  assert.equal(await api.locator('form#localAccountForm').count(), 1);
  assert.equal(await page.getByText('Designed offline').count(), 0);
  assert.equal(await page.locator('body > #footer').count(), 1);
  assert.equal(await page.locator('#api .emulator-notice').count(), 0);
  assert.equal(await page.locator('body > .emulator-notice').count(), 1);
  assert.equal(await page.locator('#localAccountForm .create > p > #createAccount').count(), 1);
  // Without allowScript, the scripts are removed.
  assert.equal(await page.evaluate('typeof seen'), 'undefined');
  assert.deepEqual(complaints, []);
});

test('a LoadUri page of a custom policy with ScriptExecution gets the same', async (t) => {
  const started = await start(t, (file) => ({
    customPolicies: { folder: clubWith(t, file) },
  }));
  if (!started) return;
  const { page, address, complaints, site } = started;
  await page.goto(address('B2C_1A_Join'));
  await page.click('#createAccount');
  assert.equal(await page.textContent('#greeting'), 'Hello from the API');
  assert.deepEqual(await page.evaluate('seen'), ['Join', 'email', 'string']);
  assert.equal(await page.getAttribute('#newPassword', 'pattern'), '^.{8,64}$');
  assert.equal(
    await page.getAttribute('a.helpLink', 'data-help'),
    'The club writes to this address.',
  );
  assert.ok(site);
  assert.deepEqual(complaints, []);
});

for (const [version, hasOldFunctions] of [
  ['1.1.0', true],
  ['2.1.7', false],
] as const) {
  test(`scripts of page layout ${version} ${hasOldFunctions ? 'have' : 'lack'} functions that jQuery 3 removed`, async (t) => {
    const started = await start(t, (file) => ({
      customPolicies: { folder: clubWith(t, file, version) },
    }));
    if (!started) return;
    const { page, address } = started;
    await page.goto(address('B2C_1A_Join'));
    await page.click('#createAccount');
    await page.waitForSelector('#greeting');
    const has = await page.evaluate('"migrateVersion" in $ && typeof $.fn.load === "function"');
    assert.equal(has, hasOldFunctions);
  });
}

/** The policies of the club, with a form of the author whose scripts are allowed. */
function clubWith(t: TestContext, file: string, version = '2.1.7'): string {
  const folder = emptyFolder(t);
  for (const name of ['base.xml', 'join.xml']) {
    const xml = readFileSync(path.join(CLUB, name), 'utf8')
      .replace(/(<ContentDefinition Id="club.form">\s*<LoadUri>)[^<]*/, `$1${file}`)
      .replace('contract:selfasserted:2.1.7', `contract:selfasserted:${version}`)
      .replace('<UserJourneyBehaviors>', '$&<ScriptExecution>Allow</ScriptExecution>');
    writeFileSync(path.join(folder, name), xml);
  }
  return folder;
}

test('a script in <body> runs and gets a warning in the request log', async (t) => {
  const file = path.join(emptyFolder(t), 'page.html');
  const write = (place: string) =>
    writeFileSync(file, `<html><head></head><body><div id="api"></div>${place}</body></html>`);
  const page = { content: file, allowScript: true };
  const emulator = await startEmulator(t, { policies: [{ name: 'B2C_1_x', page }] });
  const warningsWith = async (place: string) => {
    write(place);
    await fetch(authorizationUrl(emulator, 'B2C_1_x'));
    const { body } = await admin(emulator, 'GET', 'requests');
    return (body['requests'] as { warnings?: string[] }[])[0]?.warnings;
  };
  assert.equal(await warningsWith(''), undefined);
  assert.match((await warningsWith('<script>1</script>'))?.join() ?? '', /script in <body>/);
});
