import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startApp } from '../support/app.js';
import { openChromium } from '../support/chromium.js';

// The additions of the one script, and that the pages are complete without it.

test('times are shown in the time zone of the user, with their distance from now', async (t) => {
  const chromium = await openChromium(t);
  if (!chromium) return;
  const { page, complaints, context } = chromium;
  const app = await startApp(t);
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.goto(`${app.url}/auth/sign_in?return_to=/auth/token_details?ui_locales=de`);
  await page.goto(await app.control.authorize(page.url(), { as: 'alice@example.com' }));
  const expires = page.locator('tr:has(bdi:text-is("exp")) td');
  await expires.locator('.distance').waitFor();
  const moment = await expires.locator('time').getAttribute('datetime');
  const [seconds] = ((await expires.innerText()).match(/\d{10}/) ?? []).map(Number);
  assert.equal(Date.parse(moment ?? ''), Number(seconds) * 1000);
  assert.doesNotMatch(await expires.locator('time').innerText(), /UTC.*UTC/);
  assert.match(await expires.locator('.distance').innerText(), /^\((in 59 Minuten|in 1 Stunde)\)$/);

  await page.click('text=Als JSON kopieren');
  await page.waitForSelector('[role=status]:has-text("Kopiert")');
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  assert.deepEqual(JSON.parse(copied).emails, ['alice@example.com']);
  assert.deepEqual(complaints, []);
});

test('without script times are in UTC, the claims are there as JSON, and nothing is left of the button', async (t) => {
  const chromium = await openChromium(t, { javaScriptEnabled: false });
  if (!chromium) return;
  const { page } = chromium;
  const app = await startApp(t);
  await page.goto(`${app.url}/auth/sign_in?return_to=/auth/token_details`);
  await page.goto(await app.control.authorize(page.url(), { as: 'alice@example.com' }));
  assert.match(await page.locator('time').first().innerText(), /UTC$/);
  assert.equal(await page.locator('button:visible').count(), 0);
  await page.click('summary');
  assert.match(await page.innerText('pre'), /"emails": \[/);
});

test('nothing is left in the storage of the browser', async (t) => {
  const chromium = await openChromium(t);
  if (!chromium) return;
  const { page, context } = chromium;
  const app = await startApp(t);
  await page.goto(`${app.url}/auth/sign_in?return_to=/auth/token_details`);
  await page.goto(await app.control.authorize(page.url(), { as: 'alice@example.com' }));
  await page.locator('.distance').first().waitFor();
  const { origins } = await context.storageState({ indexedDB: true });
  assert.deepEqual(origins, []);
  assert.equal(await page.evaluate(() => sessionStorage.length), 0);
});
