// Vulnerabilities of other relying parties, proxies and libraries: one test for each that applies here, with
// the number of its advisory. Tests of the gate's rules and identity headers are in test/gate.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, type TestContext, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { createOutbound } from '../dist/oidc/outbound.js';
import { createSealer } from '../dist/session/sealed-value.js';
import { constantTimeEqual } from '../dist/session/signed-cookie.js';
import { type RunningApp, startApp } from './support/app.js';
import type { Browser } from './support/browser.js';
import {
  assertAccepted,
  assertAlive,
  assertRejected,
  startCase,
  visit,
} from './support/check-result.js';
import { encode, type Faults, type FaultyProvider } from './support/faulty-provider.js';
import { rawRequest } from './support/raw-request.js';

const SESSION = 'b2c-signin';
const PRIVATE = '/auth/token_details';

async function comeBack(app: RunningApp, browser: Browser, path: string, as = 'alice@example.com') {
  const { location } = await browser.get(path);
  return browser.get(await app.control.authorize(location, { as }));
}

const raw = (app: RunningApp, head: string, body = '') =>
  rawRequest(Number(new URL(app.url).port), `${head}\r\n\r\n${body}`);

/** A sign-in with this return path ends on the start page. */
function leadsHome(...returnPaths: string[]) {
  return async (t: TestContext) => {
    const app = await startApp(t);
    for (const path of returnPaths) {
      const query = `return_to=${encodeURIComponent(path)}`;
      const end = await comeBack(app, app.browser(), `/auth/sign_in?${query}`);
      assert.equal(end.status, 303);
      assert.equal(end.location, '/', JSON.stringify(path));
      assert.equal(end.body, '');
    }
  };
}

/** An unauthenticated request with these headers, or at this path, gets no protected page. */
function isAnonymous(requests: { path?: string; headers?: Record<string, string> }[]) {
  return async (t: TestContext) => {
    const app = await startApp(t);
    for (const { path = PRIVATE, headers = {} } of requests) {
      const answer = await app.browser().get(path, headers);
      assert.ok([400, 401, 404].includes(answer.status), `${path}: ${answer.status}`);
    }
    assert.equal((await app.browser().get('/healthz')).status, 200);
  };
}

/** A provider with this fault cannot sign users in. Afterwards, a sign-in without the fault works. */
function isRefused(faults: (provider: FaultyProvider) => Faults) {
  return async (t: TestContext) => {
    const given = await startCase(t, { faults });
    await assertRejected(given, await visit(given));
    assert.equal(given.provider.counts.other, 0);
    await assertAlive(given);
  };
}

describe('return paths', () => {
  test('CVE-2020-5233: a backslash is a slash to browsers', leadsHome('/\\evil.example'));
  test(
    'GHSA-j7px-6hwj-hpjg: browsers remove whitespace between slashes',
    leadsHome('/\t/evil.example', '/\n/evil.example', '/\r\n/evil.example', ' //evil.example'),
  );
  test(
    'GHSA-5m6c-jp6f-2vcv: the parsed path is checked, not its text',
    leadsHome('/.//evil.example', '/a/..//evil.example', '/%2e//evil.example', '/\u0000/evil'),
  );
  test(
    'CVE-2021-43812, CVE-2022-24858, CVE-2022-29214: a return path is never a URL',
    leadsHome('https://evil.example', 'http:evil.example', 'javascript:alert(1)', '//evil.example'),
  );
  test('CVE-2022-24794: the request target can be a URL', async (t) => {
    const app = await startApp(t);
    for (const target of ['//google.com', '//google.com/%2e%2e', '/\\google.com']) {
      const answer = await raw(app, `GET ${target} HTTP/1.1\r\nHost: a\r\nConnection: close`);
      assert.equal(answer.status, 400);
      assert.equal(answer.text.includes('google'), false);
    }
  });
  test('vouch-proxy 313, 409: a valid path with a URL in its query is kept', async (t) => {
    const app = await startApp(t);
    const path = '/report?from=https://partner.example/a%20b&x=//y';
    const end = await comeBack(
      app,
      app.browser(),
      `/auth/sign_in?return_to=${encodeURIComponent(path)}`,
    );
    assert.equal(end.location, path);
  });
  test('CVE-2024-29041, CVE-2024-43796: a redirect is ASCII and has no body', async (t) => {
    const app = await startApp(t);
    const path = encodeURIComponent('/日本/<script>alert(1)</script>"');
    const end = await comeBack(app, app.browser(), `/auth/sign_in?return_to=${path}`);
    assert.equal(end.location, '/%E6%97%A5%E6%9C%AC/%3Cscript%3Ealert(1)%3C/script%3E%22');
    assert.equal(end.body, '');
  });
  test('CVE-2019-20479, CVE-2019-14857, CVE-2021-32786, CVE-2021-39191, CVE-2022-23527: no parameter controls where a sign-out ends', async (t) => {
    const app = await startApp(t);
    const names = ['post_logout_redirect_uri', 'return_to', 'logout', 'returnTo', 'redirect_uri'];
    const evil = new URLSearchParams(names.map((name) => [name, 'https://evil.example/']));
    const browser = await app.signedIn();
    const page = await browser.post(`/auth/sign_out?${evil}`, Object.fromEntries(evil));
    assert.equal(page.status, 200);
    assert.equal(page.body.includes('evil'), false);
    assert.equal((await browser.get(`/auth/post_sign_out?${evil}&state=x`)).location, '');
  });
});

