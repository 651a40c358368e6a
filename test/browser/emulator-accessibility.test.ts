import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startEmulator } from '../emulator/support.js';
import { violationsOf } from '../support/axe.js';
import { openChromium } from '../support/chromium.js';
import { TOUR_POLICIES, tourTheTenant } from '../support/tenant-tour.js';

// Every page of the local tenant under axe-core, in both colour schemes and two widths.

test('axe-core has nothing against any page of the local tenant', async (t) => {
  const chromium = await openChromium(t);
  if (!chromium) return;
  const { page, context } = chromium;
  page.setDefaultTimeout(10_000);
  const emulator = await startEmulator(t, { policies: TOUR_POLICIES });
  const show = async (name: string) => assert.deepEqual(await violationsOf(page), [], name);
  await tourTheTenant({ page, context, emulator, uiLocales: 'de', show });
});
