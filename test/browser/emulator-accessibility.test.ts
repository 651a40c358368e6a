import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startEmulator } from '../emulator/support.js';
import { OTHER_LANGUAGE, violationsOf } from '../support/axe.js';
import { openChromium } from '../support/chromium.js';
import { TOUR_POLICIES, tourTheTenant } from '../support/tenant-tour.js';

// Every page of the emulator: in both color schemes and two widths from left to right, and its layout on a
// phone from right to left.

const PAGES_IN_ENGLISH = /^emulator-(provider|form-post|error|signed-out|dashboard-.+)$/;

for (const [uiLocales, direction] of Object.entries({ de: 'ltr', ar: 'rtl' })) {
  test(`axe-core reports no violation on any page of the emulator, in ${uiLocales}`, async (t) => {
    const chromium = await openChromium(t);
    if (!chromium) return;
    const { page, context } = chromium;
    page.setDefaultTimeout(60_000);
    const emulator = await startEmulator(t, { policies: TOUR_POLICIES });
    const show = async (name: string) => {
      const isEnglish = PAGES_IN_ENGLISH.test(name);
      const html = page.locator('html');
      assert.equal(await html.getAttribute('lang'), isEnglish ? 'en' : uiLocales, name);
      assert.equal(await html.getAttribute('dir'), isEnglish ? 'ltr' : direction, name);
      // The pages in English are the same in each tour.
      if (isEnglish && direction === 'rtl') return;
      const views = direction === 'rtl' ? OTHER_LANGUAGE : undefined;
      assert.deepEqual(await violationsOf(page, views), [], name);
    };
    await tourTheTenant({ page, context, emulator, uiLocales, show });
  });
}
