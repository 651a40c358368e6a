// A real browser, nginx with the files of docs/gate, and an application without sign-in code.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startApp } from '../support/app.js';
import { openChromium } from '../support/chromium.js';
import { startEchoApplication } from '../support/echo-application.js';
import { freePorts, PROXIES } from '../support/proxies.js';

const nginx = PROXIES.find(({ name }) => name === 'nginx');

test('a user opens a page of the application, signs in, sees it, and signs out', {
  skip: nginx?.skip ?? false,
}, async (t) => {
  const chromium = await openChromium(t);
  if (!chromium) return;
  const { page, context } = chromium;
  const places = await freePorts();
  const application = `http://localhost:${places.port}`;
  const config = { gate: { allowedHosts: [`localhost:${places.port}`] } };
  const signIn = await startApp(t, { port: places.signInPort, config });
  await startEchoApplication(t, places.applicationPort);
  await nginx?.start(t, places);

  await page.goto(`${application}/orders/7?item=1&item=2`);
  await page.fill('#email', 'alice@example.com');
  await page.fill('#password', 'Pass@word1');
  await page.click('#next');
  await page.waitForURL(`${application}/orders/7?item=1&item=2`);
  const seen = JSON.parse((await page.textContent('body')) ?? '');
  assert.equal(seen.url, '/orders/7?item=1&item=2');
  assert.equal(seen.headers['x-auth-request-email'], 'alice@example.com');

  // A script on a page of the application, before and after sign-out.
  const statusOfScript = () => page.evaluate(() => fetch('/data').then(({ status }) => status));
  assert.equal(await statusOfScript(), 200);
  const other = await context.newPage();
  await other.goto(`${signIn.url}/auth/sign_out`);
  await other.click('button');
  await other.waitForURL(`${signIn.url}/auth/post_sign_out*`);
  assert.equal(await statusOfScript(), 401);
});