describe('access control', () => {
  test(
    'CVE-2025-54576: rules match the path, not the query',
    isAnonymous([{ path: `${PRIVATE}?x=/healthz` }, { path: `${PRIVATE}?/healthz` }]),
  );
  test(
    'CVE-2026-34457: the User-Agent of a health check is not a sign-in',
    isAnonymous(
      ['GoogleHC/1.0', 'kube-probe/1.29', 'ELB-HealthChecker/2.0'].map((agent) => ({
        headers: { 'user-agent': agent },
      })),
    ),
  );
  test(
    'CVE-2026-40575: a path in a header does not change the path',
    isAnonymous(
      ['x-forwarded-uri', 'x-original-url', 'x-rewrite-url', 'x-forwarded-path'].map((name) => ({
        headers: { [name]: '/healthz' },
      })),
    ),
  );
  test('CVE-2026-41059: a fragment in a request target is rejected', async (t) => {
    const app = await startApp(t);
    for (const target of [`/healthz#${PRIVATE}`, `${PRIVATE}#/healthz`]) {
      const answer = await raw(app, `GET ${target} HTTP/1.1\r\nHost: a\r\nConnection: close`);
      assert.equal(answer.status, 400);
    }
  });
  test('CVE-2021-39206, CVE-2023-33189: no other spelling of a path reaches its page', async (t) => {
    const app = await startApp(t);
    const { cookies } = await app.signedIn();
    const cookie = `Cookie: ${SESSION}=${cookies.get(SESSION)}`;
    for (const path of [
      '/healthz/..%2fauth/token_details',
      '/healthz/../auth/token_details',
      '/auth/%74oken_details',
      '/auth//token_details',
      '/auth/./token_details',
      '/AUTH/token_details',
    ]) {
      const answer = await raw(
        app,
        `GET ${path} HTTP/1.1\r\nHost: a\r\n${cookie}\r\nConnection: close`,
      );
      assert.equal(answer.status, 404, path);
    }
  });
  test('CVE-2022-24797: no internal page is public', async (t) => {
    const app = await startApp(t);
    for (const path of ['/metrics', '/debug/pprof', '/_emulator/', '/.git/config', '/config.json'])
      assert.equal((await app.browser().get(path)).status, 404, path);
  });
  test('CVE-2024-39315: pages about the user contain no token', async (t) => {
    const app = await startApp(t);
    const browser = await app.signedIn();
    for (const path of ['/', '/auth/me', PRIVATE, '/auth/sign_out']) {
      assert.doesNotMatch((await browser.get(path)).body, /eyJ|access_token|refresh_token/, path);
    }
  });
  test('GHSA-wcvh-g65p-v576: a bearer token is not a session', async (t) => {
    const given = await startCase(t);
    let token = '';
    given.provider.faults = {
      idToken(idToken) {
        token = idToken;
        return idToken;
      },
    };
    await assertAccepted(given, await visit(given));
    const headers = { authorization: `Bearer ${token}`, 'x-forwarded-access-token': token };
    assert.equal((await given.browser().get(PRIVATE, headers)).status, 401);
  });
  test('CVE-2025-48947: a response that sets a cookie is not cached', async (t) => {
    const app = await startApp(t);
    const browser = app.browser();
    const begun = await browser.get('/auth/sign_in');
    const end = await browser.get(
      await app.control.authorize(begun.location, { as: 'alice@example.com' }),
    );
    for (const { setCookies, headers } of [begun, end, await browser.post('/auth/sign_out')]) {
      assert.ok(setCookies.length > 0);
      assert.equal(headers['cache-control'], 'no-store');
    }
  });
  test('CVE-2025-67490, CVE-2026-40155: concurrent sign-ins are not mixed up', async (t) => {
    const app = await startApp(t);
    const people = Array.from({ length: 10 }, (_, i) => (i % 2 ? 'alice' : 'bob'));
    await Promise.all(
      people.map(async (name) => {
        const browser = await app.signedIn(`${name}@example.com`);
        const { user } = JSON.parse((await browser.get('/auth/me')).body);
        assert.equal(user.email, `${name}@example.com`);
      }),
    );
  });
});

