// nginx and Caddy in front of an application, set up with the files of docs/gate.
import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import { type Dispatcher, request, WebSocket } from 'undici';
import { type RunningApp, startApp } from '../support/app.js';
import { type Answer, type Browser, createBrowser } from '../support/browser.js';
import { type Seen, startEchoApplication } from '../support/echo-application.js';
import { freePorts, PROXIES, type ReverseProxy } from '../support/proxies.js';
import { rawRequest } from '../support/raw-request.js';
import { fileScope } from '../support/redis.js';

const RULES = [
  { path: '/public', allow: 'everyone' },
  { path: '/admin', claims: { extension_Role: ['admin'] } },
];
const IDENTITY = ['user', 'email', 'preferred-username', 'groups'];

interface Site {
  signIn: RunningApp;
  /** The URL of the application for browsers. */
  url: string;
  port: number;
  seen: Seen[];
  anonymous(): Browser;
  /** A browser at the application that has signed in with these claims. */
  signedIn(claims?: Record<string, unknown>): Promise<Browser>;
}

async function start(t: TestContext, proxy: ReverseProxy): Promise<Site> {
  const places = await freePorts();
  const { port } = places;
  const gate = { allowedHosts: [`localhost:${port}`], rules: RULES, assertion: true };
  const signIn = await startApp(t, { port: places.signInPort, config: { gate } });
  const seen = await startEchoApplication(t, places.applicationPort);
  await proxy.start(t, places);
  seen.length = 0;
  const url = `http://localhost:${port}`;
  const anonymous = () => createBrowser(url);
  const site: Site = {
    signIn,
    url,
    port,
    seen,
    anonymous,
    async signedIn(claims = {}) {
      const atSignIn = signIn.browser();
      const { location } = await atSignIn.get('/auth/sign_in');
      const as = 'alice@example.com';
      await atSignIn.get(await signIn.control.authorize(location, { as, claims }));
      return sharing(atSignIn, anonymous());
    },
  };
  return site;
}

/** Hosts that differ only in the port share their cookies. */
function sharing(from: Browser, to: Browser): Browser {
  for (const [name, value] of from.cookies) to.cookies.set(name, value);
  return to;
}

