// The action after each error that Azure AD B2C redirects the browser back with.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { CodeCategory } from '../../dist/oidc/code-category.js';
import { AZURE_AD_B2C_CODES } from '../../dist/oidc/provider-codes.js';
import { type RunningApp, sharedApp } from '../support/app.js';
import { startCase, visit } from '../support/check-result.js';
import { shared } from '../support/shared.js';

const ALICE = { as: 'alice@example.com' };
const RETURN_TO = '/auth/token_details?tab=2';

/** Starts a sign-in that the tenant ends with an error, and takes the error to the callback. */
async function meet({ browser: create, control }: RunningApp, error: string) {
  const browser = create();
  const query = `?return_to=${encodeURIComponent(RETURN_TO)}`;
  const { location } = await browser.get(`/auth/sign_in${query}`);
  const callback = await control.authorize(location, { error });
  return { browser, answer: await browser.get(callback) };
}

describe('the reaction to', () => {
  const app = sharedApp();
  const RESET = /\/b2c_1_reset\/oauth2\//;
  const rows: Record<CodeCategory, number | 'goes back' | RegExp> = {
    'forgot-password': RESET,
    cancel: 'goes back',
    user: 403,
    unavailable: 503,
    'redirect-uri': 502,
    'client-id': 502,
    'client-type': 502,
    'client-secret': 502,
    scopes: 502,
    hint: 400,
    ...{ request: 400, service: 400, policy: 400, grant: 400, page: 400 },
  };
  for (const [code, [category]] of AZURE_AD_B2C_CODES) {
    const reaction = rows[category];
    test(`${code} (${category}) is ${reaction}`, async () => {
      const { browser, answer } = await meet(app(), code);
      assert.equal(browser.cookies.size, reaction instanceof RegExp ? 1 : 0);
      if (reaction instanceof RegExp) {
        assert.equal(answer.status, 303);
        return assert.match(answer.location, reaction);
      }
      if (reaction === 'goes back') return assert.equal(answer.location, RETURN_TO);
      const line = app().log.of('sign_in_failed').at(-1);
      // For codes without an action, the OAuth error decides.
      const denied = line?.['code'] === 'sign_in_refused';
      assert.equal(answer.status, reaction === 400 && denied ? 403 : reaction);
      assert.equal(line?.['providerCode'], code);
      assert.ok(line?.['providerCorrelationId']);
      assert.doesNotMatch(answer.body, /AADB2C/);
      // The page offers a new sign-in with the return path, except if that cannot help.
      const again =
        /href="\/auth\/sign_in\?return_to=%2Fauth%2Ftoken_details%3Ftab%3D2">Start again/;
      if (reaction === 502 || category === 'hint') assert.doesNotMatch(answer.body, /Start again/);
      else assert.match(answer.body, again);
      assert.equal(await app().control.count('token'), 0);
    });
  }
});

describe('at the redemption of a new code, invalid_grant with', () => {
  const started = shared((scope) => startCase(scope));
  const rows: [code: string, status: number, error: string][] = [
    ['AADB2C90085', 502, 'registration_refused'],
    ['AADB2C90088', 502, 'registration_refused'],
    ['AADB2C90090', 502, 'registration_refused'],
    ['AADB2C90288', 502, 'registration_refused'],
    ['AADB2C90080', 400, 'grant_refused'],
    ['AADB2C90128', 400, 'grant_refused'],
    ['AADB2C90129', 400, 'grant_refused'],
  ];
  for (const [code, status, error] of rows) {
    test(`${code} is ${error} (${status})`, async () => {
      const { provider, log } = started();
      log.clear();
      const guid = '675c4ad8-eb39-4b4d-9e41-852a2aac9f19';
      const description = `${code}: not for users.\r\nCorrelation ID: ${guid}\r\n`;
      const body = { error: 'invalid_grant', error_description: description };
      provider.faults = {
        wire: {
          token(response) {
            response.writeHead(400, { 'content-type': 'application/json' });
            response.end(JSON.stringify(body));
          },
        },
      };
      const { answer } = await visit(started());
      assert.equal(answer.status, status);
      assert.doesNotMatch(answer.body, /AADB2C|not for users/);
      assert.equal(/Start again/.test(answer.body), status === 400);
      const [line] = log.of('sign_in_failed');
      assert.equal(line?.['code'], error);
      assert.equal(line?.['level'], status === 502 ? 50 : 40);
      assert.equal(typeof line?.['advice'], status === 502 ? 'string' : 'undefined');
      assert.deepEqual([line?.['providerCode'], line?.['providerCorrelationId']], [code, guid]);
    });
  }
});