describe('sessions and attempts', () => {
  test('CVE-2021-41246, CVE-2022-25896: each sign-in creates a new session ID, and a sign-out ends it', async (t) => {
    const app = await startApp(t);
    const browser = await app.signedIn();
    const first = browser.cookies.get(SESSION) ?? '';
    await comeBack(app, browser, '/auth/sign_in');
    const second = browser.cookies.get(SESSION) ?? '';
    assert.notEqual(second, first);
    await browser.post('/auth/sign_out');
    for (const old of [first, second]) {
      const thief = app.browser();
      thief.cookies.set(SESSION, old);
      assert.equal((await thief.get(PRIVATE)).status, 401);
    }
  });
  test('CVE-2025-46344: the content of a cookie expires, even if a browser keeps it', async (t) => {
    let offset = 0;
    const app = await startApp(t, { now: () => Date.now() + offset });
    const signedIn = await app.signedIn();
    const browser = app.browser();
    const { location } = await browser.get('/auth/sign_in');
    const callback = await app.control.authorize(location, { as: 'alice@example.com' });
    offset = 24 * 3_600_000;
    assert.equal((await signedIn.get(PRIVATE)).status, 401);
    assert.equal((await browser.get(callback)).status, 400);
    assert.equal(await app.control.count('token'), 1);
  });
  test('CVE-2023-48309, CVE-2024-47616: a value for one purpose is invalid for another', async (t) => {
    const app = await startApp(t);
    const browser = app.browser();
    await browser.get('/auth/sign_in');
    const [attempt = ''] = browser.cookies.values();
    for (const value of [attempt, attempt.split('.')[1] ?? '']) {
      const thief = app.browser();
      thief.cookies.set(SESSION, value);
      assert.equal((await thief.get(PRIVATE)).status, 401);
    }
  });
  test('CVE-2022-39263: the whole value is compared, not only its owner', async (t) => {
    const app = await startApp(t);
    const browser = app.browser();
    const { location } = await browser.get('/auth/sign_in');
    const url = new URL(await app.control.authorize(location, { as: 'alice@example.com' }));
    const state = url.searchParams.get('state') ?? '';
    url.searchParams.set('state', `${state.slice(0, -1)}${state.endsWith('A') ? 'B' : 'A'}`);
    assert.equal((await browser.get(url)).status, 400);
    assert.equal(await app.control.count('token'), 0);
  });
  test('CVE-2023-27490: sign-in requires state, nonce and verifier', async (t) => {
    const app = await startApp(t);
    const { location } = await app.browser().get('/auth/sign_in');
    const good = new URL(await app.control.authorize(location, { as: 'alice@example.com' }));
    const code = good.searchParams.get('code');
    for (const query of [`code=${code}`, `code=${code}&state=`, good.search.slice(1)]) {
      assert.equal((await app.browser().get(`/auth/redirect?${query}`)).status, 400);
    }
    assert.equal(await app.control.count('token'), 0);
  });
  test('CVE-2026-73419: an attempt belongs to the policy that it has started', async (t) => {
    const app = await startApp(t);
    const browser = app.browser();
    const [signIn, edit] = [
      await browser.get('/auth/sign_in'),
      await browser.get('/auth/edit_profile'),
    ];
    const as = { as: 'alice@example.com' };
    const url = new URL(await app.control.authorize(signIn.location, as));
    const other = new URL(await app.control.authorize(edit.location, as));
    url.searchParams.set('code', other.searchParams.get('code') ?? '');
    assert.ok((await browser.get(url)).status >= 400);
    assert.equal(browser.cookies.has(SESSION), false);
  });
  test('traefik-forward-auth 198, openid-client 154: tabs do not overwrite each other', async (t) => {
    const app = await startApp(t);
    const browser = app.browser();
    const tabs = [await browser.get('/auth/sign_in'), await browser.get('/auth/sign_in')];
    for (const { location } of tabs) {
      const callback = await app.control.authorize(location, { as: 'alice@example.com' });
      assert.equal((await browser.get(callback)).status, 303);
    }
  });
  test('mod_auth_openidc 2026: a repeated state or code is rejected', async (t) => {
    const app = await startApp(t);
    for (const name of ['state', 'code']) {
      const browser = app.browser();
      const { location } = await browser.get('/auth/sign_in');
      const url = new URL(await app.control.authorize(location, { as: 'alice@example.com' }));
      url.searchParams.append(name, url.searchParams.get(name) ?? '');
      assert.equal((await browser.get(url)).status, 400);
    }
    assert.equal(await app.control.count('token'), 0);
  });
  test('CVE-2021-32791: no two sealed values share an initialization vector', () => {
    const { seal } = createSealer(['a-session-secret-for-tests-of-40-letters'], 'attempt');
    const vectors = Array.from({ length: 1_000 }, () => seal('the same', 'x').slice(0, 16));
    assert.equal(new Set(vectors).size, 1_000);
  });
  test('CVE-2016-1000236: secrets of any length are compared without an error', () => {
    const rows: [string, string, boolean][] = [
      ['secret', 'secret', true],
      ['secret', 'secreT', false],
      ['secret', 'secret1', false],
      ['', '', false],
      ['é', 'e', false],
    ];
    for (const [a, b, same] of rows) assert.equal(constantTimeEqual(a, b), same, `${a} ${b}`);
  });
  test('CVE-2025-7339: all cookies of one response arrive', async (t) => {
    const app = await startApp(t);
    const browser = app.browser();
    const end = await comeBack(app, browser, '/auth/sign_in');
    const names = end.setCookies.map((line) => line.split('=', 1)[0]);
    assert.equal(names.length, 3);
    for (const start of [SESSION, `${SESSION}-logout`, 'b2c-attempt-']) {
      assert.ok(
        names.some((name) => name?.startsWith(start)),
        start,
      );
    }
  });
});

