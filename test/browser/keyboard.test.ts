import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { Page } from 'playwright-core';
import { startApp } from '../support/app.js';
import { openChromium } from '../support/chromium.js';

// Nobody touches a mouse here.

async function setUp(t: TestContext) {
  const chromium = await openChromium(t);
  if (!chromium) return undefined;
  chromium.page.setDefaultTimeout(10_000);
  return { ...chromium, app: await startApp(t) };
}

interface Focus {
  /** What a screen reader says of it. */
  name: string;
  isMarked: boolean;
}

/** The element that has the focus: its name, and whether one can see that it has it. */
const focusOf = (page: Page): Promise<Focus> =>
  page.evaluate(() => {
    const element = document.activeElement as HTMLElement;
    const { outlineStyle, outlineWidth } = getComputedStyle(element);
    const { width, height } = element.getBoundingClientRect();
    const name = element.id || (element.innerText ?? '').split('\n')[0] || element.tagName;
    const isOutlined = outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 2;
    return { name, isMarked: isOutlined && width > 8 && height > 8 };
  });

/** Presses Tab until the focus is on what is called `name`; each stop on the way must be marked. */
async function tabTo(page: Page, name: string): Promise<void> {
  const passed: string[] = [];
  for (let presses = 0; presses < 40; presses += 1) {
    await page.keyboard.press('Tab');
    const focus = await focusOf(page);
    // Behind the last element the focus leaves the page, and comes back at its beginning.
    if (focus.name !== 'BODY')
      assert.ok(focus.isMarked, `the focus on ${focus.name} is not visible`);
    if (focus.name === name) return;
    passed.push(focus.name);
  }
  assert.fail(`Tab never comes to ${name}, but to ${passed.join(', ')}`);
}

test('the whole way by keyboard: sign in, read the claims, sign out', async (t) => {
  const browser = await setUp(t);
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
  const browser = await setUp(t);
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
  const browser = await setUp(t);
  if (!browser) return;
  const { page, app } = browser;
  await page.goto(`${app.url}/auth/redirect?state=x`);
  assert.match(await page.title(), /^This sign-in cannot be finished here/);
  assert.equal((await focusOf(page)).name, 'This sign-in cannot be finished here');
  await page.keyboard.press('Tab');
  assert.equal((await focusOf(page)).name, 'Start again');
});
