import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { Page } from 'playwright-core';
import { type RunningApp, startApp } from '../support/app.js';
import { openChromium } from '../support/chromium.js';

const PASSWORD = 'Pass@word1';

async function setUp(t: TestContext) {
  const chromium = await openChromium(t);
  return chromium && { ...chromium, app: await startApp(t) };
}

async function fillSignIn(page: Page, email: string, password = PASSWORD) {
  await page.fill('#email', email);
  await page.fill('#password', password);
  await page.click('#next');
}

const heading = (page: Page) => page.textContent('h1');

/** Sends the code, reads it from the mailbox and types it in. */
async function verifyEmail(page: Page, app: RunningApp, email: string) {
  await page.fill('#email', email);
  await page.click('#emailVerificationControl_but_send_code');
  await page.waitForSelector('#emailVerificationCode:visible');
  await page.fill('#emailVerificationCode', await app.control.mailedCode(email));
  await page.click('#emailVerificationControl_but_verify_code');
  await page.waitForSelector('#continue[aria-disabled=false]');
}

test('sign in, see the claims, edit the profile, sign out, and meet the 401 page', async (t) => {
  const browser = await setUp(t);
  if (!browser) return;
  const { page, app, complaints } = browser;
  await page.goto(app.url);
  assert.match((await heading(page)) ?? '', /not signed in/);
  await page.click('main >> role=link[name="Sign in"]');
  await fillSignIn(page, 'alice@example.com');
  await page.waitForURL(`${app.url}/`);
  assert.match((await page.textContent('main')) ?? '', /Alice/);

  await page.goto(`${app.url}/auth/token_details`);
  assert.match((await page.textContent('main')) ?? '', /alice@example\.com[\s\S]*B2C_1_susi/);

  await page.click('text=/edit.*profile/i');
  await page.fill('#displayName', 'Alice Liddell');
  await page.click('#continue');
  await page.waitForURL(`${app.url}/auth/token_details`);
  assert.match((await page.textContent('header')) ?? '', /Alice Liddell/);

  await page.click('header >> text=Sign out');
  await page.click('main >> role=button[name="Sign out"]');
  await page.waitForURL(`${app.url}/auth/post_sign_out`);
  assert.match((await heading(page)) ?? '', /signed out/i);
  assert.deepEqual(complaints, []);

  const answer = await page.goto(`${app.url}/auth/token_details`);
  assert.equal(answer?.status(), 401);
  await page.click('main >> role=link[name="Sign in"]');
  await fillSignIn(page, 'alice@example.com');
  await page.waitForURL(`${app.url}/auth/token_details`);
});

test('sign up as a new user with the mailed code', async (t) => {
  const browser = await setUp(t);
  if (!browser) return;
  const { page, app, complaints } = browser;
  await page.goto(`${app.url}/auth/sign_in?return_to=/auth/token_details`);
  await page.click('#createAccount');
  await verifyEmail(page, app, 'carol@example.com');
  await page.fill('#newPassword', 'Car0l-and-more');
  await page.fill('#reenterPassword', 'Car0l-and-more');
  await page.fill('#displayName', 'Carol Danvers');
  await page.click('#continue');
  await page.waitForURL(`${app.url}/auth/token_details`);
  const text = (await page.textContent('main')) ?? '';
  assert.match(text, /Carol Danvers/);
  assert.match(text, /newUser/);
  assert.deepEqual(complaints, []);
});

test('a forgotten password is reset from the sign-in page, and the new one works', async (t) => {
  const browser = await setUp(t);
  if (!browser) return;
  const { page, app, complaints } = browser;
  await page.goto(`${app.url}/auth/sign_in?return_to=/auth/token_details`);
  await page.click('#forgotPassword');
  await verifyEmail(page, app, 'bob@example.com');
  await page.click('#continue');
  await page.fill('#newPassword', 'N3w-password!');
  await page.fill('#reenterPassword', 'N3w-password!');
  await page.click('#continue');
  // The tenant may know the person from the reset, or ask for the new password now.
  await page.waitForURL(/token_details|authorize/);
  if (page.url().includes('authorize')) {
    assert.equal(await page.inputValue('#email'), 'bob@example.com');
    await fillSignIn(page, 'bob@example.com', 'N3w-password!');
  }
  await page.waitForURL(`${app.url}/auth/token_details`);

  await browser.context.clearCookies();
  await page.goto(`${app.url}/auth/sign_in`);
  await fillSignIn(page, 'bob@example.com', PASSWORD);
  await page.waitForSelector('.error.pageLevel:visible');
  await fillSignIn(page, 'bob@example.com', 'N3w-password!');
  await page.waitForURL(`${app.url}/`);
  assert.match((await page.textContent('main')) ?? '', /Bob/);
  assert.deepEqual(complaints, []);
});

test('cancelling an edit keeps the user signed in', async (t) => {
  const browser = await setUp(t);
  if (!browser) return;
  const { page, app, complaints } = browser;
  await page.goto(`${app.url}/auth/sign_in?return_to=/auth/token_details`);
  await fillSignIn(page, 'alice@example.com');
  await page.click('text=/edit.*profile/i');
  await page.click('#cancel');
  await page.waitForURL(`${app.url}/auth/token_details`);
  assert.match((await page.textContent('header')) ?? '', /Alice/);
  assert.deepEqual(complaints, []);
});

test('five tabs sign in at once and finish in reverse order', async (t) => {
  const browser = await setUp(t);
  if (!browser) return;
  const { context, app, complaints } = browser;
  const tabs: Page[] = [];
  for (let i = 0; i < 5; i += 1) {
    const tab = await context.newPage();
    await tab.goto(`${app.url}/auth/sign_in?return_to=/sign_in_status?tab=${i}`);
    tabs.push(tab);
  }
  for (const [i, tab] of [...tabs.entries()].reverse()) {
    await fillSignIn(tab, 'alice@example.com');
    await tab.waitForURL(`${app.url}/sign_in_status?tab=${i}`);
    assert.match((await tab.textContent('main')) ?? '', /Alice/);
  }
  assert.deepEqual(complaints, []);
});

test('everything works with script switched off', async (t) => {
  const chromium = await openChromium(t, { javaScriptEnabled: false });
  if (!chromium) return;
  const { page } = chromium;
  const app = await startApp(t);
  await page.goto(`${app.url}/auth/sign_in`);
  await fillSignIn(page, 'alice@example.com');
  await page.waitForURL(`${app.url}/`);
  await page.click('header >> text=Sign out');
  await page.click('main >> role=button[name="Sign out"]');
  await page.waitForURL(`${app.url}/auth/post_sign_out`);
});

test('a hostile name is text on every page, and runs nothing', async (t) => {
  const browser = await setUp(t);
  if (!browser) return;
  const { page, app, complaints } = browser;
  const name = '"><img src=x onerror=alert(1)><script>alert(2)</script>';
  await page.goto(`${app.url}/auth/sign_in?return_to=/auth/token_details`);
  await fillSignIn(page, 'alice@example.com');
  await page.click('text=/edit.*profile/i');
  await page.fill('#displayName', name.slice(0, 256));
  await page.click('#continue');
  await page.waitForURL(`${app.url}/auth/token_details`);
  assert.ok((await page.textContent('header'))?.includes(name));
  assert.equal(await page.locator('main img, main script, header img, header script').count(), 0);
  assert.deepEqual(complaints, []);
});
