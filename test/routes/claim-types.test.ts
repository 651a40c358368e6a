// `claimTypes` from the sign-in to rules, headers and the application.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type Application, sharedApp } from '../support/app.js';

const application: Application = async (app, request, response) => {
  if (request.url?.startsWith('/auth/')) return app.listener(request, response);
  await app.requireUser({ claims: { extension_isAdmin: [true] } })(request, response, async () => {
    response.end(JSON.stringify((await app.userOf(request))?.claims));
  });
};

describe('claim types', () => {
  const app = sharedApp({
    application,
    config: {
      claimTypes: {
        extension_Roles: { list: ',' },
        extension_isAdmin: 'boolean',
        groups: 'json',
      },
      gate: {
        headers: { 'X-Roles': 'extension_Roles' },
        rules: [
          { path: '/admin', claims: { extension_Roles: ['admin'] } },
          { path: '/owner', claims: { extension_isAdmin: [true], groups: ['owners'] } },
        ],
      },
    },
  });
  const GOOD = {
    extension_Roles: 'user, admin',
    extension_isAdmin: 'True',
    groups: '["staff","owners"]',
  };
  const BAD = { extension_Roles: 7, extension_isAdmin: 'admin', groups: 'owners' };
  const verify = (path: string) => ['/auth/verify', { 'x-original-url': path }] as const;

  test('rules compare the items of a list, a boolean and JSON', async () => {
    const browser = await app().signedIn('alice@example.com', GOOD);
    assert.equal((await browser.get(...verify('/admin'))).status, 202);
    assert.equal((await browser.get(...verify('/owner'))).status, 202);
  });

  test('headers contain the items of a list', async () => {
    const browser = await app().signedIn('alice@example.com', GOOD);
    const { headers } = await browser.get(...verify('/'));
    assert.equal(headers['x-roles'], 'user,admin');
    assert.equal(headers['x-auth-request-groups'], 'staff,owners');
  });

  test('requireUser and userOf have them too', async () => {
    const browser = await app().signedIn('alice@example.com', GOOD);
    const { status, body } = await browser.get('/page');
    assert.equal(status, 200);
    const { extension_Roles, extension_isAdmin, groups } = JSON.parse(body);
    assert.deepEqual(
      { extension_Roles, extension_isAdmin, groups },
      {
        extension_Roles: ['user', 'admin'],
        extension_isAdmin: true,
        groups: ['staff', 'owners'],
      },
    );
  });

  test('claims that cannot be read are denied, with a warning for each', async () => {
    const browser = await app().signedIn('alice@example.com', BAD);
    assert.equal((await browser.get(...verify('/admin'))).status, 403);
    assert.equal((await browser.get(...verify('/owner'))).status, 403);
    assert.equal((await browser.get('/page')).status, 403);
    const { headers } = await browser.get(...verify('/'));
    assert.equal(headers['x-roles'], '');
    const warned = app()
      .log.of('claim_unreadable')
      .map(({ level, claim }) => [level, claim]);
    assert.deepEqual(warned.sort(), [
      [40, 'extension_Roles'],
      [40, 'extension_isAdmin'],
      [40, 'groups'],
    ]);
    const [denied] = app().log.of('gate_denied');
    assert.equal(denied?.['claim'], 'extension_Roles');
    assert.equal(denied?.['detail'], 'the claim has no readable value');
    const [refused] = app().log.of('request_failed');
    assert.match(String(refused?.['detail']), /"extension_isAdmin"/);
  });

  test('a profile edit whose claim cannot be read leaves no right of the sign-in behind', async () => {
    const browser = await app().signedIn('alice@example.com', GOOD);
    const start = await browser.get('/auth/edit_profile');
    const as = { as: 'alice@example.com', claims: { ...GOOD, extension_Roles: 7 } };
    await browser.get(await app().control.authorize(start.location, as));
    assert.equal((await browser.get(...verify('/admin'))).status, 403);
    assert.equal((await browser.get(...verify('/owner'))).status, 202);
  });
});
