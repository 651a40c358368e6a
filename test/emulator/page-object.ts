/**
 * The hosted pages as scripts for Azure AD B2C use them: by element IDs and visible states, independent
 * of the emulator's markup. Works with and without JavaScript.
 */
import type { Page } from 'playwright-core';

/** `B2C_1_…` or `B2C_1A_…`: some element IDs differ. */
export type PolicyFamily = 'userFlow' | 'customPolicy';

export interface Credentials {
  email: string;
  password: string;
}

/** By claim: `displayName`, `givenName`, `extension_Tier` … */
export type Attributes = Record<string, string>;

export interface HostedPages {
  /** Signs in. The page closes if the password is right. */
  signIn(credentials: Credentials): Promise<void>;
  /** Starts at the sign-in page. */
  signUp(person: Credentials & Attributes): Promise<void>;
  /** Starts at the first page of the password reset. */
  resetPassword(credentials: Credentials): Promise<void>;
  /** Starts at the profile form. */
  editProfile(attributes: Attributes): Promise<void>;
  forgotPassword(): Promise<void>;
  cancel(): Promise<void>;
  /** Sends a code to the address, without reading it. */
  sendCode(email: string): Promise<void>;
  enterCode(code: string): Promise<void>;
  /** The key for an authenticator app that the page shows. */
  readAppKey(): Promise<string>;
  /** Enters the code of an authenticator app. */
  enterAppCode(code: string): Promise<void>;
}

const IDS = {
  userFlow: {
    signInName: '#email',
    sendCode: '#emailVerificationControl_but_send_code',
    code: '#emailVerificationCode',
    verifyCode: '#emailVerificationControl_but_verify_code',
    success: '#emailVerificationControl_success_message',
    changeEmail: '#emailVerificationControl_but_change_claims',
  },
  customPolicy: {
    signInName: '#signInName',
    sendCode: '#email_ver_but_send',
    code: '#email_ver_input',
    verifyCode: '#email_ver_but_verify',
    success: '#email_success',
    changeEmail: '#email_ver_but_edit',
  },
};

/** `readCode` returns the code that was sent to an address. */
export function hostedPages(
  page: Page,
  family: PolicyFamily,
  readCode: (email: string) => Promise<string>,
): HostedPages {
  const ids = IDS[family];

  async function fillIn(fields: Attributes): Promise<void> {
    for (const [claim, value] of Object.entries(fields)) await page.fill(`#${claim}`, value);
  }

  async function goOn(): Promise<void> {
    await page.click('#continue[aria-disabled=false]');
  }

  async function sendCode(email: string): Promise<void> {
    await page.fill('#email', email);
    await page.click(ids.sendCode);
    await page.locator(ids.code).waitFor({ state: 'visible' });
  }

  async function enterCode(code: string): Promise<void> {
    await page.fill(ids.code, code);
    await page.click(ids.verifyCode);
  }

  async function verify(email: string): Promise<void> {
    await sendCode(email);
    await enterCode(await readCode(email));
    await page.locator(ids.success).waitFor({ state: 'visible' });
    await page.locator(ids.changeEmail).waitFor({ state: 'visible' });
  }

  async function choosePassword(password: string): Promise<void> {
    await page.locator('#newPassword:not([disabled])').waitFor();
    await fillIn({ newPassword: password, reenterPassword: password });
  }

  return {
    sendCode,
    enterCode,
    async signIn({ email, password }) {
      await page.fill(ids.signInName, email);
      await page.fill('#password', password);
      await page.click('#next');
    },
    async signUp({ email, password, ...attributes }) {
      await page.click('#createAccount');
      await verify(email);
      await choosePassword(password);
      await fillIn(attributes);
      await goOn();
    },
    async resetPassword({ email, password }) {
      await verify(email);
      await goOn();
      await choosePassword(password);
      await goOn();
    },
    async editProfile(attributes) {
      await page.locator('#attributeVerification').waitFor();
      await fillIn(attributes);
      await goOn();
    },
    async readAppKey() {
      const shown = await page.locator('#totpQrCodeControl').textContent();
      return new URL(shown?.trim() ?? '').searchParams.get('secret') ?? '';
    },
    async enterAppCode(code) {
      await page.fill('#otpCode', code);
      await goOn();
    },
    forgotPassword: () => page.click('#forgotPassword'),
    cancel: () => page.click('#cancel'),
  };
}
