// Logout tokens that a provider sends (OpenID Connect Back-Channel Logout 1.0).
import assert from 'node:assert/strict';
import { createHmac, generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import { describe, test } from 'node:test';
import { CompactEncrypt } from 'jose';
import { request } from 'undici';
import { startApp } from '../support/app.js';
import type { Browser } from '../support/browser.js';
import { type Case, sharedCase, startCase, visit } from '../support/check-result.js';
import { encode, type FaultyProvider, type Json, rs256 } from '../support/faulty-provider.js';
import { KEPT, skipWithoutRedis, startRedis } from '../support/redis.js';

const PATH = '/auth/back_channel_logout';
const EVENT = 'http://schemas.openid.net/event/backchannel-logout';

const generic = ({ authority, issuer, policy }: FaultyProvider) => ({
  kind: 'generic',
  issuer,
  discovery: `${authority}/${policy}/v2.0/.well-known/openid-configuration`,
});

const given = sharedCase({ tenant: generic });

interface Change {
  header?: (header: Json) => Json;
  claims?: (claims: Json) => Json;
  signature?: (input: string) => Buffer;
}

const without =
  (name: string) =>
  ({ [name]: _, ...others }: Json): Json =>
    others;
const with_ = (members: Json) => (all: Json) => ({ ...all, ...members });

function logoutToken(
  { provider }: Case,
  { header = (all) => all, claims = (all) => all, signature }: Change = {},
): string {
  const now = Math.floor(provider.now() / 1000);
  const right = {
    iss: provider.issuer,
    aud: provider.client.id,
    iat: now,
    exp: now + 120,
    jti: randomUUID(),
    sub: 'a-subject',
    sid: 'one',
    events: { [EVENT]: {} },
    'an unknown claim': true,
  };
  const rightHeader = { alg: 'RS256', typ: 'logout+jwt', kid: provider.signingKey.jwk['kid'] };
  const input = `${encode(header(rightHeader))}.${encode(claims(right))}`;
  const signed = signature?.(input) ?? rs256(input, provider.signingKey);
  return `${input}.${signed.toString('base64url')}`;
}

async function send({ url }: { url: string }, body: string | URLSearchParams) {
  const answer = await request(url + PATH, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: String(body),
  });
  const text = await answer.body.text();
  assert.equal(answer.headers['cache-control'], 'no-store');
  return { status: answer.statusCode, body: text.startsWith('{') ? JSON.parse(text) : undefined };
}

const sendToken = (to: Case, token: string) =>
  send(to, new URLSearchParams({ logout_token: token, unknown: 'field' }));

async function signedIn(claims: Json): Promise<Browser> {
  const { provider } = given();
  provider.faults = { claims: with_(claims), userInfo: { sub: claims['sub'] ?? 'a-subject' } };
  const { browser } = await visit(given());
  provider.faults = {};
  assert.equal(await isAlive(browser), true);
  return browser;
}

const isAlive = async (browser: Browser) =>
  (await browser.get('/auth/me?slide=false')).status === 200;
const aliveOf = (browsers: Browser[]) => Promise.all(browsers.map(isAlive));

