import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Emulator } from '../../dist/emulator/emulator.js';
import { ALICE, authorizationUrl, PASSWORD, startEmulator, tokensOf } from './support.js';
import { visit } from './visitor.js';

function logoutUrl({ authority }: Emulator, parameters: Record<string, string> = {}): string {
  return `${authority}/B2C_1_susi/oauth2/v2.0/logout?${new URLSearchParams(parameters)}`;
}
const TARGET = 'http://localhost:3000/auth/post_sign_out';

test('sign-out ends the SSO session and redirects with the state', async (t) => {
  const emulator = await startEmulator(t);
  const visitor = visit(emulator);
  await visitor.open(authorizationUrl(emulator));
  await visitor.press('next', { email: ALICE, password: PASSWORD });
  await visitor.open(logoutUrl(emulator, { post_logout_redirect_uri: TARGET, state: 'bye' }));
  assert.equal(visitor.left().href, `${TARGET}?state=bye`);
  await visitor.open(authorizationUrl(emulator));
  assert.equal(visitor.page.status, 200);
});

test('without a post-logout redirect URI, a page is shown', async (t) => {
  const emulator = await startEmulator(t);
  const answer = await fetch(logoutUrl(emulator));
  assert.equal(answer.status, 200);
  assert.match(await answer.text(), /You are signed out/);
});

test('an unregistered URL is accepted without a hint, and rejected with one', async (t) => {
  const emulator = await startEmulator(t);
  const foreign = { post_logout_redirect_uri: 'https://elsewhere.example/' };
  const open = await fetch(logoutUrl(emulator, foreign), { redirect: 'manual' });
  assert.equal(open.headers.get('location'), 'https://elsewhere.example/');
  const { id_token: idToken } = await tokensOf(emulator);
  const hinted = { ...foreign, id_token_hint: String(idToken) };
  const refused = await fetch(logoutUrl(emulator, hinted), { redirect: 'manual' });
  assert.equal(refused.status, 400);
  assert.match(await refused.text(), /AADB2C90067/);
});

test('a policy can require the id_token_hint', async (t) => {
  const policies = [{ name: 'B2C_1_susi', requireIdTokenInLogout: true }];
  const emulator = await startEmulator(t, { policies });
  const target = { post_logout_redirect_uri: TARGET };
  const missing = await fetch(logoutUrl(emulator, target), { redirect: 'manual' });
  assert.match(await missing.text(), /AADB2C90272/);
  const forged = await fetch(logoutUrl(emulator, { ...target, id_token_hint: 'a.b.c' }), {
    redirect: 'manual',
  });
  assert.match(await forged.text(), /AADB2C90210/);
  const { id_token: idToken } = await tokensOf(emulator);
  const url = logoutUrl(emulator, { ...target, id_token_hint: String(idToken) });
  assert.equal((await fetch(url, { redirect: 'manual' })).status, 302);
});
