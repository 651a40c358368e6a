import type { BrowserContext, Page } from 'playwright-core';
import type { Emulator, EmulatorOptions } from '../../dist/emulator/emulator.js';
import { ALICE, authorizationUrl, PASSWORD } from '../emulator/support.js';
import { emulatorControl } from './emulator-control.js';

/** The policies that show all pages of the emulator. */
export const TOUR_POLICIES: NonNullable<EmulatorOptions['policies']> = [
  { name: 'B2C_1_susi' },
  { name: 'B2C_1_reset', kind: 'resetPassword' },
  { name: 'B2C_1_edit_profile', kind: 'editProfile' },
  {
    name: 'B2C_1_all',
    secondFactor: 'phone',
    identityProviders: ['GoogleExchange', 'FacebookExchange'],
    session: { keepMeSignedInDays: 30 },
  },
  { name: 'B2C_1_totp', secondFactor: 'totp' },
  { name: 'B2C_1_classic', page: { layout: 'classic' } },
  {
    name: 'B2C_1_first',
    forgotPassword: 'inline',
    page: { signIn: 'identifierFirst', accountLinks: 'buttons' },
  },
  { name: 'B2C_1A_signup_signin' },
];

export interface TenantTour {
  page: Page;
  context: BrowserContext;
  emulator: Emulator;
  uiLocales: string;
  /** Called on each page: checks it, or takes a screenshot. */
  show(name: string): Promise<void>;
}

/** Visits every page of the emulator, in each state that a user can reach. */
export async function tourTheTenant(tour: TenantTour): Promise<void> {
  await showProviderAndTelephone(tour);
  await showSignUp(tour);
  await showOtherPolicies(tour);
  await showFormPost(tour);
  await showOwnPages(tour);
}

const openIn =
  ({ page, emulator, uiLocales }: TenantTour) =>
  (policy: string, more: Record<string, string> = {}) =>
    page.goto(authorizationUrl(emulator, policy, { ui_locales: uiLocales, ...more }));

async function showProviderAndTelephone(tour: TenantTour) {
  const { page, show } = tour;
  await openIn(tour)('B2C_1_all');
  await show('emulator-sign-in');
  await page.click('#next');
  await page.waitForSelector('.error:visible');
  await show('emulator-mistakes');
  await page.click('#GoogleExchange');
  await show('emulator-provider');
  await page.fill('#email', 'gina@example.com');
  await page.fill('#name', 'Gina');
  await page.click('#continue');
  await page.waitForSelector('#surname');
  await show('emulator-sign-up-after-provider');
  await page.click('#continue');
  await page.selectOption('#countryCode', '+49');
  await show('emulator-telephone');
  await page.fill('#number', '030 1234567');
  await page.click('#sendCode');
  await page.waitForSelector('#verificationCode');
  await show('emulator-telephone-code');
}

async function showSignUp(tour: TenantTour) {
  const { page, emulator, show } = tour;
  await openIn(tour)('B2C_1_susi');
  await page.click('#createAccount');
  await show('emulator-sign-up');
  await page.click('#continue', { force: true });
  await page.fill('#email', 'carol@example.com');
  await page.click('#emailVerificationControl_but_send_code');
  await page.waitForSelector('#emailVerificationCode:visible');
  await show('emulator-code');
  await page.fill('#emailVerificationCode', '000000');
  await page.click('#emailVerificationControl_but_verify_code');
  await page.waitForSelector('#emailVerificationControl_error_message:visible');
  await show('emulator-wrong-code');
  const code = await emulatorControl(emulator.url).mailedCode('carol@example.com');
  await page.fill('#emailVerificationCode', code);
  await page.click('#emailVerificationControl_but_verify_code');
  await page.waitForSelector('#continue[aria-disabled=false]');
  await page.fill('#newPassword', 'a');
  await page.click('#continue');
  await page.waitForSelector('.error:visible');
  await show('emulator-sign-up-mistakes');
}

