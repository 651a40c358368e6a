// Makes pictures of every page of the demo into screenshots/, to look at: light and dark, on a desk and
// on a phone, and from right to left. Needs Chromium, like some of the tests; "npm run screenshots".
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { chromium } from 'playwright-core';
import { run } from './run.js';

const root = path.join(import.meta.dirname, '..');
const folder = path.join(root, 'screenshots');
const executablePath = [process.env.CHROMIUM, '/usr/bin/chromium'].find((file) => existsSync(file));
if (!executablePath) throw new Error('Chromium is not installed (set CHROMIUM to its path)');

run('node', ['scripts/build.js']);
const { createEmulator } = await import('../dist/emulator/emulator.js');
const { demoConfig, demoSite } = await import('../dist/program/demo.js');
const { serve } = await import('../dist/program/serve.js');

const PORT = 3000;
const DESK = { width: 1000, height: 760 };
const PHONE = { width: 390, height: 780 };
const WAYS = [
  { name: 'light', colorScheme: 'light', viewport: DESK, lang: 'en' },
  { name: 'dark', colorScheme: 'dark', viewport: DESK, lang: 'en' },
  { name: 'phone', colorScheme: 'light', viewport: PHONE, lang: 'de' },
  { name: 'arabic', colorScheme: 'dark', viewport: PHONE, lang: 'ar' },
];

rmSync(folder, { recursive: true, force: true });
mkdirSync(folder);
const silent = () => undefined;
const log = { debug: silent, info: silent, warn: silent, error: silent };
const tenant = await createEmulator({ port: PORT + 1 });
const app = await serve(demoConfig(tenant, PORT), { log, demo: demoSite(tenant) });
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
try {
  for (const way of WAYS) await takeAll(way);
} finally {
  await browser.close();
  await app.stop(0);
  await tenant.close();
}
console.log(`The pictures are in ${folder}`);

async function takeAll({ name, lang, ...view }) {
  const context = await browser.newContext({
    ...view,
    locale: lang,
    timezoneId: 'Europe/Berlin',
    deviceScaleFactor: 1,
  });
  const page = await context.newPage();
  const take = async (what) => {
    const file = path.join(folder, `${what}-${name}.png`);
    await page.screenshot({ path: file, fullPage: true });
  };
  const open = async (what, address) => {
    await page.goto(new URL(address, app.url).href);
    await take(what);
  };
  await open('status-signed-out', '/');
  await open('unauthorized', '/auth/token_details');
  await open('not-found', '/nowhere');
  await open('failed', '/auth/redirect?state=x');
  await open('emulator-sign-in', `/auth/sign_in?ui_locales=${lang}`);
  await page.click('#next');
  await take('emulator-mistakes');
  await page.click('#createAccount');
  await take('emulator-sign-up');
  await page.fill('#email', 'carol@example.com');
  await page.click('#emailVerificationControl_but_send_code');
  await page.waitForSelector('#emailVerificationCode:visible');
  await take('emulator-code');
  await open('emulator-sign-in-again', '/auth/sign_in');
  await page.fill('#email', 'alice@example.com');
  await page.fill('#password', 'Pass@word1');
  await page.click('#next');
  await page.waitForURL(app.url);
  await take('status-signed-in');
  await open('claims', '/auth/token_details');
  await open('sessions', '/auth/sessions');
  await open('emulator-profile', '/auth/edit_profile');
  await open('sign-out', '/auth/sign_out');
  await context.route('**/logout?**', (route) => route.fulfill({ status: 204 }));
  await page.click('main button');
  await page.waitForSelector('meta[http-equiv=refresh]', { state: 'attached' });
  await take('leaving');
  await open('signed-out', '/auth/post_sign_out');
  await open('emulator-dashboard', new URL('/_emulator/', tenant.url).href);
  const noClient = `${tenant.authority}/B2C_1_susi/oauth2/v2.0/authorize`;
  await open('emulator-error', noClient);
  await context.close();
}
