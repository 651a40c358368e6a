/** Libraries for browsers, in the set-ups that docs/test-other-applications.md describes. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { Page } from 'playwright-core';
import { type Chromium, openChromium } from '../support/chromium.js';
import { emulatorControl } from '../support/emulator-control.js';
import { missingPackage } from './client-contract.js';
import {
  enterPassword,
  type Library,
  MSAL_BROWSER,
  OIDC_CLIENT_TS,
  type SetUp,
  startSinglePage,
} from './single-page.js';

const SECURE = { applicationOnHttps: true, emulatorOnHttps: true };

/** Calls a function of the application; resolves with the user's name, or with the error. */
const call = (page: Page, name: string): Promise<string> =>
  page.evaluate(async (method) => {
    const { client } = window as unknown as { client: Record<string, () => Promise<string>> };
    try {
      return String(await client[method]?.());
    } catch (error) {
      return `${error}`;
    }
  }, name);

const shows = (page: Page, text: string): Promise<unknown> =>
  page.waitForFunction((expected) => document.body?.textContent === expected, text);

/** Starts what leaves the page. */
const leave = (page: Page, name: string): Promise<void> =>
  page.evaluate((method) => {
    const { client } = window as unknown as { client: Record<string, () => unknown> };
    setTimeout(() => client[method]?.());
  }, name);

async function signIn(page: Page, url: string): Promise<void> {
  await page.goto(url);
  await shows(page, 'signed out');
  await leave(page, 'signIn');
  await enterPassword(page);
  await shows(page, 'signed in: Alice Example');
}

const open = (t: TestContext) => openChromium(t, { ignoreHTTPSErrors: true });

const setUps: [library: Library, setUp: SetUp, description: string][] = [
  [OIDC_CLIENT_TS, {}, 'over HTTP, both on localhost'],
  [OIDC_CLIENT_TS, SECURE, 'over HTTPS, both on localhost'],
  [MSAL_BROWSER, SECURE, 'over HTTPS, both on localhost'],
];

for (const [library, setUp, description] of setUps) {
  const skip = missingPackage(library.name) ?? false;

  test(`${library.name} ${description}: redirect, silent renewal, refresh, sign-out`, {
    skip,
  }, async (t) => {
    const chromium = await open(t);
    if (!chromium) return;
    const { page, complaints } = chromium;
    const { url, emulator } = await startSinglePage(t, library, setUp);
    await signIn(page, url);
    assert.equal(await call(page, 'renewInFrame'), 'Alice Example');
    assert.equal(await call(page, 'refresh'), 'Alice Example');
    const silent = await silentRequests(emulator.url);
    assert.deepEqual(silent, [undefined]);
    await leave(page, 'signOut');
    await page.waitForURL(`${url}/**`);
    await shows(page, 'signed out');
    assert.match(await call(page, 'renewInFrame'), /login_required|AADB2C90077/);
    assert.deepEqual(complaints, []);
  });

  test(`${library.name} ${description}: popup`, { skip }, async (t) => {
    const chromium = await open(t);
    if (!chromium) return;
    const { url } = await startSinglePage(t, library, setUp);
    assert.equal(await signInInPopup(chromium, url), 'Alice Example');
  });
}

async function signInInPopup({ page }: Chromium, url: string): Promise<string> {
  await page.goto(url);
  await shows(page, 'signed out');
  const [popup, name] = [page.waitForEvent('popup'), call(page, 'signInInPopup')];
  await enterPassword(await popup);
  return name;
}

/** The warnings of each request with prompt=none. */
async function silentRequests(emulatorUrl: string): Promise<(string | undefined)[]> {
  const { requests } = await emulatorControl(emulatorUrl).requests();
  return requests
    .filter(
      ({ endpoint, parameters }) => endpoint === 'authorize' && parameters['prompt'] === 'none',
    )
    .map(({ warnings }) => warnings?.join(' '));
}

test('at 127.0.0.1, silent renewal of an application on localhost fails, and the log says why', {
  skip: missingPackage('oidc-client-ts') ?? false,
}, async (t) => {
  const chromium = await open(t);
  if (!chromium) return;
  const setUp = { emulatorHost: '127.0.0.1' } as const;
  const { url, emulator } = await startSinglePage(t, OIDC_CLIENT_TS, setUp);
  await signIn(chromium.page, url);
  assert.match(await call(chromium.page, 'renewInFrame'), /AADB2C90077/);
  assert.match(String(await silentRequests(emulator.url)), /Use one host name .* localhost/);
});

test('with only the emulator on HTTPS, silent renewal works', {
  skip: missingPackage('oidc-client-ts') ?? false,
}, async (t) => {
  const chromium = await open(t);
  if (!chromium) return;
  const { url } = await startSinglePage(t, OIDC_CLIENT_TS, { emulatorOnHttps: true });
  await signIn(chromium.page, url);
  assert.equal(await call(chromium.page, 'renewInFrame'), 'Alice Example');
});
