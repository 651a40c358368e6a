import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openChromium } from '../support/chromium.js';
import { startClient } from './client.js';
import { missingPackage } from './client-contract.js';

// The one way back that is a request from site to site: rules for cookies, content security policies
// and forms that leave https all have a say.
test('a form_post answer comes through a real browser, and the session with it', {
  skip: missingPackage('passport-azure-ad') ?? false,
}, async (t) => {
  const chromium = await openChromium(t);
  if (!chromium) return;
  const { url, stop } = await startClient('passport-azure-ad.js');
  t.after(stop);
  // Chromium has no way to be told of an authority for one start.
  const context = await chromium.context.browser()?.newContext({ ignoreHTTPSErrors: true });
  const page = await context?.newPage();
  assert.ok(page);
  await page.goto(`${url}/sign-in`);
  await page.fill('#email', 'ada@example.com');
  await page.fill('#password', 'Pass@word1');
  await page.click('#next');
  await page.waitForURL(`${url}/`);
  assert.equal(JSON.parse((await page.textContent('body')) ?? '').user.name, 'ada');
  await page.goto(`${url}/sign-out`);
  assert.equal(await page.textContent('body'), '{}');
});
