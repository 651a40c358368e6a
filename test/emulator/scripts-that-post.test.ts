/** Programs that sign in by posting the same forms as B2C's page script. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Emulator } from '../../dist/emulator/emulator.js';
import { type Browser, createBrowser } from '../support/browser.js';
import { ALICE, admin, authorizationUrl, codeOf, PASSWORD, startEmulator } from './support.js';

interface PageScript {
  browser: Browser;
  html: string;
  settings: { csrf: string; transId: string; api: string; hosts: { tenant: string } };
  post(path: string, fields: Record<string, string>): Promise<Record<string, unknown>>;
  confirmed(more?: string): Promise<URL>;
}

/** Extracts the settings with a pattern, as public clients of real tenants do. */
async function openPage(
  { url }: Emulator,
  address: string,
  header = 'x-csrf-token',
): Promise<PageScript> {
  const browser = createBrowser(url);
  const { body: html } = await browser.get(address);
  const [, text = ''] = /var SETTINGS = (\S+?);/.exec(html) ?? [];
  const settings = JSON.parse(text);
  const { csrf, transId, api, hosts } = settings;
  const policy = hosts.policy;
  return {
    browser,
    html,
    settings,
    async post(path, fields) {
      const target = `${hosts.tenant}/${path}?tx=${transId}&p=${policy}`;
      const headers = { [header]: header === 'x-csrf-token' ? csrf : 'XMLHttpRequest' };
      const form = header === 'x-csrf-token' ? fields : { ...fields, csrf_token: csrf };
      const answer = await browser.post(target, form, headers);
      assert.equal(answer.status, 200);
      return JSON.parse(answer.body);
    },
    async confirmed(more = 'rememberMe=false') {
      const query = `${more}&csrf_token=${csrf}&tx=${transId}&p=${policy}`;
      const answer = await browser.get(`${hosts.tenant}/api/${api}/confirmed?${query}`);
      return new URL(answer.location);
    },
  };
}

for (const header of ['x-csrf-token', 'x-requested-with']) {
  test(`a post with ${header} gets JSON, and confirmed redirects to the application`, async (t) => {
    const emulator = await startEmulator(t);
    const page = await openPage(emulator, authorizationUrl(emulator), header);
    assert.match(page.html, /"api":"CombinedSigninAndSignup","csrf":"[^"]+","transId":"StateProp/);
    const fields = { request_type: 'RESPONSE', email: ALICE, password: PASSWORD };
    assert.deepEqual(await page.post('SelfAsserted', fields), { status: '200' });
    assert.ok(codeOf(await page.confirmed()));
  });
}

const names = ['email', 'signInName', 'logonIdentifier', 'UserId'];
for (const name of names) {
  test(`the sign-in name can be posted as ${name}`, async (t) => {
    const emulator = await startEmulator(t);
    const page = await openPage(emulator, authorizationUrl(emulator));
    const fields = { request_type: 'RESPONSE', [name]: ALICE, password: PASSWORD };
    assert.deepEqual(await page.post('SelfAsserted', fields), { status: '200' });
  });
}

const refusals: Record<string, [Record<string, string>, object]> = {
  'an unknown account': [
    { email: 'unknown@example.com', password: PASSWORD },
    {
      status: '400',
      errorCode: 'AADB2C90053',
      message: "We can't seem to find your account.",
    },
  ],
  'a wrong password': [
    { email: ALICE, password: 'wrong' },
    { status: '400', errorCode: 'AADB2C90054', message: 'Your password is incorrect.' },
  ],
  'an empty field': [
    { email: '', password: PASSWORD },
    { status: '400', message: 'Please enter your Email Address' },
  ],
};
for (const [what, [fields, expected]] of Object.entries(refusals)) {
  test(`${what} returns status 400 in JSON, and confirmed returns AADB2C90255`, async (t) => {
    const emulator = await startEmulator(t);
    const page = await openPage(emulator, authorizationUrl(emulator));
    assert.deepEqual(await page.post('SelfAsserted', fields), expected);
    const description = (await page.confirmed()).searchParams.get('error_description') ?? '';
    assert.match(description, /^AADB2C90255/);
  });
}

