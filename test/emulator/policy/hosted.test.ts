import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Emulator } from '../../../dist/emulator/emulator.js';
import {
  ALICE,
  authorizationUrl,
  claimsOf,
  codeOf,
  errorOf,
  type Json,
  PASSWORD,
  requestToken,
  startEmulator,
  TENANT_ID,
} from '../support.js';
import { choose, elementById, textOf, type Visitor, visit } from '../visitor.js';
import { CLUB, JOIN, newestCode, OTHER_CLIENT, startClub } from './club.js';

async function open(emulator: Emulator, policy = JOIN, more = {}): Promise<Visitor> {
  const visitor = visit(emulator);
  await visitor.open(authorizationUrl(emulator, policy, more));
  return visitor;
}

/** The token response for the code that the visitor got. */
async function tokens(emulator: Emulator, visitor: Visitor, policy = JOIN): Promise<Json> {
  return (await requestToken(emulator, policy, { code: codeOf(visitor.left()) })).body;
}

async function prove(emulator: Emulator, visitor: Visitor, email: string): Promise<void> {
  await visitor.press('email_ver_but_send', { email });
  const code = await newestCode(emulator, email);
  await visitor.press('email_ver_but_verify', { email_ver_input: code });
}

async function joined(emulator: Emulator, email: string): Promise<Visitor> {
  const visitor = await open(emulator);
  await visitor.follow('createAccount');
  await prove(emulator, visitor, email);
  await visitor.press('continue', {
    ...{ newPassword: PASSWORD, reenterPassword: PASSWORD, displayName: 'Ada' },
  });
  return visitor;
}

test('a member signs in on the page, and the token has the claims of the relying party', async (t) => {
  const emulator = await startClub(t);
  const visitor = await open(emulator, JOIN, { login_hint: ALICE });
  assert.match(visitor.page.body, /<h1[^>]*>Welcome to the club<\/h1>/);
  assert.equal(elementById(visitor.page.body, 'signInName')['value'], ALICE);
  await visitor.press('next', { signInName: ALICE, password: 'wrong' });
  assert.match(visitor.page.body, /This is not your password\./);
  await visitor.press('next', { password: PASSWORD });
  const body = await tokens(emulator, visitor);
  const { iss, aud, exp, nbf, iat, auth_time, ...claims } = claimsOf(body['id_token']);
  assert.deepEqual(claims, {
    ver: '1.0',
    nonce: 'the-nonce',
    sub: 'f0b6e55f-0000-4000-8000-00000000e001',
    name: 'Alice Example',
    tid: TENANT_ID,
    email: ALICE,
    source: 'local',
    acr: 'b2c_1a_join',
  });
  assert.equal(iss, `${emulator.url}/${TENANT_ID}/v2.0/`);
  assert.equal(Number(exp) - Number(iat), 900);
  assert.deepEqual([body['expires_in'], body['id_token_expires_in']], [1800, 900]);
});

test('a new member proves the email address with a mailed code', async (t) => {
  const emulator = await startClub(t);
  const visitor = await open(emulator);
  await visitor.follow('createAccount');
  await visitor.press('continue', {});
  assert.match(textOf(visitor.page.body, 'claimVerificationServerError'), /verified/);
  await prove(emulator, visitor, 'ada@example.com');
  const passwords = { newPassword: 'Some@word1', reenterPassword: 'Other@word1' };
  await visitor.press('continue', { ...passwords, displayName: 'Ada' });
  assert.notEqual(textOf(visitor.page.body, 'passwordEntryMismatch'), '');
  await visitor.press('continue', { newPassword: 'short', reenterPassword: 'short' });
  assert.match(visitor.page.body, /Use 8 to 64 characters\./);
  await visitor.press('continue', {
    ...{ newPassword: 'Some@word1', reenterPassword: 'Some@word1', extension_sport: 'chess' },
    ...{ extension_birthday_day: '10', extension_birthday_month: '12' },
    extension_birthday_year: '1990',
  });
  const claims = claimsOf((await tokens(emulator, visitor))['id_token']);
  const { name, email, sport, newUser } = claims;
  assert.deepEqual(
    { name, email, sport, newUser },
    { name: 'Ada', email: 'ada@example.com', sport: 'chess', newUser: true },
  );
  const again = await open(emulator);
  await again.follow('createAccount');
  await prove(emulator, again, 'ada@example.com');
  await again.press('continue', { ...passwords, reenterPassword: 'Some@word1', displayName: 'A' });
  assert.match(again.page.body, /This member exists\.|already exists/);
});

