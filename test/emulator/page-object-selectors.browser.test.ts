import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openChromium } from '../support/chromium.js';
import { emulatorControl } from '../support/emulator-control.js';
import { runAll, type Situation, type Steps } from './page-object-setup.js';
import { ALICE, CLIENT_ID, PASSWORD } from './support.js';

/** Selectors of public scripts, by the page that must contain a match. */
const SELECTORS = {
  'the sign-in page': [
    '#api[data-name="Unified"]',
    '#localAccountForm > div.error.pageLevel > p',
    '.error.pageLevel[role="alert"]',
    "div[class='error pageLevel']",
    '[placeholder="Email Address"]',
    '[name="Email Address"]',
    '#localAccountForm #password[name="Password"][type="password"]',
    'button#next[type="submit"]',
    'a#forgotPassword',
    'a#createAccount[href*="unified?local=signup"]',
    'img.companyLogo',
    'img[alt="Company Logo"]',
    "//div[@id='api']//h1",
    'role=form[name="Sign in with your email address"]',
    'role=heading[name="Sign in"]',
    'role=textbox[name="Email Address"]',
    'role=textbox[name="Password"]',
    'role=button[name="Sign in"]',
    'role=link[name="Forgot your password?"]',
    'role=link[name="Sign up now"]',
  ],
  'the sign-up page': [
    '#api[data-name="SelfAsserted"]',
    'form#attributeVerification > div#requiredFieldMissing',
    '#attributeVerification > #claimVerificationServerError',
    '#attributeVerification > .buttons',
    'button#continue[type="submit"]',
    'button#cancel[formnovalidate]:not([type])',
    'div.intro p',
    '#email_label',
    '#newPassword_label',
    '#emailVerificationCode_label',
    '.sendCode',
    '.verifyCode',
    '.email_li',
    '.emailVerificationCode_li',
    'li.EmailBox>div>div.error',
    'li.VerificationControl.emailVerificationControl_li',
    ':nth-child(1) > .attrEntry > .error',
    '#continue[aria-disabled=true]',
    '#newPassword[disabled]',
    'label[for=email]',
    "//div[@id='api']//h1",
  ],
  'the page with the new password': [
    'li.Password:first-of-type>div>div.error',
    "//div[@class='error itemLevel show']",
    "//div[@class='error pageLevel' and @id='passwordEntryMismatch']",
    'form>div#requiredFieldMissing[role="alert"]',
    '#newPassword[autocomplete="new-password"]',
    '#reenterPassword',
  ],
  'the sign-in page with providers': [
    '#api[data-name="Unified"] .claims-provider-list-buttons > .options',
    '.claims-provider-list-buttons.social .options > div > button#GoogleExchange.accountButton',
    'button.accountButton.firstButton:not([type])',
    'input#rememberMe[type="checkbox"][name="rememberMe"]',
    'role=checkbox[name="Keep me signed in"]',
    'form#localAccountForm.localAccount',
  ],
  'the sign-in page in the classic frame': [
    '#background_background_image',
    '#panel_center .api_container.normaltext > #api',
    'img.companyLogo',
  ],
  'the page for an authenticator app': [
    '#totpQrCodeControl',
    '#authenticatorInfoControl',
    'input#otpCode[name="otpCode"]',
    'button#continue[type="submit"]',
    'role=button[name="Verify"]',
  ],
  'the page for a telephone': [
    '#api[data-name="Phonefactor"]',
    'select#countryCode',
    'input#number',
    '#sendCode',
    '#verifyCode',
    'input#verificationCode',
    'button#retryCode.textButton',
    '#verifyPhone',
    '#cancel',
  ],
  'the error page': [
    '#api.error-page-content[data-name="GlobalException"]',
    '.error-page-help',
    '.error-page-messagedetails .error-page-correlationid',
    'css=.error-page-detail >> text=/^AADB2C90018/',
  ],
};