async function showOtherPolicies(tour: TenantTour) {
  const { page, show } = tour;
  const open = openIn(tour);
  const signIn = async () => {
    await page.fill('#email', ALICE);
    await page.fill('#password', PASSWORD);
    await page.click('#next');
  };
  await open('B2C_1A_signup_signin');
  await page.click('#createAccount');
  await show('emulator-custom-policy');
  await open('B2C_1_reset');
  await show('emulator-reset');
  await open('B2C_1_classic');
  await show('emulator-classic');
  await open('B2C_1_first');
  await show('emulator-identifier');
  await page.fill('#email', ALICE);
  await page.click('#continue');
  await page.waitForSelector('#password');
  await show('emulator-identifier-password');
  await open('B2C_1_totp');
  await signIn();
  await page.waitForSelector('#otpCode');
  await show('emulator-authenticator');
  await open('B2C_1_edit_profile');
  await signIn();
  await page.waitForSelector('#displayName');
  await show('emulator-profile');
}

/** The page that posts the answer is gone at once, unless there is no script. */
async function showFormPost(tour: TenantTour) {
  const { page, context, show } = tour;
  const devtools = await context.newCDPSession(page);
  await devtools.send('Emulation.setScriptExecutionDisabled', { value: true });
  await openIn(tour)('B2C_1_susi', { response_mode: 'form_post', prompt: 'login' });
  await page.fill('#email', ALICE);
  await page.fill('#password', PASSWORD);
  await page.click('#next');
  await page.waitForSelector('#auto button');
  // The check of a page is a script too, and would hide the content of `noscript`.
  await devtools.send('Emulation.setScriptExecutionDisabled', { value: false });
  await page
    .locator('noscript')
    .evaluate((noscript) => noscript.replaceWith(...noscript.childNodes));
  await show('emulator-form-post');
  await devtools.detach();
}

async function showOwnPages(tour: TenantTour) {
  const { page, emulator, show } = tour;
  await openIn(tour)('B2C_1_susi', { client_id: 'f0b6e55f-0000-4000-8000-00000000b001' });
  await show('emulator-error');
  await page.goto(`${emulator.authority}/B2C_1_susi/oauth2/v2.0/logout`);
  await show('emulator-signed-out');
  await showDashboard(tour);
}

/** Each page of the dashboard, with everything on it open. */
async function showDashboard({ page, emulator, show }: TenantTour) {
  const control = emulatorControl(emulator.url);
  await control.fault('token_500', { times: 2, policy: 'B2C_1_susi' });
  await control.clock(60);
  for (const section of ['', 'mailbox', 'accounts', 'policies', 'requests', 'traces', 'faults']) {
    await showSection({ page, emulator, show }, section);
  }
  await showSection({ page, emulator, show }, 'tenant');
  await page.goto(`${emulator.url}/_emulator/accounts`);
  await page.click('#accounts a');
  await showOpen({ page, show }, 'emulator-dashboard-account');
  await page.goto(`${emulator.url}/_emulator/traces`);
  await page.click('#traces a');
  await showOpen({ page, show }, 'emulator-dashboard-trace');
  await control.noFaults();
  await page.goto(`${emulator.url}/_emulator/policies`);
  await page.click('button[value=B2C_1_susi]');
  await page.fill('#email', ALICE);
  await page.fill('#password', PASSWORD);
  await page.click('#next');
  await page.waitForSelector('.checks');
  await showOpen({ page, show }, 'emulator-dashboard-result');
  await page.goto(`${emulator.url}/_emulator/runs/none`);
  await show('emulator-dashboard-error');
}

async function showSection(
  { page, emulator, show }: Pick<TenantTour, 'page' | 'emulator' | 'show'>,
  section: string,
) {
  await page.goto(`${emulator.url}/_emulator/${section}`);
  await showOpen({ page, show }, `emulator-dashboard-${section || 'overview'}`);
}

async function showOpen({ page, show }: Pick<TenantTour, 'page' | 'show'>, name: string) {
  await page.evaluate(() => {
    // Three requests look like all others.
    const selector = 'details:not(.request ~ .request ~ .request ~ .request)';
    for (const details of document.querySelectorAll<HTMLDetailsElement>(selector)) {
      details.removeAttribute('name');
      details.open = true;
    }
  });
  await show(name);
}
