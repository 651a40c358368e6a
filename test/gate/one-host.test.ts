// Sign-in on the host of the application, with the files of docs/gate.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startApp } from '../support/app.js';
import { createBrowser } from '../support/browser.js';
import { startEchoApplication } from '../support/echo-application.js';
import { freePorts, PROXIES } from '../support/proxies.js';

for (const proxy of PROXIES) {
  test(`${proxy.name} redirects to sign-in and back on one host`, {
    skip: proxy.skip,
  }, async (t) => {
    const places = { ...(await freePorts()), isOneHost: true };
    const baseUrl = `http://localhost:${places.port}`;
    const config = {
      baseUrl,
      gate: { assertion: true, rules: [{ path: '/', allow: 'signed-in' }] },
    };
    const { control } = await startApp(t, { port: places.signInPort, config });
    await startEchoApplication(t, places.applicationPort);
    await proxy.start(t, places);

    const browser = createBrowser(baseUrl);
    const { location } = await browser.get('/orders?page=2');
    assert.equal(location, `${baseUrl}/auth/sign_in?return_to=%2Forders%3Fpage%3D2`);
    const policy = await browser.get(location);
    const callback = await control.authorize(policy.location, { as: 'alice@example.com' });
    assert.equal((await browser.get(callback)).location, '/orders?page=2');
    const page = await browser.get('/orders?page=2');
    assert.equal(JSON.parse(page.body).headers['x-auth-request-email'], 'alice@example.com');

    // A client cannot describe the original request itself.
    const forged = { 'x-original-url': `${baseUrl}/x`, 'x-original-method': 'GET' };
    const asked = await browser.get('/auth/verify', {
      ...forged,
      'x-forwarded-uri': '/x',
      'x-forwarded-method': 'GET',
    });
    assert.equal(asked.headers['x-b2c-assertion'] ?? '', '');

    assert.equal((await browser.post('/auth/sign_out')).status, 200);
    assert.equal((await browser.get('/orders')).status, 302);
  });
}