const seenBy = ({ body }: Answer): Seen => JSON.parse(body);
const SCRIPT = { accept: '*/*', 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty' };

for (const proxy of PROXIES) {
  describe(`behind ${proxy.name}`, { skip: proxy.skip }, async () => {
    const site = proxy.skip ? undefined : await start(fileScope() as unknown as TestContext, proxy);
    if (!site) return;
    const { signIn, seen, anonymous } = site;

    test('a page navigation is redirected to sign-in and returns to the same page with its query', async () => {
      const wanted = '/orders/7?item=1&item=2&next=%2Fa%20b';
      const first = await anonymous().get(wanted);
      assert.equal(first.status, 302);
      const own = encodeURIComponent(site.url + wanted);
      assert.equal(first.location, `${signIn.url}/auth/sign_in?return_to=${own}`);
      const atSignIn = signIn.browser();
      const { location } = await atSignIn.get(first.location);
      const callback = await signIn.control.authorize(location, { as: 'alice@example.com' });
      const back = await atSignIn.get(callback);
      assert.equal(back.location, site.url + wanted);
      const page = await sharing(atSignIn, anonymous()).get(back.location);
      assert.equal(page.status, 200);
      assert.equal(seenBy(page).url, wanted);
    });

    test('an API request gets 401 with signInUrl and does not reach the application', async () => {
      seen.length = 0;
      for (const method of ['GET', 'POST', 'DELETE']) {
        const answer = await anonymous().send(method, '/data', SCRIPT);
        assert.equal(answer.status, 401);
        assert.equal(JSON.parse(answer.body).signInUrl, `${signIn.url}/auth/sign_in`);
      }
      assert.equal(seen.length, 0);
    });

    test('the application receives the user', async () => {
      const browser = await site.signedIn({ emails: ['zoë@example.com'], groups: ['a', 'b,c'] });
      const { headers } = seenBy(await browser.get('/x'));
      assert.match(String(headers['x-auth-request-user']), /^[0-9a-f-]{36}$/);
      assert.equal(headers['x-auth-request-email'], 'zo%C3%AB@example.com');
      assert.equal(headers['x-auth-request-groups'], 'a,b%2Cc');
      const statement = String(headers['x-b2c-assertion']).split('.')[1] ?? '';
      const { aud } = JSON.parse(String(Buffer.from(statement, 'base64url')));
      assert.equal(aud, `localhost:${site.port}`);
    });

    test('identity headers of a client never reach the application', async () => {
      const names = IDENTITY.flatMap((name) => [`x-auth-request-${name}`, `x-forwarded-${name}`]);
      const all = [...names, 'x-b2c-assertion'].flatMap((name) => {
        const parts = name.split('-');
        const mixed = parts
          .slice(1)
          .map((_, i) => `${parts.slice(0, i + 1).join('-')}_${parts.slice(i + 1).join('-')}`);
        return [name, name.replaceAll('-', '_'), name.toUpperCase(), ...mixed];
      });
      const forged = Object.fromEntries(all.map((name) => [name, 'forged']));
      const browser = await site.signedIn();
      for (const who of [anonymous(), browser]) {
        const { headers } = seenBy(await who.get('/public/x', forged));
        for (const [name, value] of Object.entries(headers)) {
          assert.doesNotMatch(String(value), /forged/, name);
        }
      }
      // Repeated, and in mixed case.
      const lines = ['X-Auth-Request-User: forged', 'x-AUTH-request-user: forged'].join('\r\n');
      const host = `Host: localhost:${site.port}\r\nConnection: close`;
      const { text } = await rawRequest(
        site.port,
        `GET /public HTTP/1.1\r\n${host}\r\n${lines}\r\n\r\n`,
      );
      assert.match(text, /^HTTP\/1\.1 200/);
      assert.doesNotMatch(text, /forged/);
    });

    test('no header opens a path by naming another one', async () => {
      const names = [
        'x-original-url',
        'x-original-uri',
        'x-rewrite-url',
        'x-forwarded-uri',
        'x-forwarded-path',
      ];
      const values = ['/public', `${site.url}/public`];
      const bob = await site.signedIn();
      seen.length = 0;
      for (const name of [...names, 'x_original_url', 'x_forwarded_uri']) {
        for (const value of values) {
          assert.notEqual((await anonymous().get('/other', { [name]: value })).status, 200, name);
          assert.notEqual((await bob.get('/admin', { [name]: value })).status, 200, name);
        }
      }
      const others = {
        'x-forwarded-method': 'OPTIONS',
        'x-http-method-override': 'OPTIONS',
        'x-forwarded-host': 'a.example',
      };
      assert.notEqual((await anonymous().get('/other', others)).status, 200);
      assert.equal(seen.length, 0);
    });

    test('an ambiguous path never reaches the application', async () => {
      const admin = await site.signedIn({ extension_Role: ['admin'] });
      const cookie = [...admin.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
      const paths = [
        '/public/../admin',
        '/public/%2e%2e/admin',
        '/public/..%2fadmin',
        '/public%2f..%2fadmin',
        '/public/..;/admin',
        '/public;/../admin',
        '//admin',
        '/public//../admin',
        '/public\\..\\admin',
        '/public/%252e%252e/admin',
        '/%61dmin',
        '/Admin',
        '/admin.json',
        '/admin;x',
        '/public/%00',
        '/public/%ff',
        '/public#/../admin',
        '/public/%c0%ae%c0%ae/admin',
        '/public%0a/admin',
      ];
      seen.length = 0;
      for (const path of paths) {
        for (const who of ['', `Cookie: ${cookie}\r\n`]) {
          const head = `GET ${path} HTTP/1.1\r\nHost: localhost:${site.port}\r\nConnection: close\r\n${who}\r\n`;
          const { status } = await rawRequest(site.port, head);
          assert.ok([400, 403].includes(status), `${path}: ${status}`);
        }
      }
      assert.equal(seen.length, 0, JSON.stringify(seen.map(({ url }) => url)));
    });

    test('claims decide, and a user without the claim gets a 403 page', async () => {
      const page = await (await site.signedIn()).get('/admin/x');
      assert.equal(page.status, 403);
      assert.match(page.body, /Your account has no access/);
      assert.equal(
        (await (await site.signedIn({ extension_Role: 'admin' })).get('/admin/x')).status,
        200,
      );
    });

    test('methods, bodies and large cookies reach the application', async () => {
      const browser = await site.signedIn();
      const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
      const large = `${cookie}; large=${'x'.repeat(6_000)}`;
      const body = 'x'.repeat(100_000);
      for (const method of ['POST', 'PUT', 'PATCH'] as const) {
        const answer: Dispatcher.ResponseData = await request(`${site.url}/form?x=1`, {
          method,
          body,
          headers: { cookie: large, 'content-type': 'text/plain', ...SCRIPT },
        });
        assert.equal(answer.statusCode, 200, method);
        const own = (await answer.body.json()) as Seen;
        assert.deepEqual(
          [own.method, own.url, own.body.length],
          [method, '/form?x=1', body.length],
        );
        assert.match(String(own.headers.cookie), /large=x{6000}/);
      }
    });

    test('a POST request of another site is decided by the session', async () => {
      const headers = { 'sec-fetch-site': 'cross-site', origin: 'https://other.example' };
      assert.equal((await (await site.signedIn()).post('/form', {}, headers)).status, 200);
      assert.equal((await anonymous().post('/form', {}, headers)).status, 401);
    });

    test('a WebSocket opens for signed-in users only', async () => {
      const address = `ws://localhost:${site.port}/chat?room=1`;
      const refused = new WebSocket(address);
      await new Promise((resolve) => refused.addEventListener('error', resolve));
      const browser = await site.signedIn();
      seen.length = 0;
      const headers = {
        cookie: `b2c-signin=${browser.cookies.get('b2c-signin')}`,
        'x-auth-request-user': 'forged',
      };
      const socket = new WebSocket(address, { headers });
      const message = new Promise((resolve, reject) => {
        socket.addEventListener('error', () => reject(new Error('the web socket does not open')));
        socket.addEventListener('open', () => socket.send('hello'));
        socket.addEventListener('message', ({ data }) => resolve(data));
      });
      assert.equal(await message, 'hello');
      socket.close();
      assert.equal(seen[0]?.url, '/chat?room=1');
      assert.match(String(seen[0]?.headers['x-auth-request-user']), /^[0-9a-f-]{36}$/);
    });

    test('no other upgrade is forwarded, because later requests would bypass the gate', async () => {
      for (const upgrade of ['h2c', 'websocket, h2c', 'anything']) {
        const lines = [
          'GET /public HTTP/1.1',
          `Host: localhost:${site.port}`,
          ...['Connection: Upgrade, HTTP2-Settings, close', `Upgrade: ${upgrade}`],
          'HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA',
        ];
        seen.length = 0;
        const { status } = await rawRequest(site.port, `${lines.join('\r\n')}\r\n\r\n`);
        assert.equal(status, 200, upgrade);
        assert.equal(seen[0]?.headers.upgrade, undefined, upgrade);
      }
    });

    test('a client cannot remove identity headers or name another path', async () => {
      const browser = await site.signedIn();
      const { body } = await browser.get('/x', {
        ...SCRIPT,
        'x-original-url': '/admin',
        'x-rewrite-url': '/admin',
        'x.auth.request.user': 'forged',
      });
      assert.doesNotMatch(body, /forged|\/admin/);
      const lines = [
        'GET /x HTTP/1.1',
        `Host: localhost:${site.port}`,
        'Connection: X-Auth-Request-User, X-B2C-Assertion, close',
        `Cookie: b2c-signin=${browser.cookies.get('b2c-signin')}`,
      ];
      seen.length = 0;
      await rawRequest(site.port, `${lines.join('\r\n')}\r\n\r\n`);
      assert.match(String(seen[0]?.headers['x-auth-request-user']), /^[0-9a-f-]{36}$/);
      assert.match(String(seen[0]?.headers['x-b2c-assertion']), /^ey/);
    });

    test('sign-out ends access to the application', async () => {
      const browser = await site.signedIn();
      assert.equal((await browser.get('/x', SCRIPT)).status, 200);
      await sharing(browser, signIn.browser()).post('/auth/sign_out');
      assert.equal((await browser.get('/x', SCRIPT)).status, 401);
    });

    test('browsers cannot call the gate', async () => {
      for (const path of ['/_gate', '/auth/verify', '/auth/forward']) {
        assert.ok([302, 404].includes((await anonymous().get(path)).status), path);
      }
    });
  });
}
