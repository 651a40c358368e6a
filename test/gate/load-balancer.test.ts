// Behind a load balancer that ends TLS: the examples of docs/forward-auth.md, with real proxies.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { startApp } from '../support/app.js';
import { createBrowser } from '../support/browser.js';
import { startEchoApplication } from '../support/echo-application.js';
import { moved } from '../support/migrated-app.js';
import { skipWithoutNginx, startNginx } from '../support/nginx.js';
import {
  freePorts,
  gateOfCaddy,
  gateOfNginx,
  type Places,
  skipWithoutCaddy,
  startCaddy,
} from '../support/proxies.js';
import { fileScope } from '../support/redis.js';

const scope = fileScope() as unknown as TestContext;
const document = readFileSync(
  fileURLToPath(new URL('../../docs/forward-auth.md', import.meta.url)),
  'utf8',
).split(/^## /m);
const section = document.find((text) => text.startsWith('Behind a load balancer')) ?? '';
const found = (pattern: RegExp): string => {
  const [, text] = pattern.exec(section) ?? [];
  assert.ok(text, String(pattern));
  return text;
};

/** The address of the load balancer in the examples. */
const BALANCER = '10.0.0.5';
const LAST_LINE = 'proxy_set_header X-Forwarded-Proto $scheme;';

/** Starts a proxy that trusts `address`; the test itself is the load balancer, at 127.0.0.1. */
type Start = (places: Places, address: string) => Promise<void>;

const startWithNginx: Start = (places, address) =>
  startNginx(scope, {
    port: places.port,
    http(folder) {
      const site = gateOfNginx(folder, places);
      const headers = path.join(folder, 'gate-headers.conf');
      const replaced = found(/replace the last line by `([^`]+)`/);
      writeFileSync(headers, moved(readFileSync(headers, 'utf8'), [[LAST_LINE, replaced]]));
      return moved(found(/```nginx\n(.*?)```/s), [[BALANCER, address]]) + site;
    },
  });

const startWithCaddy: Start = (places, address) => {
  const line = moved(found(/\*\*Caddy\*\*: `([^`]+)`/), [[BALANCER, address]]);
  const upstream = (port: number) => `127.0.0.1:${port}`;
  const handlers = [
    `reverse_proxy /auth/* ${upstream(places.signInPort)}`,
    `reverse_proxy ${upstream(places.applicationPort)}`,
  ];
  const site = moved(gateOfCaddy(places), [
    ...handlers.map((handler) => [handler, `${handler} {\n${line}\n}`] as const),
    [
      `forward_auth ${upstream(places.signInPort)} {`,
      `forward_auth ${upstream(places.signInPort)} {\n${line}`,
    ],
  ]);
  return startCaddy(scope, { port: places.port, site });
};

const FROM_BALANCER = { 'x-forwarded-proto': 'https', 'x-forwarded-for': '203.0.113.7' };

for (const { name, skip, start } of [
  { name: 'nginx', skip: skipWithoutNginx(), start: startWithNginx },
  { name: 'Caddy', skip: skipWithoutCaddy(), start: startWithCaddy },
]) {
  describe(`${name} behind a load balancer`, { skip }, async () => {
    if (skip) return;
    /** The headers at the application, of a request that names it by `x-forwarded-…`. */
    const startSite = async (trusted: string) => {
      const places = { ...(await freePorts()), isOneHost: true };
      const baseUrl = `http://localhost:${places.port}`;
      const gate = {
        assertion: true,
        allowedHosts: ['other.example'],
        rules: [{ path: '/public', allow: 'everyone' }],
      };
      const { control } = await startApp(scope, {
        port: places.signInPort,
        config: { baseUrl, gate },
      });
      await startEchoApplication(scope, places.applicationPort);
      await start(places, trusted);
      const browser = createBrowser(baseUrl);
      const { location } = await browser.get('/auth/sign_in');
      await browser.get(await control.authorize(location, { as: 'alice@example.com' }));
      return { browser, anonymous: createBrowser(baseUrl), host: `localhost:${places.port}` };
    };
    const trusted = await startSite('127.0.0.1');
    const untrusted = await startSite(BALANCER);

    test('the application receives scheme and client address of the load balancer', async () => {
      const { headers } = JSON.parse((await trusted.browser.get('/x', FROM_BALANCER)).body);
      assert.equal(headers['x-forwarded-proto'], 'https');
      assert.match(headers['x-forwarded-for'], /^203\.0\.113\.7(, 127\.0\.0\.1)?$/);
      assert.equal(headers['x-auth-request-email'], 'alice@example.com');
    });

    test('these headers of any other client are overwritten', async () => {
      const { headers } = JSON.parse((await untrusted.browser.get('/x', FROM_BALANCER)).body);
      assert.equal(headers['x-forwarded-proto'], 'http');
      assert.equal(headers['x-forwarded-for'], '127.0.0.1');
    });

    test('a host that the client names does not pass the load balancer and the proxy', async () => {
      const forged = { ...FROM_BALANCER, 'x-forwarded-host': 'other.example' };
      const { headers } = JSON.parse((await trusted.browser.get('/x', forged)).body);
      assert.equal(headers.host, trusted.host);
      assert.notEqual(headers['x-forwarded-host'], 'other.example');
      const statement = String(headers['x-b2c-assertion']).split('.')[1] ?? '';
      const { aud } = JSON.parse(String(Buffer.from(statement, 'base64url')));
      assert.equal(aud, trusted.host);
    });

    test('the gate decides as without a load balancer', async () => {
      assert.equal((await trusted.anonymous.get('/public/x', FROM_BALANCER)).status, 200);
      const { status, location } = await trusted.anonymous.get('/x?y=1', FROM_BALANCER);
      assert.equal(status, 302);
      assert.equal(location, `http://${trusted.host}/auth/sign_in?return_to=%2Fx%3Fy%3D1`);
      const forged = { ...FROM_BALANCER, 'x~auth~request~user': 'forged' };
      assert.doesNotMatch((await trusted.browser.get('/x', forged)).body, /forged/);
    });
  });
}