describe('a logout token', () => {
  test('with sid ends the sessions of that sid only', async () => {
    const browsers = [
      await signedIn({ sid: 'one' }),
      await signedIn({ sid: 'one' }),
      await signedIn({ sid: 'two' }),
    ];
    const answer = await sendToken(given(), logoutToken(given(), { claims: without('sub') }));
    assert.deepEqual(answer, { status: 200, body: undefined });
    assert.deepEqual(await aliveOf(browsers), [false, false, true]);
    assert.equal(given().log.of('sign_out').length, 2);
  });

  test('with sub only ends all sessions of that user', async () => {
    const browsers = [
      await signedIn({ sid: 'a' }),
      await signedIn({ sid: 'b' }),
      await signedIn({ sub: 'another-subject', sid: 'c' }),
    ];
    const answer = await sendToken(given(), logoutToken(given(), { claims: without('sid') }));
    assert.equal(answer.status, 200);
    assert.deepEqual(await aliveOf(browsers), [false, false, true]);
  });

  test('with both ends no session of another user', async () => {
    const browsers = [
      await signedIn({ sid: 'shared' }),
      await signedIn({ sub: 'another-subject', sid: 'shared' }),
    ];
    const token = logoutToken(given(), { claims: with_({ sid: 'shared' }) });
    assert.equal((await sendToken(given(), token)).status, 200);
    assert.deepEqual(await aliveOf(browsers), [false, true]);
  });

  test('of a session that does not exist is accepted', async () => {
    const token = logoutToken(given(), { claims: with_({ sid: 'unknown', sub: 'unknown' }) });
    assert.equal((await sendToken(given(), token)).status, 200);
    assert.equal(given().log.of('sign_out').length, 0);
  });

  test('is accepted without typ, with JWT, and with several audiences', async () => {
    const { provider } = given();
    const accepted: Change[] = [
      { header: without('typ') },
      { header: with_({ typ: 'JWT' }) },
      { header: with_({ typ: 'application/logout+jwt' }) },
      { claims: with_({ aud: ['another-client', provider.client.id] }) },
    ];
    for (const change of accepted) {
      assert.equal((await sendToken(given(), logoutToken(given(), change))).status, 200);
    }
  });

  test('is accepted once', async () => {
    const token = logoutToken(given());
    assert.equal((await sendToken(given(), token)).status, 200);
    const browser = await signedIn({ sid: 'one' });
    assert.equal((await sendToken(given(), token)).status, 400);
    assert.equal(await isAlive(browser), true);
    const [line] = given().log.of('back_channel_logout_refused');
    assert.equal(line?.['detail'], 'the logout token was used before');
  });

  test('signed with a new key is accepted after the keys are loaded again', async () => {
    await signedIn({ sid: 'one' });
    given().provider.rotateKeys();
    given().forwardSeconds(11);
    assert.equal((await sendToken(given(), logoutToken(given()))).status, 200);
  });

  const elsewhere = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
  const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
  const now = () => Math.floor(given().provider.now() / 1000);
  const rows: [title: string, change: () => Change, detail: RegExp][] = [
    [
      'that is not signed',
      () => ({ header: with_({ alg: 'none' }), signature: () => Buffer.alloc(0) }),
      /ERR_JOSE/,
    ],
    [
      'signed by another key',
      () => ({ signature: (input) => sign('sha256', Buffer.from(input), elsewhere) }),
      /SIGNATURE/,
    ],
    [
      'with HS256 and the client secret',
      () => ({
        header: with_({ alg: 'HS256' }),
        signature: (input) =>
          createHmac('sha256', given().provider.client.secret).update(input).digest(),
      }),
      /ALG/,
    ],
    [
      'with ES256',
      () => ({
        header: with_({ alg: 'ES256', kid: 'ec-signing' }),
        signature: (input) =>
          sign('sha256', Buffer.from(input), { key: ec, dsaEncoding: 'ieee-p1363' }),
      }),
      /ALG/,
    ],
    ['of another issuer', () => ({ claims: with_({ iss: 'https://evil.example' }) }), /issuer/],
    [
      'of an issuer that begins like the right one',
      () => ({ claims: (all) => ({ ...all, iss: `${all['iss']}INVALID` }) }),
      /issuer/,
    ],
    ['for another client', () => ({ claims: with_({ aud: 'another' }) }), /client/],
    ['without an issuer', () => ({ claims: without('iss') }), /issuer/],
    ['without an audience', () => ({ claims: without('aud') }), /client/],
    ['without events', () => ({ claims: without('events') }), /events/],
    ['with another event', () => ({ claims: with_({ events: { 'https://x': {} } }) }), /events/],
    ['whose event is no object', () => ({ claims: with_({ events: { [EVENT]: [] } }) }), /events/],
    ['whose events are a list', () => ({ claims: with_({ events: [EVENT] }) }), /events/],
    ['with a nonce', () => ({ claims: with_({ nonce: 'x' }) }), /nonce/],
    ['with an empty nonce', () => ({ claims: with_({ nonce: null }) }), /nonce/],
    ['without iat', () => ({ claims: without('iat') }), /iat/],
    ['with iat as text', () => ({ claims: with_({ iat: '1' }) }), /iat/],
    ['that is eleven minutes old', () => ({ claims: with_({ iat: now() - 660 }) }), /iat/],
    ['of the future', () => ({ claims: with_({ iat: now() + 120 }) }), /iat/],
    ['without exp', () => ({ claims: without('exp') }), /exp/],
    ['that has expired', () => ({ claims: with_({ exp: now() - 120 }) }), /exp/],
    ['without jti', () => ({ claims: without('jti') }), /jti/],
    ['with an empty jti', () => ({ claims: with_({ jti: '' }) }), /jti/],
    ['with a long jti', () => ({ claims: with_({ jti: 'x'.repeat(256) }) }), /jti/],
    [
      'without sub and sid',
      () => ({ claims: (all) => without('sub')(without('sid')(all)) }),
      /sub/,
    ],
    ['with a sub of another type', () => ({ claims: with_({ sub: {} }) }), /sub/],
    ['with a sid of another type', () => ({ claims: with_({ sid: ['one'] }) }), /sid/],
    ['that is an access token', () => ({ header: with_({ typ: 'at+jwt' }) }), /typ/],
    [
      'with an unknown critical header',
      () => ({ header: with_({ crit: ['x'], x: 1 }) }),
      /ERR_JOSE/,
    ],
  ];
  for (const [title, change, detail] of rows) {
    test(`${title} is refused, and the session stays`, async () => {
      const browser = await signedIn({ sid: 'one' });
      const answer = await sendToken(given(), logoutToken(given(), change()));
      assert.deepEqual(answer, { status: 400, body: { error: 'invalid_request' } });
      assert.equal(await isAlive(browser), true);
      const lines = given().log.of('back_channel_logout_refused');
      assert.equal(lines.length, 1);
      assert.match(String(lines[0]?.['detail']), detail);
      assert.equal((await sendToken(given(), logoutToken(given()))).status, 200);
      assert.equal(await isAlive(browser), false);
    });
  }

  test('that is an ID token of the provider is refused', async () => {
    let idToken = '';
    const { provider } = given();
    provider.faults = {
      idToken: (token) => {
        idToken = token;
        return token;
      },
      userInfo: { sub: 'a-subject' },
    };
    const { browser } = await visit(given());
    assert.equal((await sendToken(given(), idToken)).status, 400);
    assert.equal(await isAlive(browser), true);
  });

  test('that is encrypted is refused', async () => {
    const plain = new TextEncoder().encode(logoutToken(given()));
    const { provider } = given();
    const key = { kty: 'RSA', n: String(provider.signingKey.jwk['n']), e: 'AQAB' };
    const token = await new CompactEncrypt(plain)
      .setProtectedHeader({ alg: 'RSA-OAEP-256', enc: 'A256GCM' })
      .encrypt(key);
    assert.equal((await sendToken(given(), token)).status, 400);
  });
});

