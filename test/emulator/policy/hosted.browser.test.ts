/** Custom policies in a real browser, from the product's own relying party. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { totpAt } from '../../../dist/emulator/tokens/totp.js';
import { startApp } from '../../support/app.js';
import { violationsOf } from '../../support/axe.js';
import { openChromium } from '../../support/chromium.js';
import { hostedPages } from '../page-object.js';
import { ALICE, admin, PASSWORD } from '../support.js';
import { AUTHENTICATOR } from './authenticator.js';
import { CLUB, JOIN, newestCode } from './club.js';
import { ownPolicy } from './own-policy.js';

/** The server with a tenant that serves the policies of the club. */
async function start(
  t: TestContext,
  { javaScriptEnabled = true, signIn = JOIN, folder = CLUB } = {},
) {
  const browser = await openChromium(t, { javaScriptEnabled });
  if (!browser) return undefined;
  const app = await startApp(t, {
    emulator: { customPolicies: { folder } },
    config: {
      policies: {
        signIn,
        ...(folder === CLUB
          ? { editProfile: 'B2C_1A_EditMember', resetPassword: 'B2C_1A_NewPassword' }
          : {}),
      },
    },
  });
  const { page } = browser;
  const me = async (): Promise<{ name: string; claims: Record<string, unknown> }> => {
    await page.waitForURL(`${app.url}/**`);
    const response = await page.request.get(`${app.url}/auth/me`);
    return (await response.json()).user;
  };
  const prove = async (email: string) => {
    await page.fill('#email', email);
    await page.click('#email_ver_but_send');
    await page.waitForSelector('#email_ver_input:visible');
    await page.fill('#email_ver_input', await newestCode(app.emulator, email));
    await page.click('#email_ver_but_verify');
    await page.waitForSelector('#email_success:visible');
  };
  return { ...browser, app, me, prove };
}

for (const javaScriptEnabled of [true, false]) {
  const how = javaScriptEnabled ? 'with script' : 'without script';

  test(`sign-up with a mailed code, profile, new password and sign-in, ${how}`, async (t) => {
    const started = await start(t, { javaScriptEnabled });
    if (!started) return;
    const { page, app, me, prove, complaints } = started;
    await page.goto(`${app.url}/auth/sign_in`);
    await page.click('#createAccount');
    await prove('ada@example.com');
    await page.fill('#newPassword', 'Some@word1');
    await page.fill('#reenterPassword', 'Some@word1');
    await page.fill('#displayName', 'Ada');
    await page.selectOption('#extension_sport', 'chess');
    await page.click('#continue');
    const { name, claims } = await me();
    assert.deepEqual([name, claims['sport'], claims['newUser']], ['Ada', 'chess', true]);

    await page.goto(`${app.url}/auth/edit_profile`);
    assert.equal(await page.inputValue('#displayName'), 'Ada');
    await page.fill('#displayName', 'Ada Lovelace');
    await page.click('#continue');
    assert.equal((await me()).name, 'Ada Lovelace');

    await page.context().clearCookies();
    await page.goto(`${app.url}/auth/sign_in`);
    await page.click('#forgotPassword');
    await prove('ada@example.com');
    await page.click('#continue');
    await page.fill('#newPassword', 'Other@word2');
    await page.fill('#reenterPassword', 'Other@word2');
    await page.click('#continue');
    assert.equal((await me()).name, 'Ada Lovelace');
    assert.deepEqual(complaints, []);
  });
}

test('a social provider, then single sign-on', async (t) => {
  const started = await start(t);
  if (!started) return;
  const { page, app, me, complaints } = started;
  await page.goto(`${app.url}/auth/sign_in`);
  await page.click('#SocialExchange');
  await page.fill('#id', '4711');
  await page.fill('#name', 'Gina');
  await page.fill('#email', 'gina@example.com');
  await page.click('#continue');
  await page.click('#continue');
  const { claims } = await me();
  assert.equal(claims['idp'], 'social.example');
  // The application forgets the user, the tenant does not.
  await page.context().clearCookies({ name: /signin|session/i });
  await page.goto(`${app.url}/auth/sign_in`);
  assert.equal((await me()).claims['sub'], claims['sub']);
  assert.deepEqual(complaints, []);
});

