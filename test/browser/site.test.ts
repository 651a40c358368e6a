// A site with its own name, logo and accent color, in a real browser.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startApp } from '../support/app.js';
import { violationsOf } from '../support/axe.js';
import { openChromium } from '../support/chromium.js';

// Dark, and light where its document is dark: it has to be legible in both color schemes.
const LOGO = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 120 40">
<style>path { fill: #241a33 } @media (prefers-color-scheme: dark) { path { fill: #fff } }</style>
<path d="M0 0h30v8H8v8h18v8H8v16H0zM44 0h32v8H64v32h-8V8H44zM90 0h30v8H98v8h18v8H98v16h-8z"/>
</svg>`;
const ACCENTS = { light: 'rgb(179, 0, 89)', dark: /^rgb\((\d+), (\d+), (\d+)\)$/ };

test('pages have the name, the logo and the accent color of the site, in light and dark', async (t) => {
  const chromium = await openChromium(t);
  if (!chromium) return;
  const { page, context, complaints } = chromium;
  const site = {
    name: 'Fabrikam Garden & Kitchen Supplies',
    logo: 'logo.svg',
    accentColor: '#b30059',
  };
  const app = await startApp(t, { config: { site }, files: { 'logo.svg': LOGO } });
  const show = async (name: string) => {
    assert.match(await page.title(), / · Fabrikam Garden & Kitchen Supplies$/, name);
    assert.doesNotMatch(await page.locator('body').innerText(), /b2c-signin/, name);
    const width = await page
      .locator('img.logo')
      .evaluate((img) => (img as HTMLImageElement).naturalWidth);
    assert.ok(width > 0, `${name}: the logo has loaded`);
    assert.deepEqual(await violationsOf(page), [], name);
  };
  await page.goto(app.url);
  await show('status page of a visitor');
  await page.goto(`${app.url}/nowhere`);
  await show('error page');
  await page.goto(`${app.url}/auth/sign_in`);
  const claims = { name: 'Wolfeschlegelsteinhausenbergerdorff María del Carmen' };
  await page.goto(await app.control.authorize(page.url(), { as: 'alice@example.com', claims }));
  await show('status page of a signed-in user with a long name');
  await context.clearCookies();

  await page.goto(app.url);
  const colorOf = async (colorScheme: 'light' | 'dark') => {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    return page
      .locator('main a.button')
      .first()
      .evaluate((link) => getComputedStyle(link).backgroundColor);
  };
  assert.equal(await colorOf('light'), ACCENTS.light);
  const [, red, green, blue] = (ACCENTS.dark.exec(await colorOf('dark')) ?? []).map(Number);
  assert.ok(Number(red) > 179 && Number(green) > 80 && Number(blue) > 120, 'lighter on dark pages');
  assert.deepEqual(
    complaints.filter((complaint) => !/status of (?:4|5)\d\d/.test(complaint)),
    [],
  );
});
