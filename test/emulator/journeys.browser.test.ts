/** Less common pages in a real browser: their content security policy must not block anything. */
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import type { EmulatorOptions } from '../../dist/emulator/emulator.js';
import { type Chromium, openChromium } from '../support/chromium.js';
import { ALICE, admin, authorizationUrl, CLIENT_ID, PASSWORD, startEmulator } from './support.js';

const OTHER = 'f0b6e55f-0000-4000-8000-00000000a009';

/** An application that records its requests. */
async function startApplication(t: TestContext) {
  const requested: string[] = [];
  const server = createServer((request, response) => {
    requested.push(request.url ?? '');
    response.setHeader('Content-Type', 'text/html');
    response.end('<link rel="icon" href="data:,"><title>Application</title><p id="here">Here</p>');
  }).listen(0, 'localhost');
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  await new Promise((resolve) => server.once('listening', resolve));
  return { url: `http://localhost:${(server.address() as AddressInfo).port}`, requested };
}

async function start(t: TestContext, javaScriptEnabled: boolean, options: EmulatorOptions = {}) {
  const browser = await openChromium(t, { javaScriptEnabled });
  if (!browser) return undefined;
  const application = await startApplication(t);
  const emulator = await startEmulator(t, {
    policies: [
      { name: 'B2C_1_all', secondFactor: 'phone', identityProviders: ['GoogleExchange'] },
      { name: 'B2C_1A_plain' },
    ],
    applications: [
      { id: CLIENT_ID, secrets: ['s'] },
      { id: OTHER, secrets: ['s'], logoutUrl: `${application.url}/front_channel_logout` },
    ],
    ...options,
  });
  const address = (policy: string, more = {}) =>
    authorizationUrl(emulator, policy, { redirect_uri: `${application.url}/callback`, ...more });
  return { ...browser, application, emulator, address };
}

const back = async ({ page }: Pick<Chromium, 'page'>) => {
  await page.waitForSelector('#here');
  return new URL(page.url()).searchParams;
};

for (const javaScriptEnabled of [true, false]) {
  const how = javaScriptEnabled ? 'with script' : 'without script';

  test(`sign-up with identity provider and phone verification, ${how}`, async (t) => {
    const started = await start(t, javaScriptEnabled);
    if (!started) return;
    const { page, emulator, address, complaints } = started;
    await page.goto(address('B2C_1_all'));
    await page.click('#GoogleExchange');
    await page.fill('#email', 'gina@example.com');
    await page.fill('#name', 'Gina');
    await page.click('#continue');
    await page.fill('#surname', 'Example');
    await page.click('#continue');
    await page.selectOption('#countryCode', '+49');
    await page.fill('#number', '030 1234567');
    await page.click('#sendCode');
    await page.waitForSelector('#verificationCode');
    const { body } = await admin(emulator, 'GET', 'mailbox?email=%2B49301234567');
    const [message] = body['messages'] as { code: string }[];
    await page.fill('#verificationCode', message?.code ?? '');
    await page.click('#verifyCode');
    assert.ok((await back(started)).get('code'));
    assert.deepEqual(complaints, []);
  });

  test(`sign-out loads the other logout URL and redirects, ${how}`, async (t) => {
    const started = await start(t, javaScriptEnabled);
    if (!started) return;
    const { page, emulator, address, application, complaints } = started;
    await page.goto(address('B2C_1A_plain'));
    await page.fill('#signInName', ALICE);
    await page.fill('#password', PASSWORD);
    await page.click('#next');
    await back(started);
    await page.goto(address('B2C_1A_plain', { client_id: OTHER, scope: `openid ${OTHER}` }));
    await back(started);
    const query = `client_id=${CLIENT_ID}&post_logout_redirect_uri=${application.url}/out`;
    await page.goto(`${emulator.authority}/B2C_1A_plain/oauth2/v2.0/logout?${query}`);
    await page.waitForURL(`${application.url}/out`);
    assert.ok(application.requested.includes('/front_channel_logout'));
    assert.deepEqual(complaints, []);
  });

  test(`the buttons of the dashboard, ${how}`, async (t) => {
    const started = await start(t, javaScriptEnabled);
    if (!started) return;
    const { page, emulator, complaints } = started;
    await page.goto(`${emulator.url}/_emulator/faults`);
    await page.click('#token_500');
    await page.waitForSelector('text=on until switched off');
    await page.click('#remove_faults');
    await page.waitForSelector('text=No faults are switched on');
    await page.click('nav >> text=Tenant');
    await page.click('#rotate');
    await page.waitForSelector('text=New keys sign from now on');
    await page.click('text=Reset everything…');
    await page.click('#reset');
    await page.waitForSelector('text=Everything is as it was at the start');
    assert.deepEqual(complaints, []);
  });
}

test('a popup keeps window.opener', async (t) => {
  const started = await start(t, true);
  if (!started) return;
  const { page, context, address, application, complaints } = started;
  await page.goto(application.url);
  const opened = context.waitForEvent('page');
  await page.evaluate((url) => void window.open(url, 'popup'), address('B2C_1A_plain'));
  const popup = await opened;
  await popup.fill('#signInName', ALICE);
  await popup.fill('#password', PASSWORD);
  await popup.click('#next');
  await popup.waitForSelector('#here');
  assert.equal(await popup.evaluate(() => window.opener !== null), true);
  assert.deepEqual(complaints, []);
});
