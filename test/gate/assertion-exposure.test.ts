// Assertions are for applications: a browser must not get one, not even for its own user.
import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import { decodeJwt } from 'jose';
import { startApp } from '../support/app.js';
import { type Browser, createBrowser } from '../support/browser.js';
import { startEchoApplication } from '../support/echo-application.js';
import { freePort } from '../support/free-port.js';
import { skipWithoutNginx, startNginx } from '../support/nginx.js';
import { balancerOfNginx, freePorts, PROXIES } from '../support/proxies.js';
import { rawRequest } from '../support/raw-request.js';
import { fileScope } from '../support/redis.js';

const scope = fileScope() as unknown as TestContext;
const OTHER = 'other.example.com';

/** Requests by which a browser may ask the gate itself about a host that is allowed. */
const requestsTo = (port: number): [target: string, headers: Record<string, string>][] => {
  const original = {
    ...{ 'x-original-url': `http://${OTHER}/x`, 'x-original-method': 'GET' },
    ...{ 'x-forwarded-uri': '/x', 'x-forwarded-host': OTHER, 'x-forwarded-method': 'GET' },
  };
  const addresses = ['/auth/forward/anything', '/auth/forward', '/auth/verify', '/oauth2/auth'];
  const spellings = [
    '/auth/./forward/x',
    '/auth//forward/x',
    '/auth/%66orward/x',
    '/AUTH/forward/x',
  ];
  return [...addresses, ...spellings].flatMap((target) => [
    [target, {}],
    [target, { host: OTHER }],
    [target, { host: `localhost:${port}`, ...original }],
    [target, { 'x-original-url': `http://${OTHER}/x` }],
    [target, { 'x-rewrite-url': '/x', 'x-forwarded-host': OTHER }],
  ]);
};

const cookieOf = (browser: Browser) =>
  [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ');

/** Sends each request with its path as written: other clients would normalize it. */
async function assertNoAssertion(port: number, browser: Browser) {
  for (const [target, headers] of requestsTo(port)) {
    const lines = Object.entries({
      host: `localhost:${port}`,
      ...headers,
      cookie: cookieOf(browser),
    });
    const head = lines.map(([name, value]) => `${name}: ${value}`).join('\r\n');
    const request = `GET ${target} HTTP/1.1\r\n${head}\r\nConnection: close\r\n\r\n`;
    const { text } = await rawRequest(port, request);
    assert.doesNotMatch(text, /x-b2c-assertion: *ey/i, `${target} ${JSON.stringify(headers)}`);
  }
}

for (const proxy of PROXIES) {
  describe(`behind ${proxy.name}, with sign-in on the host of the application`, {
    skip: proxy.skip,
  }, async () => {
    if (proxy.skip) return;
    const places = { ...(await freePorts()), isOneHost: true };
    const { port } = places;
    const baseUrl = `http://localhost:${port}`;
    const gate = { assertion: true, allowedHosts: [OTHER] };
    const { control } = await startApp(scope, {
      port: places.signInPort,
      config: { baseUrl, gate },
    });
    await startEchoApplication(scope, places.applicationPort);
    await proxy.start(scope, places);
    const browser = createBrowser(baseUrl);
    const { location } = await browser.get('/auth/sign_in');
    await browser.get(await control.authorize(location, { as: 'alice@example.com' }));

    test('no request of a browser returns an assertion to it', () =>
      assertNoAssertion(port, browser));

    test('the application gets an assertion for its host, with method and path of the request', async () => {
      const page = await browser.send('DELETE', '/orders/7?token=1');
      const assertion = JSON.parse(page.body).headers['x-b2c-assertion'];
      const { aud, method, path } = decodeJwt(assertion);
      assert.deepEqual([aud, method, path], [`localhost:${port}`, 'DELETE', '/orders/7']);
    });

    test('the host of an assertion is the one that the proxy used, not a second one', async () => {
      const lines = [
        `GET http://localhost:${port}/x HTTP/1.1`,
        ...[`Host: ${OTHER}`, `Cookie: ${cookieOf(browser)}`, 'Connection: close'],
      ];
      const { status, text } = await rawRequest(port, `${lines.join('\r\n')}\r\n\r\n`);
      assert.equal(status, 200);
      const [, assertion = ''] = /"x-b2c-assertion":"([^"]*)"/.exec(text) ?? [];
      if (assertion) assert.notEqual(decodeJwt(assertion).aud, OTHER);
      assert.doesNotMatch(text, /"host":"other/);
    });
  });
}

test('behind docs/nginx/b2c-signin.conf, no request of a browser returns an assertion to it', {
  skip: skipWithoutNginx(),
}, async (t) => {
  const port = await freePort();
  const signInPort = await freePort();
  const baseUrl = `http://localhost:${port}`;
  const gate = { assertion: true, allowedHosts: [OTHER] };
  const { control } = await startApp(t, { port: signInPort, config: { baseUrl, gate } });
  await startNginx(t, { port, http: (folder) => balancerOfNginx(folder, { port, signInPort }) });
  const browser = createBrowser(baseUrl);
  const { location } = await browser.get('/auth/sign_in');
  await browser.get(await control.authorize(location, { as: 'alice@example.com' }));
  await assertNoAssertion(port, browser);
  // The proxy of an application sends its requests to the process directly.
  const direct = createBrowser(`http://localhost:${signInPort}`);
  for (const [name, value] of browser.cookies) direct.cookies.set(name, value);
  const { headers } = await direct.get('/auth/verify', { 'x-original-url': `http://${OTHER}/x` });
  assert.equal(decodeJwt(String(headers['x-b2c-assertion'])).aud, OTHER);
});

describe("Envoy's form of a request", () => {
  test('is not accepted by default', async (t) => {
    const app = await startApp(t, { config: { gate: { assertion: true } } });
    assert.equal((await (await app.signedIn()).get('/auth/forward/x')).status, 404);
  });

  test('is accepted with gate.envoy', async (t) => {
    const app = await startApp(t, { config: { gate: { assertion: true, envoy: true } } });
    const { status, headers } = await (await app.signedIn()).get('/auth/forward/x?y=1');
    assert.equal(status, 200);
    const { aud, method, path } = decodeJwt(String(headers['x-b2c-assertion']));
    assert.deepEqual([aud, method, path], [`localhost:${app.port}`, 'GET', '/x']);
  });
});

test('an assertion is empty for a path that is too long for a header', async (t) => {
  const app = await startApp(t, { config: { gate: { assertion: true } } });
  const browser = await app.signedIn();
  for (const [length, isEmpty] of [
    [2_048, false],
    [2_049, true],
  ] as const) {
    const url = `${app.url}/${'x'.repeat(length - 1)}?query`;
    const { status, headers } = await browser.get('/auth/verify', { 'x-original-url': url });
    assert.equal(status, 202);
    assert.equal(headers['x-b2c-assertion'] === '', isEmpty);
  }
});