describe('a request without a usable logout token', () => {
  const rows: [title: string, body: () => string, status: number][] = [
    ['an empty body', () => '', 400],
    ['an empty token', () => 'logout_token=', 400],
    ['a text that is not a token', () => 'logout_token=garbage', 400],
    ['a token of three dots', () => 'logout_token=...', 400],
    [
      'two tokens',
      () => `logout_token=${logoutToken(given())}&logout_token=${logoutToken(given())}`,
      400,
    ],
  ];
  for (const [title, body, status] of rows) {
    test(`${title} gets ${status}, and no request is sent to the provider`, async () => {
      const { counts } = given().provider;
      const before = { ...counts };
      assert.equal((await send(given(), body())).status, status);
      assert.deepEqual(counts, before);
    });
  }

  test('a body that is too long gets 413, another type 415, GET 405', async () => {
    const post = (headers: Record<string, string>, body: string) =>
      request(given().url + PATH, { method: 'POST', headers, body });
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    assert.equal((await post(form, `logout_token=${'x'.repeat(20_000)}`)).statusCode, 413);
    assert.equal((await post({ 'content-type': 'application/json' }, '{}')).statusCode, 415);
    const answer = await given().browser().get(PATH);
    assert.deepEqual([answer.status, answer.headers['allow']], [405, 'POST']);
  });
});

test('while the keys of the provider cannot be loaded, it can send the token again', async (t) => {
  const fresh = await startCase(t, {
    tenant: generic,
    faults: () => ({ wire: { keys: (response) => response.writeHead(500).end() } }),
  });
  const token = logoutToken(fresh);
  const answer = await sendToken(fresh, token);
  assert.deepEqual(answer, { status: 503, body: { error: 'temporarily_unavailable' } });
  fresh.provider.faults = {};
  fresh.forwardSeconds(2);
  assert.equal((await sendToken(fresh, token)).status, 200);
});

test('among processes that share a store, each token is accepted once and ends every session', {
  skip: skipWithoutRedis(),
}, async (t) => {
  const { url } = await startRedis(t, { args: KEPT });
  const options = { tenant: generic, session: { store: { kind: 'redis', url } } };
  const first = await startCase(t, {
    ...options,
    faults: () => ({ claims: with_({ sid: 'one' }), userInfo: { sub: 'a-subject' } }),
  });
  const others = await Promise.all([1, 2].map(() => startCase(t, { ...options, besides: first })));
  const browsers = await Promise.all(
    [first, ...others].map(async (process) => (await visit(process)).browser),
  );
  assert.deepEqual(await aliveOf(browsers), [true, true, true]);
  const token = logoutToken(first);
  const answers = await Promise.all([first, ...others].map((to) => sendToken(to, token)));
  assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 400, 400]);
  assert.deepEqual(await aliveOf(browsers), [false, false, false]);
});

test('while the store is down, the response is 503, and the token stays valid', {
  skip: skipWithoutRedis(),
}, async (t) => {
  const server = await startRedis(t, { args: KEPT });
  const store = { kind: 'redis', url: server.url, timeoutMs: 200 };
  const own = await startCase(t, {
    tenant: generic,
    session: { store },
    faults: () => ({ claims: with_({ sid: 'one' }), userInfo: { sub: 'a-subject' } }),
  });
  const { browser } = await visit(own);
  const token = logoutToken(own);
  await server.kill();
  const down = await request(own.url + PATH, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: String(new URLSearchParams({ logout_token: token })),
  });
  assert.equal(down.statusCode, 503);
  await server.start();
  let answer = await sendToken(own, token);
  for (let count = 0; count < 100 && answer.status === 503; count += 1) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    answer = await sendToken(own, token);
  }
  assert.equal(answer.status, 200);
  assert.equal(await isAlive(browser), false);
});

test('a tenant of Azure AD B2C has no such route', async (t) => {
  const app = await startApp(t);
  const answer = await app.browser().post(PATH, { logout_token: 'x' });
  assert.equal(answer.status, 404);
});