test('a refreshed token has the claims of the account now, until the password changes', async (t) => {
  const emulator = await startClub(t);
  const visitor = await joined(emulator, 'ada@example.com');
  const { refresh_token } = await tokens(emulator, visitor);
  await visitor.open(authorizationUrl(emulator, 'B2C_1A_EditMember'));
  assert.equal(elementById(visitor.page.body, 'displayName')['value'], 'Ada', 'signed in by SSO');
  await visitor.press('continue', { displayName: 'Ada L' });
  const refresh = { grant_type: 'refresh_token', refresh_token: String(refresh_token) };
  const refreshed = await requestToken(emulator, JOIN, refresh);
  assert.equal(claimsOf(refreshed.body['id_token'])['name'], 'Ada L');
  const reset = await open(emulator, 'B2C_1A_NewPassword');
  await prove(emulator, reset, 'ada@example.com');
  await reset.press('continue');
  await reset.press('continue', { newPassword: 'Other@word2', reenterPassword: 'Other@word2' });
  reset.left();
  const refused = await requestToken(emulator, JOIN, refresh);
  assert.match(errorOf(refused.body), /^invalid_grant/);
});

test('the reset link of the sign-in page runs a sub journey, and ends signed in', async (t) => {
  const emulator = await startClub(t);
  const visitor = await open(emulator);
  assert.doesNotMatch(visitor.page.body, /id="ForgotExchange"/, 'the link is no button');
  await visitor.follow('forgotPassword');
  await prove(emulator, visitor, 'nobody@example.com');
  await visitor.press('continue');
  assert.match(visitor.page.body, /The club has no such member\./);
  await visitor.press('email_ver_but_edit');
  await prove(emulator, visitor, ALICE);
  await visitor.press('continue');
  await visitor.press('continue', { newPassword: 'Other@word2', reenterPassword: 'Other@word2' });
  const claims = claimsOf((await tokens(emulator, visitor))['id_token']);
  assert.equal(claims['name'], 'Alice Example');
  const again = await open(emulator);
  await again.press('next', { signInName: ALICE, password: 'Other@word2' });
  again.left();
});

test('the simulated provider asks for the partner claims of the profile', async (t) => {
  const emulator = await startClub(t);
  const visitor = await open(emulator);
  assert.equal(textOf(visitor.page.body, 'SocialExchange'), 'Sign in with Social');
  await choose(visitor, 'SocialExchange');
  const fields = [...visitor.page.body.matchAll(/<input id="(\w+)"/g)].map(([, id]) => id);
  assert.deepEqual(fields, ['id', 'name', 'email']);
  await visitor.press('continue', { id: '4711', name: 'Gina', email: 'gina@example.com' });
  assert.equal(elementById(visitor.page.body, 'displayName')['value'], 'Gina');
  await visitor.press('continue');
  const first = claimsOf((await tokens(emulator, visitor))['id_token']);
  assert.deepEqual([first['idp'], first['newUser']], ['social.example', true]);
  const again = await open(emulator, JOIN, { domain_hint: 'social.example' });
  assert.equal(textOf(again.page.body, 'known_0'), '4711');
  await again.press('known_0');
  const second = claimsOf((await tokens(emulator, again))['id_token']);
  assert.deepEqual([second['sub'], second['newUser']], [first['sub'], undefined]);
});

test('a provider that refuses or cannot be reached is an error of the application', async (t) => {
  const emulator = await startClub(t);
  for (const [button, code] of [
    ['refuse', 'access_denied AADB2C90273'],
    ['fail', 'server_error AADB2C90289'],
  ] as const) {
    const visitor = await open(emulator, JOIN, { domain_hint: 'social.example' });
    await visitor.press(button);
    assert.equal(errorOf(visitor.left().searchParams), code);
  }
});

test('the phone is asked for once, and not again within the session', async (t) => {
  const policy = 'B2C_1A_JoinWithPhone';
  const emulator = await startClub(t);
  const visitor = await open(emulator, policy);
  await visitor.press('next', { signInName: ALICE, password: PASSWORD });
  await visitor.press('sendCode', { number: '555 123-4567' });
  await visitor.press('verifyCode', { verificationCode: '0' });
  assert.notEqual(textOf(visitor.page.body, 'errorMessage'), '');
  const verificationCode = await newestCode(emulator, '+15551234567');
  await visitor.press('verifyCode', { verificationCode });
  const claims = claimsOf((await tokens(emulator, visitor, policy))['id_token']);
  assert.equal(claims['phone_number'], '+15551234567');
  await visitor.open(authorizationUrl(emulator, policy));
  visitor.left();
  const other = await open(emulator, policy);
  await other.press('next', { signInName: ALICE, password: PASSWORD });
  assert.match(other.page.body, /XXX-XXX-4567/);
});

