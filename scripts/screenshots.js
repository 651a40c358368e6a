// Takes screenshots of every page of the demo, into screenshots/: light and dark, on a desk and on a
// phone, and from right to left. Needs Chromium, like some of the tests; "npm run screenshots", or
// "npm run screenshots -- WORD" for those with the word in their name.
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { chromium } from 'playwright-core';

const root = path.join(import.meta.dirname, '..');
const folder = path.join(root, 'screenshots');
const executablePath = [process.env.CHROMIUM, '/usr/bin/chromium'].find((file) => existsSync(file));
if (!executablePath) throw new Error('Chromium is not installed (set CHROMIUM to its path)');

await import('./build-tests.js');
const { createEmulator } = await import('../dist/emulator/emulator.js');
const { demoConfig, demoSite } = await import('../dist/program/demo.js');
const { serve } = await import('../dist/program/serve.js');
// The tours of the accessibility tests.
const { emulatorControl } = await import('../build/support/emulator-control.js');
const { tourTheServer } = await import('../build/support/server-tour.js');
const { TOUR_POLICIES, tourTheTenant } = await import('../build/support/tenant-tour.js');

const PORT = Number(process.env.PORT ?? 3000);
const DESK = { width: 1000, height: 760 };
const PHONE = { width: 390, height: 780 };
const WAYS = {
  en: [
    { name: 'light', colorScheme: 'light', viewport: DESK },
    { name: 'dark', colorScheme: 'dark', viewport: DESK },
    { name: 'wide', colorScheme: 'light', viewport: { width: 2000, height: 1100 } },
  ],
  de: [
    { name: 'phone', colorScheme: 'light', viewport: PHONE },
    { name: 'narrow', colorScheme: 'dark', viewport: { width: 320, height: 640 } },
  ],
  ar: [
    { name: 'arabic', colorScheme: 'dark', viewport: PHONE },
    { name: 'arabic-desk', colorScheme: 'light', viewport: DESK },
  ],
};
const [, , word = ''] = process.argv;

rmSync(folder, { recursive: true, force: true });
mkdirSync(folder);
const silent = () => undefined;
const log = { debug: silent, info: silent, warn: silent, error: silent };
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
try {
  for (const [lang, views] of Object.entries(WAYS)) await takeAll(lang, views);
} finally {
  await browser.close();
}
console.log(`The screenshots are in ${folder}`);

async function takeAll(uiLocales, views) {
  const emulator = await createEmulator({ port: PORT + 1, policies: TOUR_POLICIES });
  const app = await serve(demoConfig(emulator, PORT), { log, demo: demoSite(emulator) });
  const context = await browser.newContext({ locale: uiLocales, timezoneId: 'Europe/Berlin' });
  const page = await context.newPage();
  const show = (what) => (what.includes(word) ? take(page, what, views) : undefined);
  const control = emulatorControl(emulator.url);
  try {
    await tourTheServer({ page, context, url: app.url, control, uiLocales, show });
    await tourTheTenant({ page, context, emulator, uiLocales, show });
  } finally {
    await context.close();
    await app.stop(0);
    await emulator.close();
  }
}

async function take(page, what, views) {
  for (const { name, colorScheme, viewport } of views) {
    await page.setViewportSize(viewport);
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    const file = path.join(folder, `${what}-${name}.png`);
    await page.screenshot({ path: file, fullPage: true });
  }
  if (!what.startsWith('claims')) return;
  // As printed: the pages of the PDF, and a screenshot of the whole.
  await page.pdf({ path: path.join(folder, `${what}-${views[0].name}.pdf`) });
  await page.emulateMedia({ media: 'print' });
  await page.setViewportSize({ width: 720, height: 1000 });
  const file = path.join(folder, `${what}-${views[0].name}-print.png`);
  await page.screenshot({ path: file, fullPage: true });
  await page.emulateMedia({ media: 'screen' });
}
