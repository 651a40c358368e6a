import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openChromium } from '../support/chromium.js';
import { emulatorControl } from '../support/emulator-control.js';
import type { PolicyFamily } from './page-object.js';
import { runAll, type Steps } from './page-object-setup.js';
import { ALICE, errorOf, PASSWORD } from './support.js';

const POLICIES = {
  userFlow: { signIn: 'B2C_1_susi', reset: 'B2C_1_reset', edit: 'B2C_1_edit_profile' },
  customPolicy: {
    signIn: 'B2C_1A_signup_signin',
    reset: 'B2C_1A_PasswordReset',
    edit: 'B2C_1A_ProfileEdit',
  },
};

const scriptFor = (family: PolicyFamily): Steps => {
  const policies = POLICIES[family];
  return {
    async 'signs in, after a wrong password'({ page, pages, start, claims }) {
      await start(policies.signIn);
      await pages.signIn({ email: ALICE, password: 'wrong' });
      const error = page.locator('#localAccountForm > .error.pageLevel > p');
      await error.waitFor({ state: 'visible' });
      assert.notEqual(await error.textContent(), '');
      await pages.signIn({ email: ALICE, password: PASSWORD });
      assert.equal((await claims(policies.signIn))['name'], 'Alice Example');
    },

    async 'signs up'({ pages, start, claims }) {
      await start(policies.signIn);
      await pages.signUp({
        email: 'new@example.com',
        password: 'Some@word3',
        displayName: 'Newcomer',
        givenName: 'New',
        surname: 'Comer',
      });
      const { newUser, name, given_name } = await claims(policies.signIn);
      assert.deepEqual(
        { newUser, name, given_name },
        {
          newUser: true,
          name: 'Newcomer',
          given_name: 'New',
        },
      );
    },

    async 'resets the password and signs in with the new one'(situation) {
      const { pages, start, claims, returned } = situation;
      const credentials = { email: ALICE, password: 'Other@word2' };
      await start(policies.reset);
      await pages.resetPassword(credentials);
      await returned();
      await situation.page.context().clearCookies();
      await start(policies.signIn);
      await pages.signIn(credentials);
      assert.equal((await claims(policies.signIn))['name'], 'Alice Example');
    },

    async 'edits the profile in a form with the current values'(situation) {
      const { page, pages, start, returned, claims } = situation;
      await start(policies.signIn);
      await pages.signIn({ email: ALICE, password: PASSWORD });
      await returned();
      await start(policies.edit);
      assert.equal(await page.inputValue('#givenName'), 'Alice');
      await pages.editProfile({ displayName: 'Alice the Second' });
      assert.equal((await claims(policies.edit))['name'], 'Alice the Second');
    },

    async cancels({ pages, start, returned }) {
      await start(policies.reset);
      await pages.cancel();
      assert.equal(errorOf((await returned()).searchParams), 'access_denied AADB2C90091');
    },

    async 'enters a wrong code, then the right one'(situation) {
      const { page, pages, emulator, start, returned } = situation;
      await start(policies.reset);
      await pages.sendCode(ALICE);
      await pages.enterCode('000000');
      const message =
        family === 'userFlow' ? '#emailVerificationControl_error_message' : '#email_fail_retry';
      await page.locator(message).waitFor({ state: 'visible' });
      await pages.enterCode(await emulatorControl(emulator.url).mailedCode(ALICE));
      await page.click('#continue[aria-disabled=false]');
      await page.fill('#newPassword', 'Other@word2');
      await page.fill('#reenterPassword', 'Other@word2');
      await page.click('#continue');
      await returned();
    },
  };
};

for (const javaScriptEnabled of [true, false]) {
  test(`in a browser ${javaScriptEnabled ? 'with' : 'without'} script`, async (t) => {
    const chromium = await openChromium(t, { javaScriptEnabled });
    if (!chromium) return;
    for (const family of ['userFlow', 'customPolicy'] as const) {
      await t.test(`policies of the kind of ${POLICIES[family].signIn}`, (t) => {
        return runAll(t, scriptFor(family), { chromium, family });
      });
    }
  });
}