describe('hostile requests', () => {
  test(
    'CVE-2023-28625: an invalid Cookie header causes no error',
    isAnonymous(
      ['=', ';', ';;;=;', `${SESSION}`, `${SESSION}==`, '=;=', `${SESSION}=%`, ' ', ','].map(
        (cookie) => ({ headers: { cookie } }),
      ),
    ),
  );
  test(
    'CVE-2024-24814, CVE-2026-55149: a count in a cookie has no effect',
    isAnonymous(
      [
        `${SESSION}_1of10000000000=x`,
        `${SESSION}_chunks=99999999; ${SESSION}_0=x`,
        `${SESSION}.0=x; ${SESSION}.99999999=x`,
      ].map((cookie) => ({ headers: { cookie } })),
    ),
  );
  test('CVE-2025-3891: a POST may have no body', async (t) => {
    const app = await startApp(t);
    for (const path of ['/auth/sign_out', '/auth/redirect', '/', PRIVATE, '/nowhere']) {
      const { status } = await raw(app, `POST ${path} HTTP/1.1\r\nHost: a\r\nConnection: close`);
      assert.ok(status >= 400 && status < 500, `${path}: ${status}`);
    }
    assert.equal((await app.browser().get('/healthz')).status, 200);
  });
  test('CVE-2021-32792, CVE-2025-31492: posted values are never shown on a page', async (t) => {
    const app = await startApp(t);
    const answer = await app.browser().post(PRIVATE, { secret: '<script>marker</script>' });
    assert.equal(answer.status, 405);
    assert.equal(answer.body.includes('marker'), false);
  });
  test('CVE-2021-32702: no parameter of a callback is shown', async (t) => {
    const app = await startApp(t);
    const browser = app.browser();
    const { location } = await browser.get('/auth/sign_in');
    const url = new URL(await app.control.authorize(location, { as: 'alice@example.com' }));
    url.searchParams.delete('code');
    url.searchParams.set('error', '<script>marker</script>');
    url.searchParams.set('error_description', '"><img src=x onerror=marker>');
    const answer = await browser.get(url);
    assert.equal(answer.status, 400);
    assert.equal((answer.body + app.log.lines.join('')).includes('marker'), false);
  });
  test('CVE-2022-31093: after a malformed value, sign-in still works', async (t) => {
    const app = await startApp(t);
    const browser = app.browser();
    browser.cookies.set('b2c-attempt-AAAAAAAAAAA', 'not.sealed');
    browser.cookies.set(SESSION, 'https://[');
    for (const value of ['https://[', '%5B', 'http:', '///']) {
      await browser.get(`/auth/sign_in?return_to=${encodeURIComponent(value)}`);
    }
    assert.equal((await comeBack(app, browser, '/auth/sign_in')).status, 303);
    assert.equal((await browser.get(PRIVATE)).status, 200);
  });
  test('CVE-2026-73418: an invalid percent escape is an ordinary value', async (t) => {
    const app = await startApp(t);
    for (const [target, status] of [
      ['/%zz', 404],
      ['/%', 404],
      ['/auth/sign_in?return_to=%zz', 302],
      ['/auth/sign_in?login_hint=%ff', 302],
      ['/auth/redirect?state=%zz&code=%', 400],
    ] as const) {
      const answer = await raw(app, `GET ${target} HTTP/1.1\r\nHost: a\r\nConnection: close`);
      assert.equal(answer.status, status, target);
    }
  });
  test('CVE-2024-47764: no request value becomes a part of a cookie name', async (t) => {
    const app = await startApp(t);
    for (const state of [
      'a;Domain=x',
      'a%0d%0aSet-Cookie:x',
      'x'.repeat(5_000),
      'a=b',
      '__proto__',
    ])
      assert.deepEqual((await app.browser().get(`/auth/redirect?state=${state}`)).setCookies, []);
  });
  test('CVE-2022-31150, CVE-2022-35948: no line break reaches a header or a URL', async (t) => {
    const app = await startApp(t);
    const query = 'login_hint=a%0d%0aX:y&domain_hint=%0a&ui_locales=%0d&return_to=/%0d%0aX:y';
    const answer = await app.browser().get(`/auth/sign_in?${query}`);
    assert.equal(answer.headers['x'], undefined);
    assert.doesNotMatch(answer.location, /%0[ad]/i);
  });
  test('CVE-2022-32213, CVE-2022-35256, CVE-2023-30589, CVE-2024-27982: request smuggling is rejected', async (t) => {
    const app = await startApp(t);
    const hidden = `GET ${PRIVATE} HTTP/1.1\r\nHost: a\r\n\r\n`;
    for (const lines of [
      'Transfer-Encoding: chunked\r\nContent-Length: 5',
      'Transfer-Encoding: chunked, identity',
      'Transfer-Encoding: xchunked',
      'Transfer-Encoding : chunked',
      'Content-Length: 0\rTransfer-Encoding: chunked',
      ' Content-Length: 5',
    ]) {
      const head = `POST /auth/sign_out HTTP/1.1\r\nHost: a\r\n${lines}`;
      const answer = await raw(app, head, `0\r\n\r\n${hidden}`);
      assert.equal(answer.status, 400, lines);
      assert.equal(answer.text.match(/HTTP\/1\.1 /g)?.length, 1, lines);
    }
  });
  test('CVE-2024-22019: chunk extensions are limited', async (t) => {
    const app = await startApp(t);
    const head = 'POST /auth/sign_out HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked';
    const answer = await raw(app, head, `1;${'x'.repeat(100_000)}\r\nA\r\n0\r\n\r\n`);
    assert.ok(answer.status >= 400, answer.text);
    assert.equal((await app.browser().get('/healthz')).status, 200);
  });
  test('CVE-2026-21710: a header named __proto__ is an ordinary header', async (t) => {
    const app = await startApp(t);
    const head = 'GET / HTTP/1.1\r\nHost: a\r\n__proto__: x\r\nConstructor: y\r\nConnection: close';
    assert.equal((await raw(app, head)).status, 200);
    assert.equal(({} as { x?: string }).x, undefined);
  });
});

