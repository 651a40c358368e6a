import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  ALICE,
  authorizationUrl,
  CLIENT_ID,
  CODE_CHALLENGE,
  CODE_VERIFIER,
  claimsOf,
  codeOf,
  errorOf,
  PASSWORD,
  requestToken,
  startEmulator,
} from './support.js';
import { elementById, visit } from './visitor.js';

test('a user signs in on the page, and the code gives tokens', async (t) => {
  const emulator = await startEmulator(t);
  const visitor = visit(emulator);
  const pkce = { code_challenge: CODE_CHALLENGE, code_challenge_method: 'S256' };
  await visitor.open(authorizationUrl(emulator, 'B2C_1_susi', pkce));
  await visitor.press('next', { email: ALICE, password: PASSWORD });
  const location = visitor.left();
  assert.equal(location.searchParams.get('state'), 'the-state');
  const code = codeOf(location);
  assert.equal(code.split('.').length, 5);
  assert.ok(code.length > 900);
  const { status, body } = await requestToken(emulator, 'B2C_1_susi', {
    code,
    code_verifier: CODE_VERIFIER,
  });
  assert.equal(status, 200);
  const claims = claimsOf(body['id_token']);
  assert.equal(claims['iss'], emulator.issuer);
  assert.equal(claims['aud'], CLIENT_ID);
  assert.equal(claims['nonce'], 'the-nonce');
  assert.equal(claims['tfp'], 'B2C_1_susi');
  assert.deepEqual(claims['emails'], [ALICE]);
  assert.equal(claims['newUser'], undefined);
});

test('a custom policy has other element IDs and other claims', async (t) => {
  const emulator = await startEmulator(t);
  const visitor = visit(emulator);
  await visitor.open(authorizationUrl(emulator, 'B2C_1A_signup_signin'));
  await visitor.press('next', { signInName: ALICE, password: PASSWORD });
  const { body } = await requestToken(emulator, 'B2C_1A_signup_signin', {
    code: codeOf(visitor.left()),
  });
  const claims = claimsOf(body['id_token']);
  assert.equal(claims['acr'], 'b2c_1a_signup_signin');
  assert.equal(claims['tfp'], undefined);
  assert.equal(claims['email'], ALICE);
});

const refused = {
  'an unknown account': { email: 'unknown@example.com', password: PASSWORD },
  'a wrong password': { email: ALICE, password: 'wrong' },
};
for (const [what, fields] of Object.entries(refused)) {
  test(`${what} shows the page again, with an error above the fields`, async (t) => {
    const emulator = await startEmulator(t);
    const visitor = visit(emulator);
    await visitor.open(authorizationUrl(emulator));
    await visitor.press('next', fields);
    assert.equal(visitor.page.status, 200);
    assert.match(
      visitor.page.body,
      /<div class="error pageLevel" role="alert" style="display: block" aria-hidden="false"><p id="page_error">\S/,
    );
    assert.equal(elementById(visitor.page.body, 'email')['value'], fields.email);
  });
}

test('an empty password shows an error next to the field', async (t) => {
  const emulator = await startEmulator(t);
  const visitor = visit(emulator);
  await visitor.open(authorizationUrl(emulator));
  await visitor.press('next', { email: ALICE });
  assert.match(
    visitor.page.body,
    /aria-hidden="false"><p id="password_error">Please enter your password/,
  );
});

test('login_hint fills in the email address', async (t) => {
  const emulator = await startEmulator(t);
  const visitor = visit(emulator);
  await visitor.open(authorizationUrl(emulator, 'B2C_1_susi', { login_hint: 'bob@example.com' }));
  assert.equal(elementById(visitor.page.body, 'email')['value'], 'bob@example.com');
});

test('with SSO, no page is shown, except with prompt=login', async (t) => {
  const emulator = await startEmulator(t);
  const visitor = visit(emulator);
  await visitor.open(authorizationUrl(emulator));
  await visitor.press('next', { email: ALICE, password: PASSWORD });
  await visitor.open(authorizationUrl(emulator, 'B2C_1A_signup_signin'));
  assert.ok(codeOf(visitor.left()));
  await visitor.open(authorizationUrl(emulator, 'B2C_1_susi', { prompt: 'login' }));
  assert.equal(visitor.page.status, 200);
});

test('prompt=none returns AADB2C90077 without an SSO session, and a code with one', async (t) => {
  const emulator = await startEmulator(t);
  const visitor = visit(emulator);
  const silent = authorizationUrl(emulator, 'B2C_1_susi', { prompt: 'none' });
  await visitor.open(silent);
  assert.equal(errorOf(visitor.left().searchParams), 'interaction_required AADB2C90077');
  await visitor.open(authorizationUrl(emulator));
  await visitor.press('next', { email: ALICE, password: PASSWORD });
  await visitor.open(silent);
  assert.ok(codeOf(visitor.left()));
});

test('"Forgot your password?" returns AADB2C90118 in the encoding of B2C', async (t) => {
  const emulator = await startEmulator(t);
  const visitor = visit(emulator);
  await visitor.open(authorizationUrl(emulator));
  await visitor.follow('forgotPassword');
  assert.match(
    visitor.page.location,
    /\?error=access_denied&error_description=AADB2C90118%3a\+.*%0d%0aCorrelation\+ID%3a\+[0-9a-f-]{36}%0d%0aTimestamp%3a\+\d{4}-\d\d-\d\d\+\d\d%3a\d\d%3a\d\dZ%0d%0a&state=the-state$/,
  );
});

test('form_post returns a form that posts the code', async (t) => {
  const emulator = await startEmulator(t);
  const visitor = visit(emulator);
  await visitor.open(authorizationUrl(emulator, 'B2C_1_susi', { response_mode: 'form_post' }));
  await visitor.press('next', { email: ALICE, password: PASSWORD });
  assert.match(
    visitor.page.body,
    /<form id="auto" action="http:\/\/localhost:3000\/auth\/redirect"/,
  );
  assert.match(visitor.page.body, /<input type="hidden" name="code" value="[\w.-]+">/);
});

test('a form of another browser is rejected', async (t) => {
  const emulator = await startEmulator(t);
  const victim = visit(emulator);
  const other = visit(emulator);
  await victim.open(authorizationUrl(emulator));
  await other.open(authorizationUrl(emulator));
  other.page = victim.page;
  await other.press('next', { email: ALICE, password: PASSWORD });
  assert.equal(other.page.status, 400);
  assert.match(other.page.body, /class="error-page-detail">AADB2C90046/);
});
