import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ALICE, authorizationUrl, PASSWORD, startEmulator } from '../emulator/support.js';
import { violationsOf } from '../support/axe.js';
import { openChromium } from '../support/chromium.js';
import { emulatorControl } from '../support/emulator-control.js';

// Every page of the local tenant under axe-core, in the states that a person brings about.

test('axe-core has nothing against any page of the local tenant', async (t) => {
  const chromium = await openChromium(t);
  if (!chromium) return;
  const { page } = chromium;
  page.setDefaultTimeout(10_000);
  const emulator = await startEmulator(t, {
    policies: [
      { name: 'B2C_1_susi' },
      {
        name: 'B2C_1_all',
        secondFactor: 'phone',
        identityProviders: ['GoogleExchange', 'FacebookExchange'],
        session: { keepMeSignedInDays: 30 },
      },
      { name: 'B2C_1_totp', secondFactor: 'totp' },
      { name: 'B2C_1_reset', kind: 'resetPassword' },
      { name: 'B2C_1_edit_profile', kind: 'editProfile' },
      { name: 'B2C_1_classic', page: { layout: 'classic' } },
      { name: 'B2C_1A_signup_signin' },
    ],
  });
  const { mailedCode } = emulatorControl(emulator.url);
  const check = async (name: string) => assert.deepEqual(await violationsOf(page), [], name);
  const open = (policy: string, more = {}) => page.goto(authorizationUrl(emulator, policy, more));
  const signIn = async (field: string) => {
    await page.fill(field, ALICE);
    await page.fill('#password', PASSWORD);
    await page.click('#next');
  };

  await open('B2C_1_all');
  await check('sign-in with providers');
  await page.click('#next');
  await page.waitForSelector('.error:visible');
  await check('sign-in with mistakes');
  await page.click('#GoogleExchange');
  await check('the provider');
  await page.fill('#email', 'gina@example.com');
  await page.fill('#name', 'Gina');
  await page.click('#continue');
  await page.waitForSelector('#surname');
  await check('sign-up after a provider');
  await page.click('#continue');
  await page.selectOption('#countryCode', '+49');
  await check('the telephone');
  await page.fill('#number', '030 1234567');
  await page.click('#sendCode');
  await page.waitForSelector('#verificationCode');
  await check('the code of the telephone');

  await open('B2C_1_susi', { ui_locales: 'de' });
  await page.click('#createAccount');
  await check('sign-up');
  await page.click('#continue', { force: true });
  await page.fill('#email', 'carol@example.com');
  await page.click('#emailVerificationControl_but_send_code');
  await page.waitForSelector('#emailVerificationCode:visible');
  await check('a code that was sent');
  await page.fill('#emailVerificationCode', '000000');
  await page.click('#emailVerificationControl_but_verify_code');
  await page.waitForSelector('#emailVerificationControl_error_message:visible');
  await check('a wrong code');
  await page.fill('#emailVerificationCode', await mailedCode('carol@example.com'));
  await page.click('#emailVerificationControl_but_verify_code');
  await page.waitForSelector('#continue[aria-disabled=false]');
  await page.fill('#newPassword', 'a');
  await page.click('#continue');
  await page.waitForSelector('.error:visible');
  await check('sign-up with mistakes');

  await open('B2C_1A_signup_signin');
  await page.click('#createAccount');
  await check('sign-up of a custom policy');
  await open('B2C_1_reset');
  await check('a forgotten password');
  await open('B2C_1_classic');
  await check('the classic frame');
  await open('B2C_1_totp');
  await signIn('#email');
  await page.waitForSelector('#otpCode, #continue');
  await check('the authenticator');
  await open('B2C_1_edit_profile');
  await signIn('#email');
  await page.waitForSelector('#displayName');
  await check('the profile');

  await open('B2C_1_susi', { client_id: 'f0b6e55f-0000-4000-8000-00000000b001' });
  await check('an error');
  await page.goto(`${emulator.authority}/B2C_1_susi/oauth2/v2.0/logout`);
  await check('signed out');
  await page.goto(`${emulator.url}/_emulator/`);
  await check('the dashboard');
  await page.goto(`${emulator.url}/_emulator/mailbox`);
  await check('the mailbox');
});
