// Headers that a client must not set: docs/gate/nginx-headers.conf has the list, every other file follows.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { createFindHeaderAlias } from '../../dist/gate/header-aliases.js';
import { startApp } from '../support/app.js';
import { createBrowser } from '../support/browser.js';
import { startEchoApplication } from '../support/echo-application.js';
import { freePort } from '../support/free-port.js';
import { skipWithoutNginx, startNginx } from '../support/nginx.js';
import { balancerOfNginx, freePorts, PROXIES } from '../support/proxies.js';
import { fileScope } from '../support/redis.js';

const scope = fileScope() as unknown as TestContext;
const fileOf = (name: string) =>
  readFileSync(fileURLToPath(new URL(`../../docs/${name}`, import.meta.url)), 'utf8');

const LIST = [...fileOf('gate/nginx-headers.conf').matchAll(/^proxy_set_header (\S+) (\S+);$/gm)];
const ALL = LIST.map(([, name = '']) => name.toLowerCase());
/** Headers that the proxies set themselves. */
const SET = LIST.flatMap(([, name = '', value]) => (value === '""' ? [] : [name.toLowerCase()]));
const CLEARED = ALL.filter((name) => !SET.includes(name));

describe('the list of headers that a client must not set', () => {
  test('contains the headers by which applications learn the user and the URL', () => {
    const known = ['host', 'prefix', 'uri', 'method', 'port', 'access-token', 'user', 'groups'];
    const expected = [
      ...known.map((name) => `x-forwarded-${name}`),
      ...['forwarded', 'x-original-url', 'x-original-uri', 'x-rewrite-url', 'x-b2c-assertion'],
      ...['x-auth-request-user', 'x-auth-request-access-token'],
    ];
    assert.deepEqual(
      expected.filter((name) => !CLEARED.includes(name)),
      [],
    );
    assert.deepEqual(SET, ['x-real-ip', 'x-forwarded-for', 'x-forwarded-proto']);
  });

  test('has no other spelling that the gate accepts, except of names without a family', () => {
    const find = createFindHeaderAlias([]);
    const missing = ALL.filter((name) => !find([name.replaceAll('-', '~'), 'x']));
    assert.deepEqual(missing, ['forwarded', 'x-scheme', 'x-url-scheme', 'x-real-ip']);
  });

  const files: Record<string, (text: string) => (name: string) => boolean> = {
    'gate/envoy.yaml': (text) => (name) => text.includes(`- remove: ${name}\n`),
    'gate/Caddyfile': (text) => {
      const removed = [...text.matchAll(/^\s+request_header -(X-\S+|Forwarded)$/gm)].map(
        ([, pattern = '']) => pattern.toLowerCase(),
      );
      return (name) =>
        removed.some((pattern) =>
          pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern,
        );
    },
    'gate/traefik-dynamic.yml': (text) => {
      const removed = [...text.matchAll(/^ {10}(\S+): ""$/gm)].map(([, name]) =>
        name?.toLowerCase(),
      );
      const [, regex = ''] = /authResponseHeadersRegex: "\(\?i\)(.*)"/.exec(text) ?? [];
      // Traefik overwrites these.
      const set = ['x-forwarded-host', 'x-forwarded-port', 'x-forwarded-server'];
      return (name) =>
        removed.includes(name) || set.includes(name) || new RegExp(regex, 'i').test(name);
    },
  };
  for (const [file, reader] of Object.entries(files)) {
    test(`is removed by ${file}`, () => {
      const isRemoved = reader(fileOf(file));
      assert.deepEqual(
        CLEARED.filter((name) => !isRemoved(name)),
        [],
      );
    });
  }

  test('is included in every location of the files for nginx', () => {
    for (const file of [
      'gate/nginx.conf',
      'gate/nginx-gate.conf',
      'nginx/b2c-signin.conf',
      'migrate/oauth2-proxy.md',
    ]) {
      const blocks = fileOf(file).split(/^ *location /m);
      for (const block of blocks.filter((text) => text.includes('proxy_pass '))) {
        assert.match(
          block,
          /include +(\/etc\/nginx\/)?gate(-headers)?\.conf;/,
          `${file}: ${block}`,
        );
        assert.doesNotMatch(block, /^[^#\n]*\$http_host/m, file);
      }
    }
  });
});

const FORGED = Object.fromEntries(ALL.map((name) => [name, 'forged.example']));

for (const proxy of PROXIES) {
  describe(`behind ${proxy.name}`, { skip: proxy.skip }, async () => {
    if (proxy.skip) return;
    const places = { ...(await freePorts()), isOneHost: true };
    const baseUrl = `http://localhost:${places.port}`;
    const gate = { rules: [{ path: '/public', allow: 'everyone' }] };
    const { control } = await startApp(scope, {
      port: places.signInPort,
      config: { baseUrl, gate },
    });
    await startEchoApplication(scope, places.applicationPort);
    await proxy.start(scope, places);
    const browser = createBrowser(baseUrl);
    const { location } = await browser.get('/auth/sign_in');
    await browser.get(await control.authorize(location, { as: 'alice@example.com' }));

    test('none of these headers of a client reaches the application', async () => {
      for (const client of [createBrowser(baseUrl), browser]) {
        const { status, body } = await client.get('/public/x', FORGED);
        assert.equal(status, 200);
        assert.doesNotMatch(body, /forged/);
      }
    });

    test('the application receives host, scheme and address of the request', async () => {
      const { headers } = JSON.parse((await browser.get('/x')).body);
      assert.equal(headers.host, `localhost:${places.port}`);
      assert.equal(headers['x-forwarded-proto'], 'http');
      assert.equal(headers['x-forwarded-for'], '127.0.0.1');
      assert.equal(headers['x-auth-request-email'], 'alice@example.com');
    });

    test('none of these headers changes a response of sign-in', async () => {
      const plain = await createBrowser(baseUrl).get('/auth/me');
      const forged = await createBrowser(baseUrl).get('/auth/me', FORGED);
      assert.deepEqual([forged.status, forged.body], [plain.status, plain.body]);
    });
  });
}

test('none of these headers of a client passes docs/nginx/b2c-signin.conf', {
  skip: skipWithoutNginx(),
}, async (t) => {
  const [port, signInPort] = [await freePort(), await freePort()];
  const seen = await startEchoApplication(t, signInPort);
  await startNginx(t, {
    port,
    http: (folder) => balancerOfNginx(folder, { port, signInPort }),
  });
  const { status, body } = await createBrowser(`http://localhost:${port}`).get('/auth/me', FORGED);
  assert.equal(status, 200);
  assert.doesNotMatch(body, /forged/);
  assert.equal(seen.at(-1)?.headers.host, `localhost:${port}`);
});

describe('x-rewrite-url, by which some applications route', async () => {
  const gate = { rules: [{ path: '/public', allow: 'everyone' }] };
  const app = await startApp(scope, { config: { gate } });
  const verify = async (headers: Record<string, string>) =>
    (await app.browser().get('/auth/verify', headers)).status;

  test('is denied if it names another path', async () => {
    const both = { 'x-original-url': '/public', 'x-rewrite-url': '/admin' };
    assert.equal(await verify(both), 403);
  });

  test('is read like the other headers of the original request', async () => {
    assert.equal(await verify({ 'x-rewrite-url': '/public/x' }), 202);
    assert.equal(await verify({ 'x-rewrite-url': '/other' }), 401);
  });
});
