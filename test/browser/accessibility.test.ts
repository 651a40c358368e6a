import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startApp } from '../support/app.js';
import { OTHER_LANGUAGE, violationsOf } from '../support/axe.js';
import { openChromium } from '../support/chromium.js';
import { tourTheServer } from '../support/server-tour.js';

// Every page of the server: in both color schemes and two widths from left to right, and its layout on a
// phone from right to left.
const LANGUAGES = [
  { uiLocales: 'en', direction: 'ltr', views: undefined },
  { uiLocales: 'ar', direction: 'rtl', views: OTHER_LANGUAGE },
];

for (const { uiLocales, direction, views } of LANGUAGES) {
  test(`axe-core reports no violation on any page, in ${uiLocales}`, async (t) => {
    const chromium = await openChromium(t);
    if (!chromium) return;
    const { page, context } = chromium;
    // At this level error pages show details for developers too.
    const { url, control } = await startApp(t, { config: { log: { level: 'debug' } } });
    const show = async (name: string) => {
      const html = page.locator('html');
      assert.equal(await html.getAttribute('lang'), uiLocales, name);
      assert.equal(await html.getAttribute('dir'), direction, name);
      assert.deepEqual(await violationsOf(page, views), [], name);
    };
    await tourTheServer({ page, context, url, control, uiLocales, show });
  });
}
