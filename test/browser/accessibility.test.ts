import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { startApp } from '../support/app.js';
import { violationsOf } from '../support/axe.js';
import { openChromium } from '../support/chromium.js';

// Every page of the server under axe-core, in both colour schemes and two widths, and from right to left.

async function visitEveryPage(t: TestContext, uiLocales: string): Promise<void> {
  const chromium = await openChromium(t);
  if (!chromium) return;
  const { page, context } = chromium;
  // At this level error pages explain themselves to developers too.
  const app = await startApp(t, { config: { log: { level: 'debug' } } });
  const at = (path: string) =>
    `${app.url}${path}${path.includes('?') ? '&' : '?'}ui_locales=${uiLocales}`;
  const check = async (name: string) => {
    assert.equal(await page.getAttribute('html', 'lang'), uiLocales, name);
    assert.deepEqual(await violationsOf(page), [], name);
  };
  const open = async (name: string, path: string) => {
    await page.goto(at(path));
    await check(name);
  };
  await open('status, signed out', '/');
  await open('401', '/auth/token_details');
  await open('not found', '/nowhere');
  await open('signed out', '/auth/post_sign_out');

  await page.goto(at('/auth/sign_in'));
  await app.control.fault('wrong_audience', { times: 1 });
  await page.goto(await app.control.authorize(page.url(), { as: 'alice@example.com' }));
  await check('a failed sign-in');

  await page.goto(at('/auth/sign_in'));
  await page.goto(await app.control.authorize(page.url(), { as: 'alice@example.com' }));
  await open('status, signed in', '/');
  await open('claims', '/auth/token_details');
  await open('sessions', '/auth/sessions');
  await open('not found, signed in', '/nowhere');
  await open('sign out', '/auth/sign_out');
  // The page that leads on stays where the provider has nothing to show.
  await context.route('**/logout?**', (route) => route.fulfill({ status: 204 }));
  await page.click('main button');
  await page.waitForSelector('meta[http-equiv=refresh]', { state: 'attached', timeout: 10_000 });
  await check('leaving');
}

for (const uiLocales of ['en', 'ar']) {
  test(`axe-core has nothing against any page, in ${uiLocales}`, (t) =>
    visitEveryPage(t, uiLocales));
}
