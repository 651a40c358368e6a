// Assertions, as an application verifies them.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  createLocalJWKSet,
  createRemoteJWKSet,
  decodeJwt,
  type JWTVerifyOptions,
  jwtVerify,
} from 'jose';
import { createAssertions } from '../../dist/gate/assertion.js';
import { type RunningApp, startApp } from '../support/app.js';
import type { Browser } from '../support/browser.js';
import { note } from '../support/leak-notes.js';

const gate = {
  assertion: true,
  groupsClaim: 'extension_Groups',
  allowedHosts: ['app.example.com', 'other.example.com:8443'],
  rules: [] as object[],
};
const start = (t: Parameters<typeof startApp>[0], more: object = {}) =>
  startApp(t, { config: { gate: { ...gate, ...more } }, now: () => Date.now() });
const HOST = 'app.example.com';

const statementFor = async (browser: Browser, host = HOST) => {
  const url = `https://${host}/x`;
  const { headers } = await browser.get('/auth/verify', { 'x-original-url': url });
  return String(headers['x-b2c-assertion']);
};

const verify = (app: RunningApp, statement: string, options: JWTVerifyOptions = {}) =>
  jwtVerify(statement, createRemoteJWKSet(new URL(`${app.url}/auth/assertion_keys`)), {
    issuer: app.url,
    audience: HOST,
    algorithms: ['ES256'],
    requiredClaims: ['sub', 'exp', 'iat'],
    ...options,
  });

test('an assertion names the user and one application, and is valid for a minute', async (t) => {
  const app = await start(t);
  const browser = app.browser();
  const { location } = await browser.get('/auth/sign_in');
  const claims = { extension_Groups: ['staff'], emails: ['ada@example.com'], name: 'Ada' };
  await browser.get(await app.control.authorize(location, { as: 'alice@example.com', claims }));
  const { payload } = await verify(app, await statementFor(browser));
  assert.match(String(payload.sub), /^[0-9a-f-]{36}$/);
  assert.equal(payload['email'], 'ada@example.com');
  assert.equal(payload['name'], 'Ada');
  assert.deepEqual(payload['groups'], ['staff']);
  assert.match(String(payload['idp']), /^http:\/\/127\.0\.0\.1/);
  assert.equal(Number(payload.exp) - Number(payload.iat), 60);
});

test('an assertion is for one host, and empty unless the proxy names an allowed host', async (t) => {
  const app = await start(t);
  const browser = await app.signedIn();
  const statement = await statementFor(browser, 'OTHER.example.com:8443');
  await assert.rejects(verify(app, statement), { code: 'ERR_JWT_CLAIM_VALIDATION_FAILED' });
  await verify(app, statement, { audience: 'other.example.com:8443' });
  const elsewhere = { 'x-original-url': 'https://evil.example/x' };
  for (const headers of [elsewhere, { 'x-forwarded-uri': '/x' }, {}]) {
    assert.equal((await browser.get('/auth/verify', headers)).headers['x-b2c-assertion'], '');
  }
  const two = { 'x-original-url': `https://${HOST}/x`, 'x-forwarded-host': 'b.example' };
  assert.equal((await browser.get('/auth/verify', two)).status, 403);
});

test('an assertion expires, and is signed again long before', async (t) => {
  const app = await start(t);
  const browser = await app.signedIn();
  const first = await statementFor(browser);
  assert.equal(await statementFor(browser), first);
  const currentDate = new Date(Date.now() + 61_000);
  await assert.rejects(verify(app, first, { currentDate }), { code: 'ERR_JWT_EXPIRED' });
  t.mock.timers.enable({ apis: ['Date'], now: Date.now() + 25_000 });
  const second = await statementFor(browser);
  assert.notEqual(second, first);
  await verify(app, second);
  t.mock.timers.setTime(Date.now() - 3_600_000);
  assert.notEqual(await statementFor(browser), second);
});

test('each user gets a separate assertion, and unauthenticated requests get none', async (t) => {
  const app = await start(t, { rules: [{ path: '/', allow: 'everyone' }] });
  const [alice, bob] = [
    await app.signedIn('alice@example.com'),
    await app.signedIn('bob@example.com'),
  ];
  const subjects = [alice, bob, alice].map(
    async (browser) => decodeJwt(await statementFor(browser)).sub,
  );
  const [first, second, third] = await Promise.all(subjects);
  assert.notEqual(first, second);
  assert.equal(first, third);
  assert.equal(await statementFor(app.browser()), '');
});

test('the next assertion contains changed claims', async (t) => {
  const app = await start(t);
  const browser = await app.signedIn();
  await statementFor(browser);
  const { location } = await browser.get('/auth/edit_profile');
  const claims = { name: 'New Name' };
  await browser.get(await app.control.authorize(location, { as: 'alice@example.com', claims }));
  assert.equal(decodeJwt(await statementFor(browser))['name'], 'New Name');
});

test('/auth/forward returns an assertion too', async (t) => {
  const app = await start(t);
  const headers = {
    'x-forwarded-host': HOST,
    'x-forwarded-uri': '/x',
    'x-forwarded-method': 'GET',
  };
  const answer = await (await app.signedIn()).get('/auth/forward', headers);
  await verify(app, String(answer.headers['x-b2c-assertion']));
});

test('without gate.assertion there are no assertions and no keys', async (t) => {
  const app = await start(t, { assertion: false });
  const browser = await app.signedIn();
  assert.equal(await statementFor(browser), '');
  assert.equal((await browser.get('/auth/assertion_keys')).status, 404);
});

describe('the keys', () => {
  const [OLD, NEW] = [
    'an-old-session-secret-of-40-characters-a',
    'a-new-session-secret-of-40-characters-bb',
  ];
  for (const secret of [OLD, NEW]) note('session secret', secret);
  const create = (...secrets: string[]) =>
    createAssertions({ secrets, issuer: 'https://a.example', groupsClaim: 'g', now: Date.now });
  const user = { subject: 's', name: 'n', claims: { sub: 's' } };

  test('are the same in every process with the same secrets', () => {
    assert.deepEqual(create(OLD).keySet, create(OLD).keySet);
    assert.notDeepEqual(create(OLD).keySet, create(NEW).keySet);
  });

  test('contain no private part', () => {
    for (const key of create(OLD, NEW).keySet.keys) {
      assert.deepEqual(Object.keys(key).sort(), ['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y']);
    }
  });

  test('of all secrets are published, so that secrets can be rotated', async () => {
    const request = { host: 'b', method: 'GET', uri: '/' };
    const statement = String(await create(OLD).sign(user, request));
    const after = createLocalJWKSet({ keys: [...create(NEW, OLD).keySet.keys] });
    assert.equal((await jwtVerify(statement, after)).payload.sub, 's');
    const later = createLocalJWKSet({ keys: [...create(NEW).keySet.keys] });
    await assert.rejects(jwtVerify(statement, later), { code: 'ERR_JWKS_NO_MATCHING_KEY' });
  });
});
