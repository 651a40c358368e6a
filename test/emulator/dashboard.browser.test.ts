/** The dashboard in Chromium: live, with one click, and by keyboard alone. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import type { Emulator } from '../../dist/emulator/emulator.js';
import { openChromium } from '../support/chromium.js';
import { tabTo } from '../support/keyboard.js';
import { ALICE, admin, authorizationUrl, PASSWORD, startEmulator } from './support.js';
import { visit } from './visitor.js';

const RESET = [{ name: 'B2C_1_reset', kind: 'resetPassword' as const }, { name: 'B2C_1_susi' }];

/** Requests a code, as another browser. */
async function requestCode(emulator: Emulator, email: string): Promise<string> {
  const visitor = visit(emulator);
  await visitor.open(authorizationUrl(emulator, 'B2C_1_reset'));
  await visitor.press('emailVerificationControl_but_send_code', { email });
  const { body } = await admin(emulator, 'GET', `mailbox?email=${email}`);
  const [{ code = '' } = {}] = body['messages'] as { code: string }[];
  return code;
}

/** Waits until the server has accepted the page's request for events. */
const waitForEvents = (page: Page) =>
  page.waitForResponse((response) => response.url().endsWith('/_emulator/events'));

test('new mail, requests and traces appear on an open page by themselves', async (t) => {
  const chromium = await openChromium(t);
  if (!chromium) return;
  const { page, complaints } = chromium;
  const emulator = await startEmulator(t, { policies: RESET });
  const live = waitForEvents(page);
  await page.goto(`${emulator.url}/_emulator/`);
  await live;
  const code = await requestCode(emulator, ALICE);
  await page.waitForSelector(`#newest >> text=${code}`);
  await page.waitForSelector('#newest_requests >> text=authorize');
  await page.waitForSelector('#status >> text=New code');
  await page.waitForSelector('nav .count >> text=1');
  await page.click('nav >> text=Traces');
  await page.waitForSelector('#traces li');
  const again = waitForEvents(page);
  await page.reload();
  await again;
  await visit(emulator).open(authorizationUrl(emulator));
  await page.waitForSelector('#traces li >> text=B2C_1_susi');
  assert.deepEqual(complaints, []);
});

test('an update keeps opened requests, the focus and the chosen options', async (t) => {
  const chromium = await openChromium(t);
  if (!chromium) return;
  const { page, complaints } = chromium;
  const emulator = await startEmulator(t, { policies: RESET });
  await visit(emulator).open(authorizationUrl(emulator));
  await page.goto(`${emulator.url}/_emulator/requests`);
  await page.click('#request_1 summary');
  await visit(emulator).open(authorizationUrl(emulator));
  await page.waitForSelector('#request_2');
  assert.ok(await page.locator('#request_1').evaluate((one) => (one as HTMLDetailsElement).open));
  const focused = () => page.evaluate(() => document.activeElement?.parentElement?.id);
  assert.equal(await focused(), 'request_1');
  await page.goto(`${emulator.url}/_emulator/faults`);
  await page.selectOption('#times', '2');
  await admin(emulator, 'POST', 'faults', { fault: 'expired' });
  await page.waitForSelector('#remove_faults');
  assert.equal(await page.inputValue('#times'), '2');
  assert.deepEqual(complaints, []);
});

test('one click copies a code', async (t) => {
  const chromium = await openChromium(t);
  if (!chromium) return;
  const { page, context, complaints } = chromium;
  const emulator = await startEmulator(t, { policies: RESET });
  const code = await requestCode(emulator, ALICE);
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.goto(`${emulator.url}/_emulator/mailbox`);
  await page.click(`text=${code}`);
  await page.waitForSelector(`#status >> text=Copied ${code}`);
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), code);
  assert.deepEqual(complaints, []);
});

test('without script, the pages show everything and the forms work', async (t) => {
  const chromium = await openChromium(t, { javaScriptEnabled: false });
  if (!chromium) return;
  const { page, complaints } = chromium;
  const emulator = await startEmulator(t, { policies: RESET });
  const code = await requestCode(emulator, ALICE);
  await page.goto(`${emulator.url}/_emulator/`);
  await page.waitForSelector(`text=${code}`);
  await page.click('nav >> text=Users');
  await page.click('text=Add a user');
  await page.fill('#email', 'erin@example.com');
  await page.click('#create');
  await page.click('text=erin@example.com');
  await page.click('text=Delete this user…');
  await page.click('#delete');
  await page.waitForSelector('text=The user was deleted');
  await page.click('nav >> text=Policies');
  await page.click('button[value=B2C_1_susi]');
  await page.fill('#email', ALICE);
  await page.fill('#password', PASSWORD);
  await page.click('#next');
  await page.waitForSelector('text=verified with');
  await page.click('text=As JSON');
  assert.equal(await page.locator('button[data-copy]:visible').count(), 0);
  assert.deepEqual(complaints, []);
});

test('a user runs a policy, copies a value and switches a fault on, by keyboard alone', async (t) => {
  const chromium = await openChromium(t);
  if (!chromium) return;
  const { page, complaints } = chromium;
  const emulator = await startEmulator(t, { policies: RESET });
  await page.goto(`${emulator.url}/_emulator/`);
  await tabTo(page, 'Skip to content');
  await page.keyboard.press('Enter');
  await tabTo(page, emulator.authority);
  await page.keyboard.press('Enter');
  await page.waitForSelector('#status:not(:empty)');
  await page.goto(`${emulator.url}/_emulator/faults`);
  await tabTo(page, 'token_500');
  await page.keyboard.press('Enter');
  await page.waitForSelector('text=on until switched off');
  await tabTo(page, 'remove_faults');
  await page.keyboard.press('Enter');
  await page.waitForSelector('text=No faults are switched on');
  await page.goto(`${emulator.url}/_emulator/policies`);
  await page.locator('nav a').last().focus();
  await tabTo(page, 'Options of “Run”: application, redirect URI, language, parameters');
  await page.keyboard.press('Enter');
  await tabTo(page, 'login_hint');
  await page.keyboard.type(ALICE);
  await page.locator('[name=policy]').last().focus();
  await page.keyboard.press('Enter');
  await page.waitForSelector('#password');
  assert.equal(await page.inputValue('#email'), ALICE);
  await page.keyboard.type(PASSWORD);
  await page.keyboard.press('Enter');
  await page.waitForSelector('text=verified with');
  await tabTo(page, 'As JSON');
  await page.keyboard.press('Enter');
  await page.waitForSelector('pre:visible');
  assert.deepEqual(complaints, []);
});