test('a second application gets a token without a page, unless the session is ignored', async (t) => {
  const emulator = await startClub(t);
  const visitor = await open(emulator, JOIN, { prompt: 'none' });
  assert.equal(errorOf(visitor.left().searchParams), 'interaction_required AADB2C90077');
  await visitor.open(authorizationUrl(emulator, JOIN));
  await visitor.press('next', { signInName: ALICE, password: PASSWORD, rememberMe: 'true' });
  assert.match(String(visitor.page.setCookies), /sso[^;]*=[^;]+;.*Max-Age=2592000/);
  const other = { client_id: OTHER_CLIENT, scope: 'openid', prompt: 'none' };
  await visitor.open(authorizationUrl(emulator, JOIN, other));
  const code = codeOf(visitor.left());
  const { body } = await requestToken(emulator, JOIN, { code, client_id: OTHER_CLIENT });
  assert.equal(claimsOf(body['id_token'])['aud'], OTHER_CLIENT);
  await visitor.open(authorizationUrl(emulator, JOIN, { prompt: 'login' }));
  assert.equal(visitor.page.location, '');
});

test('texts are those of the policy over the built-in ones of the language', async (t) => {
  const emulator = await startClub(t);
  const { page } = await open(emulator, JOIN, { ui_locales: 'de-AT' });
  assert.match(page.body, /<html lang="de"/);
  assert.match(page.body, /<h1[^>]*>Willkommen im Verein<\/h1>/);
  assert.equal(elementById(page.body, 'signInName')['placeholder'], 'E-Mail oder Name');
  assert.equal(textOf(page.body, 'next'), 'Anmelden');
});

test('a script that posts the form gets JSON', async (t) => {
  const emulator = await startClub(t);
  const visitor = await open(emulator);
  const [, settings = ''] = /var SETTINGS = (\{.*?\});/.exec(visitor.page.body) ?? [];
  const { csrf, transId, api, hosts } = JSON.parse(settings);
  assert.equal(api, 'CombinedSigninAndSignup');
  const cookie = `x-ms-cpim-csrf=${csrf}`;
  const query = `tx=${transId}&p=${hosts.policy}`;
  const post = async (form: Record<string, string>) => {
    const response = await fetch(`${emulator.url}${hosts.tenant}/SelfAsserted?${query}`, {
      method: 'POST',
      headers: { cookie, 'x-csrf-token': csrf },
      body: new URLSearchParams({ request_type: 'RESPONSE', ...form }),
    });
    return (await response.json()) as Json;
  };
  assert.deepEqual(await post({ email: ALICE, password: 'wrong' }), {
    ...{ status: '400', errorCode: 'AADB2C90054', message: 'This is not your password.' },
  });
  assert.deepEqual(await post({ signInName: ALICE, password: PASSWORD }), { status: '200' });
  const confirmed = `${emulator.url}${hosts.tenant}/api/${api}/confirmed?csrf_token=${csrf}&${query}`;
  const done = await fetch(confirmed, { headers: { cookie }, redirect: 'manual' });
  assert.notEqual(codeOf(new URL(done.headers.get('location') ?? '')), '');
});

test('Cancel returns AADB2C90091', async (t) => {
  const emulator = await startClub(t);
  const visitor = await open(emulator);
  await visitor.follow('createAccount');
  await visitor.press('cancel');
  assert.equal(errorOf(visitor.left().searchParams), 'access_denied AADB2C90091');
});

test('policies from files appear beside the others', async (t) => {
  const emulator = await startClub(t);
  assert.ok(emulator.customPolicies.includes(JOIN));
  const names = emulator.policies.map(({ name }) => name);
  assert.ok(names.includes('B2C_1_susi') && names.includes(JOIN));
  const discovery = `${emulator.authority}/${JOIN}/v2.0/.well-known/openid-configuration`;
  const document = (await (await fetch(discovery)).json()) as Json;
  assert.deepEqual((document['claims_supported'] as string[]).slice(0, 4), [
    ...['sub', 'name', 'sport', 'tid'],
  ]);
});

test('the page of one browser is not shown to another', async (t) => {
  const emulator = await startEmulator(t, { customPolicies: { folder: CLUB } });
  const visitor = await open(emulator);
  const other = visit(emulator);
  const [, action = ''] = /<form [^>]*action="([^"]*)"/.exec(visitor.page.body) ?? [];
  await other.open(action.replaceAll('&amp;', '&'));
  assert.match(other.page.body, /AADB2C90046/);
});
