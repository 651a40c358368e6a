import assert from 'node:assert/strict';
import { test } from 'node:test';
import { focusOf, startWithKeyboard, tabTo } from '../support/keyboard.js';

// By keyboard only.

test('the whole way by keyboard: sign in, read the claims, sign out', async (t) => {
  const browser = await startWithKeyboard(t);
  if (!browser) return;
  const { page, app, complaints } = browser;
  const { keyboard } = page;
  await page.goto(app.url);
  await tabTo(page, 'Forgot your password?');
  await keyboard.press('Shift+Tab');
  assert.equal((await focusOf(page)).name, 'Sign in');
  await keyboard.press('Enter');

  await page.waitForSelector('#email:focus');
  await keyboard.type('alice@example.com');
  await tabTo(page, 'password');
  await keyboard.type('wrong');
  await keyboard.press('Enter');
  await page.waitForSelector('.error.pageLevel[role=alert][aria-hidden=false]');
  await page.waitForSelector('#password:focus');
  await keyboard.type('Pass@word1');
  await tabTo(page, 'next');
  await keyboard.press('Enter');

  await page.waitForURL(`${app.url}/`);
  await tabTo(page, 'For developers');
  await page.keyboard.press('Enter');
  await tabTo(page, 'ID token details');
  await keyboard.press('Enter');
  await page.waitForURL(`${app.url}/auth/token_details`);
  await tabTo(page, 'Show as JSON');
  await keyboard.press('Enter');
  assert.match((await page.innerText('pre')) ?? '', /"alice@example\.com"/);

  await page.reload();
  await tabTo(page, 'Sign out');
  await keyboard.press('Enter');
  await page.waitForURL(`${app.url}/auth/sign_out`);
  await tabTo(page, 'Stay signed in');
  await keyboard.press('Shift+Tab');
  await keyboard.press('Enter');
  await page.waitForURL(`${app.url}/auth/post_sign_out`);
  assert.match(await page.title(), /^You are signed out/);
  assert.deepEqual(complaints, []);
});

test('the first Tab offers to skip to the content', async (t) => {
  const browser = await startWithKeyboard(t);
  if (!browser) return;
  const { page, app } = browser;
  await page.goto(app.url);
  await page.keyboard.press('Tab');
  assert.deepEqual(await focusOf(page), { name: 'Skip to the content', isMarked: true });
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  assert.equal(await page.evaluate(() => document.activeElement?.closest('main') !== null), true);
  assert.equal((await focusOf(page)).name, 'Sign in');
});

test('an error page says so in its title and puts the focus on its heading', async (t) => {
  const browser = await startWithKeyboard(t);
  if (!browser) return;
  const { page, app } = browser;
  await page.goto(`${app.url}/auth/redirect?state=x`);
  assert.match(await page.title(), /^This sign-in can't be finished here/);
  assert.equal((await focusOf(page)).name, "This sign-in can't be finished here");
  await page.keyboard.press('Tab');
  assert.equal((await focusOf(page)).name, 'Start again');
});
