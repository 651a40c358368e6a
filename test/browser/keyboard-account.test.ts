import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { focusOf, startWithKeyboard, tabTo } from '../support/keyboard.js';

// The life of an account of the emulator, by keyboard only.

const CAROL = 'carol@example.com';

/** Types a wrong code and then the mailed one; each time the focus is on the next field to fill in. */
async function verifyAddress(page: Page, mailedCode: (email: string) => Promise<string>) {
  const { keyboard } = page;
  await page.waitForSelector('#email:focus');
  await keyboard.type(CAROL);
  await tabTo(page, 'emailVerificationControl_but_send_code');
  await keyboard.press('Enter');
  await page.waitForSelector('#emailVerificationCode:focus');
  await page.waitForSelector('#emailVerificationControl_success_message[role=status]:visible');
  await keyboard.type('000000');
  await tabTo(page, 'emailVerificationControl_but_verify_code');
  await keyboard.press('Enter');
  await page.waitForSelector('#emailVerificationControl_error_message[role=alert]:visible');
  await page.waitForSelector('#emailVerificationCode:focus');
  await keyboard.press('Control+A');
  await keyboard.type(await mailedCode(CAROL));
  await tabTo(page, 'emailVerificationControl_but_verify_code');
  await keyboard.press('Enter');
  await page.waitForSelector('#continue[aria-disabled=false]');
}

/** The description that a screen reader adds to the name of the focused field. */
const describedAs = (page: Page) =>
  page.evaluate(() => {
    const ids = document.activeElement?.getAttribute('aria-describedby') ?? '';
    return document.getElementById(ids)?.textContent;
  });

test('an account by keyboard: sign up, edit the profile, choose a new password', async (t) => {
  const browser = await startWithKeyboard(t);
  if (!browser) return;
  const { page, app, complaints } = browser;
  const { keyboard } = page;
  const { mailedCode } = app.control;
  await page.goto(`${app.url}/auth/sign_in`);
  await tabTo(page, 'createAccount');
  await keyboard.press('Enter');
  await page.waitForSelector('#newPassword', { state: 'attached' });
  await verifyAddress(page, mailedCode);
  await page.waitForSelector('#newPassword:focus');
  await keyboard.type('Pass@word2');
  await tabTo(page, 'reenterPassword');
  await keyboard.type('Pass@word2');
  await keyboard.press('Enter');
  // The name is missing: the page says so, and so does the field, which has the focus.
  await page.waitForSelector('#requiredFieldMissing[role=alert]:visible');
  await page.waitForSelector('#displayName:focus');
  assert.equal(await describedAs(page), 'This information is required.');
  await keyboard.type('Carol');
  for (const field of ['reenterPassword', 'newPassword']) {
    await keyboard.press('Shift+Tab');
    assert.deepEqual(await focusOf(page), { name: field, isMarked: true });
    await keyboard.type('Pass@word2');
  }
  await tabTo(page, 'continue');
  await keyboard.press('Enter');

  await page.waitForURL(`${app.url}/`);
  await tabTo(page, 'Edit profile');
  await keyboard.press('Enter');
  await page.waitForSelector('#displayName:focus');
  await keyboard.press('Control+A');
  await keyboard.type('Carol Klein');
  await keyboard.press('Enter');
  await page.waitForURL(`${app.url}/`);
  assert.equal(await page.innerText('.name'), 'Carol Klein');

  await tabTo(page, 'Reset password');
  await keyboard.press('Enter');
  await verifyAddress(page, mailedCode);
  await page.waitForSelector('#continue:focus');
  await keyboard.press('Enter');
  await page.waitForSelector('#newPassword:focus');
  await keyboard.type('Pass@word3');
  await tabTo(page, 'reenterPassword');
  await keyboard.type('Pass@word3');
  await keyboard.press('Enter');
  await page.waitForURL(`${app.url}/`);
  assert.deepEqual(complaints, []);
});

test('the claims are copied by keyboard, and that they were is said', async (t) => {
  const browser = await startWithKeyboard(t);
  if (!browser) return;
  const { page, app, context, complaints } = browser;
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.goto(`${app.url}/auth/sign_in?return_to=/auth/token_details`);
  await page.goto(await app.control.authorize(page.url(), { as: 'alice@example.com' }));
  await tabTo(page, 'Copy as JSON');
  await page.keyboard.press('Enter');
  await page.waitForSelector('[role=status]:has-text("Copied")');
  assert.equal((await focusOf(page)).name, 'Copy as JSON');
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  assert.deepEqual(JSON.parse(copied).emails, ['alice@example.com']);
  assert.deepEqual(complaints, []);
});