/** Opens a page of `SELECTORS`. */
const WAYS: Record<keyof typeof SELECTORS, (situation: Situation) => Promise<void>> = {
  'the sign-in page': ({ start }) => start('B2C_1_susi'),
  'the sign-up page': async ({ page, start }) => {
    await start('B2C_1_susi');
    await page.click('#createAccount');
  },
  'the page with the new password': async ({ page, pages, emulator, start }) => {
    await start('B2C_1_reset');
    await pages.sendCode(ALICE);
    await pages.enterCode(await emulatorControl(emulator.url).mailedCode(ALICE));
    await page.click('#continue[aria-disabled=false]');
    await page.click('#continue');
  },
  'the sign-in page with providers': ({ start }) => start('B2C_1_social'),
  'the sign-in page in the classic frame': ({ start }) => start('B2C_1_classic'),
  'the page for an authenticator app': async ({ page, pages, start }) => {
    await start('B2C_1_totp');
    await pages.signIn({ email: ALICE, password: PASSWORD });
    await page.locator('#otpCode').waitFor();
  },
  'the page for a telephone': async ({ page, pages, start }) => {
    await start('B2C_1_phone');
    await pages.signIn({ email: ALICE, password: PASSWORD });
    await page.locator('#countryCode').waitFor();
  },
  'the error page': async ({ start }) => {
    await start('B2C_1_susi', { client_id: '00000000-0000-0000-0000-000000000000' });
  },
};

const pagesHaveSelectors: Steps = {};
for (const [name, selectors] of Object.entries(SELECTORS)) {
  pagesHaveSelectors[`${name} has what scripts look for`] = async (situation) => {
    await WAYS[name as keyof typeof SELECTORS](situation);
    await situation.page.locator('#api').waitFor();
    const missing: string[] = [];
    for (const selector of selectors) {
      if ((await situation.page.locator(selector).count()) === 0) missing.push(selector);
    }
    assert.deepEqual(missing, []);
  };
}

const steps: Steps = {
  ...pagesHaveSelectors,

  async 'the first submit button of a page is the one that goes on'({ page, start }) {
    const first = page.locator('button[type="submit"]').first();
    await start('B2C_1_susi');
    assert.equal(await first.getAttribute('id'), 'next');
    await page.click('#createAccount');
    await page.locator('#attributeVerification').waitFor();
    assert.equal(await first.getAttribute('id'), 'continue');
  },

  async 'an element that was found before a click is the same one after it'({
    page,
    pages,
    start,
  }) {
    await start('B2C_1_reset');
    const code = await page.waitForSelector('#emailVerificationCode', { state: 'attached' });
    await pages.sendCode(ALICE);
    await code.fill('123456');
    assert.equal(await page.inputValue('#emailVerificationCode'), '123456');
  },

  async 'Enter in a field goes on'({ page, start, claims }) {
    await start('B2C_1_susi');
    await page.fill('#email', ALICE);
    await page.fill('#password', PASSWORD);
    await page.press('#password', 'Enter');
    assert.equal((await claims('B2C_1_susi'))['aud'], CLIENT_ID);
  },

  async 'Enter in the address does not send a code'({ page, emulator, start }) {
    await start('B2C_1_reset');
    await page.fill('#email', ALICE);
    await page.press('#email', 'Enter');
    await page.locator('#claimVerificationServerError').waitFor({ state: 'visible' });
    assert.equal(await emulatorControl(emulator.url).mailedCode(ALICE), '');
  },

  async 'the addresses of the pages have the parts that scripts wait for'(situation) {
    const { page, pages, start, returned } = situation;
    const addresses: string[] = [];
    page.on('request', (request) => addresses.push(new URL(request.url()).pathname));
    await start('B2C_1_susi');
    await pages.signIn({ email: ALICE, password: PASSWORD });
    await returned();
    page.removeAllListeners('request');
    for (const part of [
      '/B2C_1_susi/oauth2/v2.0/authorize',
      '/SelfAsserted',
      '/api/CombinedSigninAndSignup/',
      '/confirmed',
    ]) {
      const isThere = addresses.some((address) => address.includes(part));
      assert.ok(isThere, `${part} is in none of ${addresses.join(', ')}`);
    }
  },

  async 'what is hidden is hidden by its own style, as custom style sheets need it'({
    page,
    start,
  }) {
    await start('B2C_1_reset');
    for (const id of [
      'but_verify_code',
      'but_send_new_code',
      'but_change_claims',
      'error_message',
    ]) {
      const element = page.locator(`#emailVerificationControl_${id}`);
      assert.match((await element.getAttribute('style')) ?? '', /display: ?none/);
      assert.equal(await element.getAttribute('aria-hidden'), 'true');
    }
    const send = page.locator('#emailVerificationControl_but_send_code');
    assert.match((await send.getAttribute('style')) ?? '', /display: ?inline/);
    assert.equal(await send.getAttribute('aria-hidden'), 'false');
  },
};

test('the selectors of public scripts match', async (t) => {
  const chromium = await openChromium(t);
  if (chromium) await runAll(t, steps, { chromium, family: 'userFlow' });
});