test('a second factor by phone', async (t) => {
  const started = await start(t, { signIn: 'B2C_1A_JoinWithPhone' });
  if (!started) return;
  const { page, app, me, complaints } = started;
  await page.goto(`${app.url}/auth/sign_in`);
  await page.fill('#signInName', ALICE);
  await page.fill('#password', PASSWORD);
  await page.click('#next');
  await page.fill('#number', '5551234567');
  await page.click('#sendCode');
  await page.waitForSelector('#verificationCode:visible');
  await page.fill('#verificationCode', await newestCode(app.emulator, '+15551234567'));
  await page.click('#verifyCode');
  assert.equal((await me()).claims['phone_number'], '+15551234567');
  assert.deepEqual(complaints, []);
});

test('the trace of a journey is readable and works without script', async (t) => {
  const started = await start(t, { javaScriptEnabled: false });
  if (!started) return;
  const { page, app, complaints } = started;
  await page.goto(`${app.url}/auth/sign_in`);
  await page.fill('#signInName', ALICE);
  await page.fill('#password', PASSWORD);
  await page.click('#next');
  await page.goto(`${app.emulator.url}/_emulator/traces`);
  await page.click('#traces li a');
  assert.equal(await page.locator('.timeline > li').count(), 7);
  await page.click('summary:has-text("Form-SignIn")');
  assert.ok(await page.locator('summary:has-text("Password-Check")').isVisible());
  await page.fill('#q', 'Directory-Read');
  await page.click('button:has-text("Search")');
  assert.equal(await page.locator('.timeline > li').count(), 1);
  assert.deepEqual(complaints, []);
  const { body } = await admin(app.emulator, 'GET', 'traces');
  assert.equal((body['traces'] as { outcome: string }[])[0]?.outcome, 'token');
});

test('pages of custom policies and traces are accessible', async (t) => {
  const started = await start(t);
  if (!started) return;
  const { page, app } = started;
  await page.goto(`${app.url}/auth/sign_in`);
  await page.click('#createAccount');
  assert.deepEqual(await violationsOf(page), [], 'sign-up');
  await page.goto(`${app.url}/auth/sign_in`);
  await page.click('#SocialExchange');
  assert.deepEqual(await violationsOf(page), [], 'simulated provider');
  await page.goto(`${app.url}/auth/edit_profile`);
  assert.equal(await page.locator('.accountButton').count(), 2);
  assert.deepEqual(await violationsOf(page), [], 'provider selection');
  await page.goto(`${app.emulator.url}/_emulator/traces`);
  assert.deepEqual(await violationsOf(page), [], 'list of journeys');
  await page.click('#traces li:last-child a');
  await page.click('.timeline summary');
  assert.deepEqual(await violationsOf(page), [], 'trace');
});

test('an authenticator app is set up, then used', async (t) => {
  const { folder } = ownPolicy(t, AUTHENTICATOR);
  const started = await start(t, { folder, signIn: 'B2C_1A_Own' });
  if (!started) return;
  const { page, app, complaints } = started;
  const pages = hostedPages(page, 'customPolicy', () => Promise.resolve(''));
  const signIn = async () => {
    await page.goto(`${app.url}/auth/sign_in`);
    await pages.signIn({ email: ALICE, password: PASSWORD });
    await page.locator('#otpCode').waitFor();
  };
  await signIn();
  await page.locator('#authenticatorAppIconControl').waitFor({ state: 'attached' });
  assert.deepEqual(await violationsOf(page), []);
  const key = await pages.readAppKey();
  assert.equal(await page.locator('#authenticatorInfoControl').textContent(), key);
  await pages.enterAppCode('000000');
  await page.locator('#claimVerificationServerError').waitFor();
  await pages.enterAppCode(totpAt(key, Date.now()));
  await page.waitForURL(`${app.url}/**`);
  await page.context().clearCookies();
  await signIn();
  assert.equal(await page.locator('#totpQrCodeControl').count(), 0);
  await pages.enterAppCode(totpAt(key, Date.now()));
  await page.waitForURL(`${app.url}/**`);
  assert.deepEqual(complaints, []);
});
