import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startApp } from '../support/app.js';
import { violationsOf } from '../support/axe.js';
import { openChromium } from '../support/chromium.js';
import { tourTheServer } from '../support/server-tour.js';

// Every page of the server under axe-core, in both colour schemes and two widths, and from right to left.

for (const [uiLocales, direction] of Object.entries({ en: 'ltr', ar: 'rtl' })) {
  test(`axe-core has nothing against any page, in ${uiLocales}`, async (t) => {
    const chromium = await openChromium(t);
    if (!chromium) return;
    const { page, context } = chromium;
    // At this level error pages explain themselves to developers too.
    const { url, control } = await startApp(t, { config: { log: { level: 'debug' } } });
    const show = async (name: string) => {
      const html = page.locator('html');
      assert.equal(await html.getAttribute('lang'), uiLocales, name);
      assert.equal(await html.getAttribute('dir'), direction, name);
      assert.deepEqual(await violationsOf(page), [], name);
    };
    await tourTheServer({ page, context, url, control, uiLocales, show });
  });
}
