// Sign-in and an application on separate hosts, with the files for both in one nginx.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startApp } from '../support/app.js';
import { createBrowser } from '../support/browser.js';
import { startEchoApplication } from '../support/echo-application.js';
import { freePort } from '../support/free-port.js';
import { skipWithoutNginx, startNginx } from '../support/nginx.js';
import { balancerOfNginx, freePorts, gateOfNginx } from '../support/proxies.js';

test('a user who opens the application signs in on the other host and returns', {
  skip: skipWithoutNginx(),
}, async (t) => {
  const places = await freePorts();
  const { signInPort, port } = places;
  const application = `http://localhost:${port}`;
  const publicly = await freePort();
  const baseUrl = `http://localhost:${publicly}`;
  const config = { baseUrl, gate: { allowedHosts: [`localhost:${port}`] } };
  const { control } = await startApp(t, { port: signInPort, config });
  await startEchoApplication(t, places.applicationPort);
  await startNginx(t, {
    port,
    http: (folder) =>
      gateOfNginx(folder, places) + balancerOfNginx(folder, { port: publicly, signInPort }),
  });

  const browser = createBrowser(application);
  const { location } = await browser.get('/orders?page=2');
  assert.ok(location.startsWith(`${baseUrl}/auth/sign_in?return_to=`), location);
  const atSignIn = createBrowser(baseUrl);
  const policy = await atSignIn.get(location);
  const callback = await control.authorize(policy.location, { as: 'alice@example.com' });
  assert.ok(callback.startsWith(`${baseUrl}/auth/redirect?`));
  assert.equal((await atSignIn.get(callback)).location, `${application}/orders?page=2`);
  // Hosts that differ only in the port share their cookies.
  for (const [name, value] of atSignIn.cookies) browser.cookies.set(name, value);
  const page = await browser.get('/orders?page=2');
  assert.equal(JSON.parse(page.body).headers['x-auth-request-email'], 'alice@example.com');
});