describe('hostile providers', () => {
  test(
    'GHSA-4mf2-f3wh-gvf2: a host with the same beginning or ending is another host',
    isRefused(({ origin }) => ({
      metadata: (metadata) => ({ ...metadata, token_endpoint: `${origin}.evil.example/token` }),
    })),
  );
  test(
    'CVE-2016-7191: the issuer is always compared',
    isRefused(() => ({ claims: (claims) => ({ ...claims, iss: 'https://evil.example/' }) })),
  );
  test('CVE-2026-73421: sign-in requires a valid discovery document', async (t) => {
    const app = await startApp(t, { faultsAtStart: [{ fault: 'discovery_wrong_issuer' }] });
    const browser = app.browser();
    assert.equal((await browser.get('/auth/sign_in')).status, 502);
    assert.equal((await browser.get('/auth/redirect?code=x&state=y')).status, 400);
    assert.equal((await browser.get(PRIVATE)).status, 401);
    assert.equal((await browser.get('/auth/me')).status, 401);
  });
  test('CVE-2022-31151, CVE-2023-45143: a redirect is not followed, and no request is sent to its target', async (t) => {
    const app = await startApp(t);
    await app.control.fault('token_redirect');
    assert.equal((await comeBack(app, app.browser(), '/auth/sign_in')).status, 502);
    assert.equal(await app.control.followedRedirects(), 0);
  });
  test('CVE-2026-22036: nested content encodings are not decoded', async (t) => {
    const bomb = gzipSync(Buffer.alloc(5_000_000));
    const server = createServer((_, response) => {
      response.writeHead(200, { 'content-encoding': Array(20).fill('gzip').join(', ') });
      response.end(bomb);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const outbound = createOutbound({ origins: new Set([origin]) });
    t.after(async () => {
      await outbound.close();
      server.close();
    });
    const options = { method: 'GET', headers: {}, body: null, redirect: 'manual' } as const;
    await assert.rejects(outbound.fetch(origin, options), { code: 'provider_response_invalid' });
  });
  test(
    'CVE-2021-29443, CVE-2022-36083, CVE-2024-28176: an encrypted token is rejected before any work',
    isRefused(() => ({
      idToken: () => {
        const alg = 'PBES2-HS256+A128KW';
        const header = { alg, enc: 'A128CBC-HS256', zip: 'DEF', p2c: 2 ** 31 - 1, p2s: 'AAAA' };
        return `${encode(header)}.AAAA.AAAA.AAAA.AAAA`;
      },
    })),
  );
  test('CVE-2022-25967, CVE-2023-23630: claims with names of template engine options are ordinary text', async (t) => {
    const given = await startCase(t);
    given.provider.faults = {
      claims: (claims) => ({
        ...claims,
        settings: { 'view options': { varName: 'x;throw 1//' } },
        varName: 'x = process.exit(1)',
        useWith: true,
        layout: '../../etc/passwd',
        'view options': { client: true, escape: false },
        family_name: '<%= 7 * 7 %>',
      }),
    };
    const result = await visit(given);
    await assertAccepted(given, result);
    const { body } = await result.browser.get(PRIVATE);
    assert.match(body, /&lt;%= 7 \* 7 %&gt;/);
    assert.match(body, /process\.exit\(1\)/);
  });
  test('mod_auth_openidc 2026: an expiry time in the far future extends no session', async (t) => {
    const given = await startCase(t);
    given.provider.faults = {
      claims: (claims) => ({ ...claims, exp: 1e300 }),
      token: (answer) => ({ ...answer, expires_in: 1e300 }),
    };
    const { browser, answer } = await visit(given);
    assert.equal(answer.status, 303);
    const { expiresAt } = JSON.parse((await browser.get('/auth/me')).body);
    assert.ok(expiresAt < Date.now() + 3_601_000);
  });
});
