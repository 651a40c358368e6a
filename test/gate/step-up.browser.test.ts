// Step-up and access tokens in a real browser, behind nginx with the files of docs/gate.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startApp } from '../support/app.js';
import { openChromium } from '../support/chromium.js';
import { startEchoApplication } from '../support/echo-application.js';
import { freePorts, PROXIES } from '../support/proxies.js';

const nginx = PROXIES.find(({ name }) => name === 'nginx');

test('a page goes through sign-in again, and a script gets 401 with the error', {
  skip: nginx?.skip ?? false,
}, async (t) => {
  const chromium = await openChromium(t);
  if (!chromium) return;
  const { page } = chromium;
  const places = await freePorts();
  const application = `http://localhost:${places.port}`;
  // The library does not accept tokens of the future.
  let offsetMs = -300_000;
  const signIn = await startApp(t, {
    port: places.signInPort,
    now: () => Date.now() + offsetMs,
    config: {
      gate: {
        allowedHosts: [`localhost:${places.port}`],
        accessToken: true,
        rules: [{ path: '/pay', maxAgeSeconds: 60 }],
      },
    },
  });
  await signIn.control.clock(-300);
  await startEchoApplication(t, places.applicationPort);
  await nginx?.start(t, places);
  const authenticate = async () => {
    await page.fill('#email', 'alice@example.com');
    await page.fill('#password', 'Pass@word1');
    await page.click('#next');
  };
  const script = () =>
    page.evaluate(async () => {
      const answer = await fetch('/pay/now');
      const { status, headers } = answer;
      return { status, challenge: headers.get('www-authenticate'), body: await answer.json() };
    });

  await page.goto(`${application}/orders`);
  await authenticate();
  await page.waitForURL(`${application}/orders`);
  const { headers } = JSON.parse((await page.textContent('body')) ?? '');
  assert.match(headers['x-auth-request-access-token'], /^ey/);
  assert.equal((await script()).status, 200);

  offsetMs = 0;
  await signIn.control.clock(0);
  const { status, challenge, body } = await script();
  assert.equal(status, 401);
  assert.match(
    String(challenge),
    /^Bearer error="insufficient_user_authentication".*max_age="60"$/,
  );
  assert.equal(body.error, 'insufficient_user_authentication');
  assert.equal(body.signInUrl, `${signIn.url}/auth/sign_in?prompt=login&max_age=60`);

  await page.goto(`${application}/pay/cart?item=1`);
  await authenticate();
  await page.waitForURL(`${application}/pay/cart?item=1`);
  assert.equal(JSON.parse((await page.textContent('body')) ?? '').url, '/pay/cart?item=1');
  assert.equal((await script()).status, 200);
  assert.deepEqual(signIn.log.of('sign_in_failed'), []);
});