test('rememberMe in the query keeps the user signed in', async (t) => {
  const policies = [{ name: 'B2C_1_susi', session: { keepMeSignedInDays: 7 } }];
  const emulator = await startEmulator(t, { policies });
  const page = await openPage(emulator, authorizationUrl(emulator));
  await page.post('SelfAsserted', { email: ALICE, password: PASSWORD });
  await page.confirmed('rememberMe=true');
  await admin(emulator, 'POST', 'clock', { offsetSeconds: 6 * 86_400 });
  const silent = await page.browser.get(authorizationUrl(emulator));
  assert.ok(codeOf(new URL(silent.location)));
});

async function mailedCode(emulator: Emulator): Promise<string> {
  const { body } = await admin(emulator, 'GET', 'mailbox');
  return (body['messages'] as { code: string }[])[0]?.code ?? '';
}

test('the display control sends and checks codes', async (t) => {
  const policies = [{ name: 'B2C_1_up', kind: 'signUp' as const, attributes: ['displayName'] }];
  const emulator = await startEmulator(t, { policies });
  const page = await openPage(emulator, authorizationUrl(emulator, 'B2C_1_up'));
  assert.match(page.html, /var SA_FIELDS = \{"AttributeFields":\[\{"UX_INPUT_TYPE":"EmailBox"/);
  const control = 'SelfAsserted/DisplayControlAction/vbeta/emailVerificationControl';
  const email = 'carol@example.com';
  const bad = await page.post(`${control}/SendCode`, { email: 'carol' });
  assert.equal(bad['isSuccess'], false);
  assert.equal((await page.post(`${control}/SendCode`, { email }))['status'], '200');
  const wrong = await page.post(`${control}/VerifyCode`, { email, emailVerificationCode: 'x' });
  assert.equal(wrong['status'], '400');
  const emailVerificationCode = await mailedCode(emulator);
  const right = await page.post(`${control}/VerifyCode`, { email, emailVerificationCode });
  assert.equal(right['status'], '200');
  const passwords = { newPassword: 'Another#1', reenterPassword: 'Another#1' };
  const fields = { email, ...passwords, displayName: 'Carol' };
  assert.deepEqual(await page.post('SelfAsserted', fields), { status: '200' });
  assert.ok(codeOf(await page.confirmed()));
});

test('the built-in verification takes its two requests', async (t) => {
  const policies = [{ name: 'B2C_1A_reset', kind: 'resetPassword' as const }];
  const emulator = await startEmulator(t, { policies });
  const page = await openPage(emulator, authorizationUrl(emulator, 'B2C_1A_reset'));
  const claim = { claim_id: 'email', claim_value: ALICE };
  const sent = { request_type: 'VERIFICATION_REQUEST', ...claim };
  assert.equal((await page.post('SelfAsserted', sent))['status'], '200');
  const user_input = await mailedCode(emulator);
  const checked = { request_type: 'VALIDATION_REQUEST', ...claim, user_input };
  assert.equal((await page.post('SelfAsserted', checked))['status'], '200');
  const last = { request_type: 'RESPONSE', email: ALICE, email_ver_input: user_input };
  assert.deepEqual(await page.post('SelfAsserted', last), { status: '200' });
});

test('a forged CSRF token is rejected', async (t) => {
  const emulator = await startEmulator(t);
  const { browser, settings } = await openPage(emulator, authorizationUrl(emulator));
  const target = `${settings.hosts.tenant}/SelfAsserted?tx=${settings.transId}&p=B2C_1_susi`;
  const fields = { email: ALICE, password: PASSWORD };
  const answer = await browser.post(target, fields, { 'x-csrf-token': 'forged' });
  assert.equal(answer.status, 400);
});
