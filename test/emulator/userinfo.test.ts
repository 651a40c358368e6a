import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ALICE, type Json, startEmulator, tokensOf } from './support.js';

const POLICIES = [{ name: 'B2C_1A_info', userInfo: true }, { name: 'B2C_1A_other' }];
const info = (authority: string, token?: unknown, policy = 'B2C_1A_info') =>
  fetch(`${authority}/${policy}/openid/v2.0/userinfo`, {
    headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
  });

test('a custom policy can have a userinfo endpoint, which discovery contains', async (t) => {
  const emulator = await startEmulator(t, { policies: POLICIES });
  const { authority } = emulator;
  const { access_token: token } = await tokensOf(emulator, 'B2C_1A_info');
  const answer = await info(authority, token);
  assert.equal(answer.status, 200);
  assert.equal(((await answer.json()) as Json)['email'], ALICE);
  const wellKnown = `${authority}/B2C_1A_info/v2.0/.well-known/openid-configuration`;
  const discovery = (await (await fetch(wellKnown)).json()) as Json;
  const expected = `${authority}/b2c_1a_info/openid/v2.0/userinfo`;
  assert.equal(discovery['userinfo_endpoint'], expected);
});

test('userinfo requires a token of its policy', async (t) => {
  const emulator = await startEmulator(t, { policies: POLICIES });
  const { authority } = emulator;
  const { access_token: other } = await tokensOf(emulator, 'B2C_1A_other');
  for (const token of [undefined, 'garbage', other]) {
    const answer = await info(authority, token);
    assert.equal(answer.status, 401);
    assert.match(answer.headers.get('www-authenticate') ?? '', /^Bearer/);
  }
  assert.equal((await info(authority, other, 'B2C_1A_other')).status, 404);
});
