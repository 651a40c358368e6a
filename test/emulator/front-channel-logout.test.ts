import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Emulator } from '../../dist/emulator/emulator.js';
import {
  ALICE,
  authorizationUrl,
  CLIENT_ID,
  PASSWORD,
  startEmulator,
  TENANT_ID,
} from './support.js';
import { type Visitor, visit } from './visitor.js';

const OTHER = 'f0b6e55f-0000-4000-8000-00000000a009';
const POLICY = 'B2C_1A_signup_signin';
const applications = [
  { id: CLIENT_ID, secrets: ['s'], logoutUrl: 'http://localhost:3000/auth/front_channel_logout' },
  { id: OTHER, secrets: ['s'], logoutUrl: 'https://other.example:8443/logout?from=b2c' },
  { id: 'never-used', secrets: ['s'], logoutUrl: 'https://unused.example/' },
];

async function signedInTwice(emulator: Emulator, policy = POLICY): Promise<Visitor> {
  const visitor = visit(emulator);
  await visitor.open(authorizationUrl(emulator, policy));
  const identifier = policy === POLICY ? 'signInName' : 'email';
  await visitor.press('next', { [identifier]: ALICE, password: PASSWORD });
  const second = { client_id: OTHER, scope: `openid ${OTHER}` };
  await visitor.open(authorizationUrl(emulator, policy, second));
  return visitor;
}

const framesOf = ({ page }: Visitor) =>
  [...page.body.matchAll(/<iframe [^>]*src="([^"]*)"/g)].map(([, src = '']) =>
    src.replaceAll('&amp;', '&'),
  );

const logout = ({ authority }: Emulator, policy: string, query: Record<string, string>) =>
  `${authority}/${policy}/oauth2/v2.0/logout?${new URLSearchParams(query)}`;

test('the logout URLs of the other applications are loaded in frames', async (t) => {
  const emulator = await startEmulator(t, { applications });
  const visitor = await signedInTwice(emulator);
  const target = 'http://localhost:3000/auth/post_sign_out';
  const query = { client_id: CLIENT_ID, post_logout_redirect_uri: target, state: 'bye' };
  await visitor.open(logout(emulator, POLICY, query));
  assert.equal(visitor.page.status, 200);
  assert.deepEqual(framesOf(visitor), ['https://other.example:8443/logout?from=b2c']);
  const policy = String(visitor.page.headers['content-security-policy']);
  assert.match(policy, /frame-src https:\/\/other\.example:8443;/);
  // The browser continues automatically or by the link. Neither needs script.
  assert.match(visitor.page.body, /<meta http-equiv="refresh" content="1; url=http:\/\/localhost/);
  assert.match(visitor.page.body, /<a id="continue" href="[^"]*\/auth\/post_sign_out\?state=bye"/);
});

test('no logout URL is loaded if the session ended before', async (t) => {
  const emulator = await startEmulator(t, { applications });
  const visitor = await signedInTwice(emulator);
  await visitor.open(logout(emulator, POLICY, { client_id: CLIENT_ID }));
  await visitor.open(logout(emulator, POLICY, { client_id: CLIENT_ID }));
  assert.deepEqual(framesOf(visitor), []);
});

test('user flows load logout URLs only with frontChannelLogout', async (t) => {
  const quiet = await startEmulator(t, { applications });
  const first = await signedInTwice(quiet, 'B2C_1_susi');
  await first.open(logout(quiet, 'B2C_1_susi', { client_id: CLIENT_ID }));
  assert.deepEqual(framesOf(first), []);
  const policies = [{ name: 'B2C_1_susi', frontChannelLogout: true }];
  const loud = await startEmulator(t, { applications, policies });
  const second = await signedInTwice(loud, 'B2C_1_susi');
  await second.open(logout(loud, 'B2C_1_susi', {}));
  assert.equal(framesOf(second).length, 2);
});

test('with logoutIssuerAndSession, logout URLs have iss and sid', async (t) => {
  const behavior = { logoutIssuerAndSession: true };
  const emulator = await startEmulator(t, { applications, behavior });
  const visitor = await signedInTwice(emulator);
  await visitor.open(logout(emulator, POLICY, { client_id: CLIENT_ID }));
  const { searchParams } = new URL(framesOf(visitor)[0] ?? '');
  assert.equal(searchParams.get('from'), 'b2c');
  assert.equal(searchParams.get('iss'), `${emulator.url}/${TENANT_ID}/v2.0/`);
  assert.match(String(searchParams.get('sid')), /^[0-9a-f-]{36}$/);
});
