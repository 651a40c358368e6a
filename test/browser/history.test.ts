// The back button, before and after signing out, in a real browser.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { startApp } from '../support/app.js';
import { openChromium } from '../support/chromium.js';

async function signIn(page: Page, url: string) {
  await page.goto(`${url}/auth/sign_in?return_to=/auth/token_details`);
  await page.fill('#email', 'alice@example.com');
  await page.fill('#password', 'Pass@word1');
  await page.click('#next');
  await page.waitForURL(`${url}/auth/token_details`);
}

test('back after signing in, and forward again, starts no other session', async (t) => {
  const chromium = await openChromium(t);
  if (!chromium) return;
  const { page, context } = chromium;
  const app = await startApp(t);
  await page.goto(app.url);
  let callback = '';
  page.on('request', (request) => {
    // The first one: a page of the tenant that runs again sends another code.
    if (request.url().includes('/auth/redirect?')) callback ||= request.url();
  });
  await signIn(page, app.url);
  const calls = await app.control.count('token');

  await page.goBack();
  // Back on the tenant's page, which knows who this is: going on from there is a new, good answer,
  // or this site says that there is nothing more to do.
  await page.goForward();
  await page.waitForURL(`${app.url}/auth/token_details`);
  assert.match((await page.textContent('main')) ?? '', /alice@example\.com/);

  // The callback itself, as a bookmark or a restored tab has it.
  const tab = await context.newPage();
  await tab.goto(callback);
  assert.equal(tab.url(), `${app.url}/auth/token_details`);
  await tab.reload();
  assert.match((await tab.textContent('main')) ?? '', /alice@example\.com/);
  assert.equal(await app.control.count('token'), calls);
  // The tenant's page may have run again: its other code is not redeemed, and the log says so.
  const codes = app.log.of('sign_in_failed').map(({ code }) => code);
  assert.deepEqual(
    [...new Set(codes)].filter((code) => code !== 'callback_without_attempt'),
    [],
  );
  const own = (await context.cookies(app.url)).filter(({ name }) => name.startsWith('b2c-'));
  assert.equal(own.length, 2);
});

test('back after signing out shows nothing of who was signed in', async (t) => {
  const chromium = await openChromium(t);
  if (!chromium) return;
  const { page } = chromium;
  const app = await startApp(t);
  await signIn(page, app.url);
  await page.click('header >> text=Sign out');
  await page.click('main >> role=button[name="Sign out"]');
  await page.waitForURL(`${app.url}/auth/post_sign_out`);
  for (let i = 0; i < 4; i += 1) {
    await page.goBack();
    await page.waitForLoadState();
    const text = (await page.textContent('body')) ?? '';
    assert.doesNotMatch(text, /alice/i, page.url());
  }
});

test('the sessions page: sign out another session after a confirmation, then sign out everywhere, with script off', async (t) => {
  const chromium = await openChromium(t, { javaScriptEnabled: false });
  if (!chromium) return;
  const { page, complaints } = chromium;
  const app = await startApp(t);
  const elsewhere = await app.signedIn();
  const third = await app.signedIn();
  await signIn(page, app.url);
  await page.goto(app.url);
  await page.click('text=Your sessions');
  assert.equal(await page.locator('ul.sessions > li').count(), 3);
  assert.match(
    (await page.textContent('ul.sessions > li >> nth=0')) ?? '',
    /Chrome.*This browser/s,
  );
  await page.click('ul.sessions > li >> nth=1 >> summary');
  await page.click('ul.sessions > li >> nth=1 >> text=Sign out this session');
  await page.waitForURL(`${app.url}/auth/sessions`);
  assert.equal(await page.locator('ul.sessions > li').count(), 2);
  const left = [elsewhere, third].map((browser) => browser.get('/auth/token_details'));
  const statuses = (await Promise.all(left)).map(({ status }) => status);
  assert.deepEqual(statuses.sort(), [200, 401]);
  await page.click('summary >> text=Sign out everywhere');
  await page.click('role=button[name="Sign out everywhere now"]');
  await page.waitForURL(`${app.url}/auth/post_sign_out`);
  for (const browser of [elsewhere, third]) {
    assert.equal((await browser.get('/auth/token_details')).status, 401);
  }
  assert.deepEqual(complaints, []);
});
