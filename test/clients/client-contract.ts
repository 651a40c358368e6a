import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { type Browser, createBrowser, hasElement } from './browser.js';
import { type RunningClient, startClient } from './client.js';

export interface ClientUnderTest {
  /** In `apps/`. */
  program: string;
  /** Whether the library can use a refresh token. */
  refreshes: boolean;
  /** Whether it needs an access token, which B2C issues only for a scope of an API. */
  needsAccessToken: boolean;
  /** Whether the issuer is all that it has to be told, where a policy is set so that it can be. */
  findsByIssuer?: true;
  /** The faults that the library does not notice; it rejects all others of `FAULTS`. */
  overlooks: readonly Fault[];
  /** The faults that depend on the version, where the system provides the library. */
  varies?: readonly Fault[];
  /** Why the tests cannot run here. */
  missing: string | undefined;
}

/** Errors of a response, and the fault of the emulator that causes each. */
const FAULTS = {
  'another issuer': 'wrong_issuer',
  'another audience': 'wrong_audience',
  'another nonce': 'wrong_nonce',
  'no nonce': 'missing_nonce',
  'another policy': 'wrong_policy',
  'no subject': 'missing_subject',
  'an expired token': 'expired',
  'a token of the future': 'future',
  'a wrong signature': 'tampered_signature',
  'an unknown key': 'unknown_kid',
  'another state': 'callback_modified_state',
  'no state': 'callback_missing_state',
} as const;

export type Fault = keyof typeof FAULTS;

type Json = Record<string, unknown>;

const PASSWORD = 'Pass@word1';

/**
 * Tests of an application that uses a client library with B2C, through the pages of the tenant. All
 * applications have the same routes, so the tests are the same, too.
 */
export function clientContract(name: string, options: ClientUnderTest): void {
  const { program, refreshes, needsAccessToken, overlooks, varies = [], missing } = options;
  describe(name, { skip: missing ?? false }, () => {
    let client: RunningClient;
    before(async () => {
      client = await startClient(program);
    });
    after(() => client?.stop());

    const open = (browser: Browser, path: string) => browser.open(client.url + path);
    const signIn = async (email: string, path = '/sign-in') => {
      const browser = createBrowser();
      await open(browser, path);
      const identifier = hasElement(browser.page.body, 'signInName') ? 'signInName' : 'email';
      await browser.press('next', { [identifier]: email, password: PASSWORD });
      return browser;
    };
    /** Returns the content of the application's page; fails with the other page if it is not open. */
    const userOf = ({ page: { url, status, body } }: Browser): Json | undefined => {
      assert.equal(`${status} ${url.origin}${url.pathname}`, `200 ${client.url}/`, body);
      return (JSON.parse(body) as { user?: Json }).user;
    };
    const isSignedIn = async (browser: Browser) => {
      await open(browser, '/');
      return userOf(browser) !== undefined;
    };

    test('signs in on the page of a user flow', async () => {
      const user = userOf(await signIn('ada@example.com'));
      assert.equal(user?.['tfp'], 'B2C_1_susi');
      assert.equal(user?.['name'], 'ada');
      assert.deepEqual(user?.['emails'], ['ada@example.com']);
    });

    test('signs in on the page of a custom policy', async () => {
      const user = userOf(await signIn('ada@example.com', '/custom-policy'));
      assert.equal(user?.['acr'], 'b2c_1a_signup_signin');
      assert.equal(user?.['email'], 'ada@example.com');
    });

    test('signs in through a custom policy from XML', async () => {
      const user = userOf(await signIn('ada@example.com', '/policy-from-xml'));
      const { acr, email, source } = user ?? {};
      const expected = { acr: 'b2c_1a_join', email: 'ada@example.com', source: 'local' };
      assert.deepEqual({ acr, email, source }, expected);
    });

    test(`${needsAccessToken ? 'demands' : 'does without'} an access token`, async () => {
      const browser = await signIn('ada@example.com', '/sign-in?scope=openid');
      assert.equal(await isSignedIn(browser), !needsAccessToken);
    });

    if (options.findsByIssuer) {
      test('finds a policy with a separate issuer by the issuer alone', async () => {
        const user = userOf(await signIn('ada@example.com', '/standard-policy'));
        assert.equal(user?.['acr'], 'b2c_1a_standard');
      });
    }

    if (refreshes) {
      test('refreshes what it got', async () => {
        const browser = await signIn('ada@example.com');
        const requests = await client.control.count('token');
        await open(browser, '/refresh');
        assert.equal(browser.page.status, 200, browser.page.body);
        assert.equal((JSON.parse(browser.page.body) as Json)['name'], 'ada');
        assert.equal(await client.control.count('token'), requests + 1);
      });
    }

    test('edits the profile without asking for the password again', async () => {
      const browser = await signIn('grace@example.com');
      await open(browser, '/edit-profile');
      await browser.press('continue', { displayName: 'Grace Hopper' });
      assert.equal(userOf(browser)?.['name'], 'Grace Hopper');
    });

    test('stays signed in when editing is cancelled', async () => {
      const browser = await signIn('ada@example.com');
      await open(browser, '/edit-profile');
      await browser.press('cancel');
      assert.equal(userOf(browser)?.['name'], 'ada');
    });

    test('leads from the forgotten password to a new one', async () => {
      const browser = createBrowser();
      const email = 'linus@example.com';
      await open(browser, '/sign-in');
      await browser.follow('forgotPassword');
      await browser.press('emailVerificationControl_but_send_code', { email });
      const emailVerificationCode = await client.control.mailedCode(email);
      await browser.press('emailVerificationControl_but_verify_code', { emailVerificationCode });
      await browser.press('continue');
      const password = 'Other@word2';
      await browser.press('continue', { newPassword: password, reenterPassword: password });
      assert.equal(userOf(browser)?.['name'], 'linus');

      const later = await signIn(email);
      assert.match(later.page.body, /Your password is incorrect/);
      await later.press('next', { email, password });
      assert.equal(userOf(later)?.['name'], 'linus');
    });

    test('signs out here and at the tenant', async () => {
      const browser = await signIn('margaret@example.com');
      await open(browser, '/sign-out');
      assert.ok(browser.visited.some((url) => /b2c_1_susi\/oauth2\/v2.0\/logout/i.test(url)));
      assert.equal(userOf(browser), undefined);
      await open(browser, '/sign-in');
      assert.ok(hasElement(browser.page.body, 'password'), 'is asked for the password again');
    });

    for (const what of Object.keys(FAULTS) as Fault[]) {
      if (varies.includes(what)) continue;
      const isOverlooked = overlooks.includes(what);
      test(`${isOverlooked ? 'overlooks' : 'refuses'} ${what}`, async (t) => {
        t.after(() => client.control.noFaults());
        await client.control.fault(FAULTS[what]);
        const browser = await signIn('ada@example.com');
        assert.equal(await isSignedIn(browser), isOverlooked, browser.page.body);
      });
    }
  });
}

/** Why a library cannot be tested, when it is not installed. */
export function missingPackage(name: string): string | undefined {
  const folder = new URL('../../test/clients/', import.meta.url);
  if (existsSync(new URL(`node_modules/${name}/package.json`, folder))) return undefined;
  return skipReason(`${name} is not installed: npm ci --prefix test/clients`);
}

/** With CI=true nothing may be skipped. */
export function skipReason(reason: string): string {
  if (process.env['CI'] === 'true') throw new Error(reason);
  return reason;
}
