/** The page variants of real tenants, each with its setting. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { test } from 'node:test';
import type { Emulator, EmulatorOptions } from '../../dist/emulator/emulator.js';
import { emptyFolder } from '../support/folder.js';
import {
  ALICE,
  admin,
  authorizationUrl,
  claimsOf,
  codeOf,
  PASSWORD,
  requestToken,
  startEmulator,
} from './support.js';
import { elementById, textOf, type Visitor, visit } from './visitor.js';

type PageOptions = NonNullable<NonNullable<EmulatorOptions['policies']>[number]['page']>;

async function open(
  emulator: Emulator,
  policy: string,
  more: Record<string, string> = {},
): Promise<Visitor> {
  const visitor = visit(emulator);
  await visitor.open(authorizationUrl(emulator, policy, more));
  return visitor;
}

const withPage = (page: PageOptions, name = 'B2C_1_x'): EmulatorOptions => ({
  policies: [{ name, page }],
});

for (const identifier of ['email', 'UserId', 'signInName', 'logonIdentifier']) {
  test(`the field of the sign-in name can be #${identifier}`, async (t) => {
    const emulator = await startEmulator(t, withPage({ ids: { identifier } }));
    const visitor = await open(emulator, 'B2C_1_x');
    await visitor.press('next', { [identifier]: ALICE, password: PASSWORD });
    assert.ok(codeOf(visitor.left()));
  });
}

test('the sign-in page can be self-asserted', async (t) => {
  const emulator = await startEmulator(t, withPage({ signIn: 'selfAsserted' }, 'B2C_1A_x'));
  const visitor = await open(emulator, 'B2C_1A_x');
  await visitor.press('continue', { signInName: ALICE, password: 'wrong' });
  assert.match(textOf(visitor.page.body, 'claimVerificationServerError'), /incorrect/);
  assert.equal(elementById(visitor.page.body, 'password')['value'], '');
  await visitor.press('continue', { signInName: ALICE, password: PASSWORD });
  assert.ok(codeOf(visitor.left()));
});

const FIRST: PageOptions = { signIn: 'identifierFirst', accountLinks: 'buttons' };
const identifierFirst: EmulatorOptions = {
  policies: [{ name: 'B2C_1_x', page: FIRST, forgotPassword: 'inline' }],
};

test('identifier-first sign-in: the name and #continue, then the password and #next', async (t) => {
  const emulator = await startEmulator(t, identifierFirst);
  const visitor = await open(emulator, 'B2C_1_x', { login_hint: 'bob@example.com' });
  assert.equal(elementById(visitor.page.body, 'email')['value'], 'bob@example.com');
  assert.doesNotMatch(visitor.page.body, /id="password"/);
  await visitor.press('continue', { email: '' });
  assert.notEqual(textOf(visitor.page.body, 'requiredFieldMissing'), '');
  await visitor.press('continue', { email: ALICE });
  assert.equal(elementById(visitor.page.body, 'email')['value'], ALICE);
  assert.match(visitor.page.body, /id="email"[^>]* readonly/);
  await visitor.press('next', { password: 'wrong' });
  assert.match(textOf(visitor.page.body, 'page_error'), /incorrect/);
  await visitor.press('next', { email: 'bob@example.com', password: PASSWORD });
  const code = codeOf(visitor.left());
  assert.deepEqual(await emailsOf(emulator, code), [ALICE]);
  // With the SSO session, no page is shown.
  await visitor.open(authorizationUrl(emulator, 'B2C_1_x'));
  assert.ok(codeOf(visitor.left()));
});

async function emailsOf(emulator: Emulator, code: string): Promise<unknown> {
  const { body } = await requestToken(emulator, 'B2C_1_x', { code });
  return claimsOf(body['id_token'])['emails'];
}

for (const [button, field] of Object.entries({
  SignUpExchange: 'newPassword',
  ForgotPasswordExchange: 'emailVerificationControl_but_send_code',
})) {
  test(`the button #${button} stands among the claims providers`, async (t) => {
    const emulator = await startEmulator(t, identifierFirst);
    const visitor = await open(emulator, 'B2C_1_x');
    await visitor.press('continue', { email: ALICE });
    assert.doesNotMatch(visitor.page.body, /createAccount|id="forgotPassword"/);
    const { form, name, value, class: classes } = elementById(visitor.page.body, button);
    assert.deepEqual([form, name, value], ['provider_form', 'claimsexchange', button]);
    assert.match(classes ?? '', /^accountButton claims-provider-selection/);
    const [, csrf = '', tx = ''] =
      /"csrf":"([^"]+)","transId":"([^"]+)"/.exec(visitor.page.body) ?? [];
    const query = new URLSearchParams({ claimsexchange: button, csrf_token: csrf, tx });
    const unified = 'api/CombinedSigninAndSignup/unified';
    await visitor.open(`${emulator.authority}/B2C_1_x/${unified}?${query}`);
    assert.ok(elementById(visitor.page.body, field));
  });
}

test('#continue of the password reset can mail and check the code', async (t) => {
  const page: PageOptions = { emailVerification: 'onContinue' };
  const policy = { name: 'B2C_1_x', page, kind: 'resetPassword' as const };
  const emulator = await startEmulator(t, { policies: [policy] });
  const visitor = await open(emulator, 'B2C_1_x');
  await visitor.press('continue', { email: 'nobody' });
  assert.match(visitor.page.body, /valid email address/);
  await visitor.press('continue', { email: ALICE });
  assert.match(textOf(visitor.page.body, 'emailVerificationControl_success_message'), /sent/);
  await visitor.press('continue', { emailVerificationCode: 'wrong' });
  assert.notEqual(textOf(visitor.page.body, 'emailVerificationControl_error_message'), '');
  await visitor.press('continue', { emailVerificationCode: await codeFor(emulator) });
  await visitor.press('continue', { newPassword: 'Other#word2', reenterPassword: 'Other#word2' });
  assert.ok(codeOf(visitor.left()));
});

test('#continue of the sign-up can mail and check the code, then takes the other fields', async (t) => {
  const page: PageOptions = { emailVerification: 'onContinue' };
  const emulator = await startEmulator(t, { policies: [{ name: 'B2C_1_x', page, ...SIGN_UP }] });
  const visitor = await open(emulator, 'B2C_1_x');
  await visitor.press('continue', { email: 'carol@example.com' });
  await visitor.press('continue', { emailVerificationCode: await codeFor(emulator) });
  assert.equal(textOf(visitor.page.body, 'requiredFieldMissing'), '');
  const passwords = { newPassword: 'Another#1', reenterPassword: 'Another#1' };
  await visitor.press('continue', { ...passwords, displayName: 'Carol' });
  assert.ok(codeOf(visitor.left()));
});

test('fields have B2C’s help link and pattern, and the server checks the pattern', async (t) => {
  const attributes = [{ id: 'postalCode', help: 'Five digits', pattern: '^[0-9]{5}$' }];
  const page: PageOptions = { emailVerification: 'none' };
  const policy = { name: 'B2C_1_x', kind: 'signUp' as const, page, attributes };
  const emulator = await startEmulator(t, { policies: [policy] });
  const visitor = await open(emulator, 'B2C_1_x');
  assert.match(visitor.page.body, /class="helpLink tiny" [^>]*data-help="Five digits"/);
  assert.equal(elementById(visitor.page.body, 'postalCode')['pattern'], '^[0-9]{5}$');
  assert.match(elementById(visitor.page.body, 'email')['pattern'] ?? '', /@\[a-zA-Z0-9/);
  const known = {
    email: 'c@example.com',
    newPassword: 'Other#word2',
    reenterPassword: 'Other#word2',
  };
  await visitor.press('continue', { ...known, postalCode: 'five' });
  assert.notEqual(textOf(visitor.page.body, 'fieldIncorrect'), '');
  await visitor.press('continue', { ...known, postalCode: '12345' });
  assert.ok(codeOf(visitor.left()));
});

const SIGN_UP = { kind: 'signUp' as const, attributes: ['displayName'] };

async function codeFor(emulator: Emulator): Promise<string> {
  const { body } = await admin(emulator, 'GET', 'mailbox');
  return (body['messages'] as { code: string }[])[0]?.code ?? '';
}

const families: Record<string, { page: PageOptions; ids: [string, string, string, string] }> = {
  'the control of user flows': {
    page: { emailVerification: 'control' },
    ids: [
      'email',
      'emailVerificationControl_but_send_code',
      'emailVerificationCode',
      'emailVerificationControl_but_verify_code',
    ],
  },
  'a control with another name': {
    page: {
      ids: {
        email: 'readOnlyEmail',
        verificationControl: 'emailControl',
        verificationCode: 'verificationCode',
      },
    },
    ids: [
      'readOnlyEmail',
      'emailControl_but_send_code',
      'verificationCode',
      'emailControl_but_verify_code',
    ],
  },
  'the built-in verification in a user flow': {
    page: { emailVerification: 'builtIn' },
    ids: ['email', 'email_ver_but_send', 'email_ver_input', 'email_ver_but_verify'],
  },
  'the built-in verification with another claim': {
    page: { emailVerification: 'builtIn', ids: { email: 'ReadOnlyEmail' } },
    ids: [
      'ReadOnlyEmail',
      'ReadOnlyEmail_ver_but_send',
      'ReadOnlyEmail_ver_input',
      'ReadOnlyEmail_ver_but_verify',
    ],
  },
};
for (const [what, { page, ids }] of Object.entries(families)) {
  test(`email verification can be ${what}`, async (t) => {
    const [email, send, input, verify] = ids;
    const emulator = await startEmulator(t, { policies: [{ name: 'B2C_1_x', page, ...SIGN_UP }] });
    const visitor = await open(emulator, 'B2C_1_x');
    await visitor.press(send, { [email]: 'carol@example.com' });
    await visitor.press(verify, { [input]: await codeFor(emulator) });
    const passwords = { newPassword: 'Another#1', reenterPassword: 'Another#1' };
    await visitor.press('continue', { ...passwords, displayName: 'Carol' });
    assert.ok(codeOf(visitor.left()));
  });
}

test('without verification, any valid email address is accepted', async (t) => {
  const page: PageOptions = { emailVerification: 'none', ids: { newPassword: 'password' } };
  const emulator = await startEmulator(t, { policies: [{ name: 'B2C_1_x', page, ...SIGN_UP }] });
  const visitor = await open(emulator, 'B2C_1_x');
  const rest = { password: 'Another#1', reenterPassword: 'Another#1', displayName: 'Carol' };
  await visitor.press('continue', { email: 'carol', ...rest });
  assert.equal(textOf(visitor.page.body, 'fieldIncorrect') === '', false);
  await visitor.press('continue', { email: 'carol@example.com', ...rest });
  assert.ok(codeOf(visitor.left()));
});

test('the layout can be classic, and error pages can have an h2', async (t) => {
  const page: PageOptions = { layout: 'classic', errorHeading: 'h2' };
  const emulator = await startEmulator(t, withPage(page));
  const visitor = await open(emulator, 'B2C_1_x');
  assert.match(
    visitor.page.body,
    /<td id="panel_center"><div class="inner_container"><div class="api/,
  );
  await visitor.open(authorizationUrl(emulator, 'B2C_1_x', { client_id: 'unknown' }));
  assert.match(visitor.page.body, /data-name="GlobalException">\s*<h2>/);
  assert.match(
    visitor.page.body,
    /class="error-page-correlationid">Correlation ID: [0-9a-f-]{36}</,
  );
});

const FRAME = `<!doctype html><html lang="{Culture:RFC5646}"><head><title>Custom</title>
<style>body { color: red }</style><script>alert(1)</script></head>
<body><h1>Contoso</h1><form action="https://evil.example"></form><iframe src="x"></iframe>
<div id="api"></div></body></html>`;

test('a custom page gets the content in its #api element', async (t) => {
  const file = path.join(emptyFolder(t), 'frame.html');
  writeFileSync(file, FRAME);
  const emulator = await startEmulator(t, withPage({ content: file }));
  const visitor = await open(emulator, 'B2C_1_x');
  const html = visitor.page.body;
  assert.match(html, /<title>Custom<\/title>/);
  assert.match(html, /<div id="api" role="main" data-name="Unified">/);
  assert.match(html, /Local emulator/);
  assert.doesNotMatch(html, /alert\(1\)|evil\.example|<iframe/);
  const policy = String(visitor.page.headers['content-security-policy']);
  assert.match(policy, /style-src 'self' 'unsafe-inline' http: https:;/);
  assert.match(policy, /script-src 'self' 'nonce-/);
  assert.match(policy, /connect-src 'self';.* frame-src 'none';/);
  assert.doesNotMatch(html, /jquery/);
  await visitor.press('next', { email: ALICE, password: PASSWORD });
  assert.ok(codeOf(visitor.left()));
});

test('scripts of a custom page run if the policy allows them', async (t) => {
  const file = path.join(emptyFolder(t), 'frame.html');
  writeFileSync(file, FRAME);
  const emulator = await startEmulator(t, withPage({ content: file, allowScript: true }));
  const visitor = await open(emulator, 'B2C_1_x');
  assert.match(visitor.page.body, /alert\(1\)/);
  const policy = String(visitor.page.headers['content-security-policy']);
  assert.match(policy, /connect-src 'self' http: https:;.* frame-src http: https:;/);
});

test('a custom page can be a URL on this computer, which gets the language', async (t) => {
  const requested: string[] = [];
  const server = createServer((request, response) => {
    requested.push(request.url ?? '');
    response.end(FRAME);
  }).listen(0, '127.0.0.1');
  t.after(() => server.close());
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  const content = `http://127.0.0.1:${port}/{Culture:RFC5646}/frame.html`;
  const emulator = await startEmulator(t, withPage({ content }));
  const visitor = await open(emulator, 'B2C_1_x', { ui_locales: 'de-CH' });
  assert.match(visitor.page.body, /<title>Custom/);
  assert.deepEqual(requested, ['/de/frame.html?ui_locales=de']);
});

const unusable: Record<string, string> = {
  'a missing file': '/nowhere/frame.html',
  'a URL on another computer': 'https://contoso.example/frame.html',
};
for (const [what, content] of Object.entries(unusable)) {
  test(`${what} as a custom page shows AADB2C90047`, async (t) => {
    const emulator = await startEmulator(t, withPage({ content }));
    const visitor = await open(emulator, 'B2C_1_x');
    assert.equal(visitor.page.status, 400);
    assert.match(visitor.page.body, /error-page-detail">AADB2C90047/);
  });
}

test('a custom page without #api shows AADB2C90047 with its file', async (t) => {
  const file = path.join(emptyFolder(t), 'frame.html');
  writeFileSync(file, '<p>Nothing here</p>');
  const emulator = await startEmulator(t, withPage({ content: file }));
  const { body } = (await open(emulator, 'B2C_1_x')).page;
  assert.match(body, /AADB2C90047: .*frame\.html.* cannot be used: it has no div#api/);
});