describe('the errors setting', () => {
  const app = sharedApp({
    config: {
      policies: { invitation: { name: 'B2C_1A_signup_signin', signsIn: true } },
      errors: {
        AADB2C90273: { startPolicy: 'invitation' },
        AADB2C90157: { goBack: true },
        AADB2C90118: { goBack: true },
        AADB2C99999: { startPolicy: 'signIn' },
      },
    },
  });

  test('starts another policy for a code and keeps the return path', async () => {
    const { browser, answer } = await meet(app(), 'AADB2C90273');
    assert.equal(answer.status, 303);
    assert.match(answer.location, /\/b2c_1a_signup_signin\/oauth2\//);
    const end = await app().control.authorize(answer.location, ALICE);
    assert.equal((await browser.get(end)).location, RETURN_TO);
    assert.equal((await browser.get(RETURN_TO)).status, 200);
  });

  test('goes back for a code', async () => {
    const { answer } = await meet(app(), 'AADB2C90157');
    assert.equal(answer.location, RETURN_TO);
    assert.equal(app().log.of('sign_in_cancelled').length, 1);
  });

  test('overrides the built-in reaction, and sets one for unknown codes', async () => {
    assert.equal((await meet(app(), 'AADB2C90118')).answer.location, RETURN_TO);
    assert.match((await meet(app(), 'AADB2C99999')).answer.location, /\/b2c_1_susi\//);
  });
});

describe('an error that the policy itself defines', () => {
  const app = sharedApp({
    config: {
      policies: { invitation: { name: 'B2C_1A_signup_signin', signsIn: true } },
      errors: {
        account_pending: { startPolicy: 'invitation' },
        AAD_Custom_1234: { goBack: true },
      },
    },
  });

  /** Takes an error response with these parameters to the callback of a new attempt. */
  async function callbackWith(error: string, description?: string) {
    const browser = app().browser();
    const { location } = await browser.get(
      `/auth/sign_in?return_to=${encodeURIComponent(RETURN_TO)}`,
    );
    const callback = new URL(await app().control.authorize(location, { error: 'AADB2C90037' }));
    callback.searchParams.set('error', error);
    callback.searchParams.delete('error_description');
    if (description) callback.searchParams.set('error_description', description);
    return browser.get(callback);
  }

  test('can be a key of errors, by its name', async () => {
    const answer = await callbackWith('account_pending', 'Your account is pending.');
    assert.match(answer.location, /\/b2c_1a_signup_signin\/oauth2\//);
  });

  test('can be a key of errors, by its AAD_Custom code', async () => {
    const answer = await callbackWith('server_error', 'AAD_Custom_1234: not for users');
    assert.equal(answer.location, RETURN_TO);
    assert.equal(app().log.of('sign_in_cancelled')[0]?.['providerCode'], 'AAD_Custom_1234');
  });

  const rows: [error: string, providerError: string | undefined][] = [
    ['license_missing', 'license_missing'],
    ['constructor', 'constructor'],
    ['__proto__', '__proto__'],
    ['x'.repeat(41), undefined],
    ['two words', undefined],
    ['<script>', undefined],
    ['line\nbreak', undefined],
    ['"quoted"', undefined],
  ];
  for (const [error, providerError] of rows) {
    test(`${JSON.stringify(error).slice(0, 20)} is logged as ${providerError}`, async () => {
      const answer = await callbackWith(error);
      assert.equal(answer.status, 400);
      assert.doesNotMatch(answer.body, /license_missing|constructor/);
      const [line] = app().log.of('sign_in_failed');
      assert.equal(line?.['code'], 'provider_refused');
      assert.equal(line?.['providerError'], providerError);
    });
  }
});

describe('restarts', () => {
  const app = sharedApp({
    config: {
      errors: {
        AADB2C90273: { startPolicy: 'signIn' },
        AADB2C90157: { startPolicy: 'editProfile' },
      },
    },
  });

  test('an error that restarts the sign-in each time ends after five restarts', async () => {
    const { browser, answer: first } = await meet(app(), 'AADB2C90273');
    let answer = first;
    let restarts = 1;
    while (answer.status === 303 && restarts < 20) {
      const callback = await app().control.authorize(answer.location, { error: 'AADB2C90273' });
      answer = await browser.get(callback);
      restarts += 1;
    }
    assert.equal(restarts, 6);
    assert.equal(answer.status, 400);
    assert.equal(app().log.of('sign_in_failed').at(-1)?.['code'], 'too_many_restarts');
    assert.match(
      answer.body,
      /href="\/auth\/sign_in\?return_to=%2Fauth%2Ftoken_details%3Ftab%3D2"/,
    );
    assert.equal(browser.cookies.size, 0, 'no attempt is left');
  });

  test('a policy that completes in between does not reset the count', async () => {
    const { browser, answer: first } = await meet(app(), 'AADB2C90157');
    let answer = first;
    let rounds = 1;
    while (answer.status === 303 && rounds < 20) {
      const edited = await app().control.authorize(answer.location, ALICE);
      const { location } = await browser.get(edited);
      const error = { error: 'AADB2C90157' };
      answer = await browser.get(await app().control.authorize(location, error));
      rounds += 1;
    }
    assert.equal(rounds, 6);
    assert.equal(app().log.of('sign_in_failed').at(-1)?.['code'], 'too_many_restarts');
  });

  describe('a requested re-authentication is still required after', () => {
    const rows: Record<string, { forgotPassword: true } | { error: string }> = {
      '“Forgot your password?”': { forgotPassword: true },
      'an error that starts another policy': { error: 'AADB2C90157' },
    };
    for (const [name, diversion] of Object.entries(rows)) {
      test(name, async () => {
        const browser = app().browser();
        const follow = async (location: string, how: object) =>
          browser.get(await app().control.authorize(location, how));
        const start = await browser.get('/auth/sign_in?prompt=login&max_age=60&ui_locales=de');
        const diverted = await follow(start.location, diversion);
        const signIn = await follow(diverted.location, ALICE);
        for (const { location } of [diverted, signIn]) {
          const parameters = new URL(location).searchParams;
          const values = ['prompt', 'max_age', 'ui_locales'].map((hint) => parameters.get(hint));
          assert.deepEqual(values, ['login', '60', 'de']);
        }
        const yesterday = Math.floor(Date.now() / 1000) - 86_400;
        const end = await follow(signIn.location, { ...ALICE, claims: { auth_time: yesterday } });
        assert.equal(end.status, 403);
        assert.equal((await browser.get('/auth/me')).status, 401);
      });
    }
  });

  test('an error does not change the session or the user who is signed in', async () => {
    const browser = await app().signedIn();
    for (const error of [
      'AADB2C90091',
      'AADB2C90273',
      'AADB2C90289',
      'AADB2C90006',
      'AADB2C12345',
    ]) {
      const { location } = await browser.get('/auth/edit_profile');
      await browser.get(await app().control.authorize(location, { error }));
      assert.match((await browser.get('/auth/token_details')).body, /alice@example\.com/, error);
    }
  });
});
