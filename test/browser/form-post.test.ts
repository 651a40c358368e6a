// `responseMode: "form_post"` in a real browser: the application on HTTPS, the tenant on another site.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createCertificate } from '../../dist/emulator/certificate.js';
import { startApp } from '../support/app.js';
import { openChromium } from '../support/chromium.js';

test('a posted response signs in; profile edit, back button and reload keep the session', async (t) => {
  const chromium = await openChromium(t);
  if (!chromium) return;
  const app = await startApp(t, {
    certificate: createCertificate(),
    config: { responseMode: 'form_post' },
  });
  const context = await chromium.context.browser()?.newContext({ ignoreHTTPSErrors: true });
  t.after(() => context?.close());
  const page = await context?.newPage();
  assert.ok(context && page);
  const posts: string[] = [];
  page.on('request', (request) => {
    assert.doesNotMatch(request.url(), /\/auth\/redirect\?/);
    if (request.url() === `${app.url}/auth/redirect`) posts.push(request.method());
  });
  const claims = `${app.url}/auth/token_details`;

  await page.goto(`${app.url}/auth/sign_in?return_to=/auth/token_details`);
  await page.fill('#email', 'alice@example.com');
  await page.fill('#password', 'Pass@word1');
  await page.click('#next');
  await page.waitForURL(claims);
  assert.equal(app.log.of('sign_in_completed').length, 1);
  await page.reload();
  assert.equal(page.url(), claims);
  assert.match((await page.textContent('main')) ?? '', /alice@example\.com/);

  const [before] = (await context.cookies(app.url)).filter(
    ({ name }) => name === '__Host-b2c-signin',
  );
  await page.goto(`${app.url}/auth/edit_profile?return_to=/auth/token_details`);
  await page.fill('#displayName', 'Alice the First');
  await page.click('#continue');
  await page.waitForURL(claims);
  assert.match((await page.textContent('main')) ?? '', /Alice the First/);
  const cookies = await context.cookies(app.url);
  const [after] = cookies.filter(({ name }) => name === '__Host-b2c-signin');
  assert.equal(after?.value, before?.value);
  assert.deepEqual(
    cookies.filter(({ name }) => name.includes('attempt')),
    [],
  );

  // The page of the tenant that posts the form, a second time.
  await page.goBack();
  await page.waitForLoadState('networkidle');
  await page.goto(claims);
  assert.match((await page.textContent('main')) ?? '', /Alice the First/);
  assert.ok(posts.length >= 2 && posts.every((method) => method === 'POST'), posts.join());
  assert.deepEqual(app.log.of('sign_in_failed'), []);
});
