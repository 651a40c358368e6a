// What follows each error that Azure AD B2C sends the browser back with.
import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import { AZURE_AD_B2C_ACTIONS } from '../../dist/oidc/error-response.js';
import { startApp } from '../support/app.js';

const RETURN_TO = '/auth/token_details?tab=2';

/** Begins a policy, is sent back with an error, and has the answer to that. */
async function meet(t: TestContext, error: string, config: Record<string, unknown> = {}) {
  const app = await startApp(t, { config });
  const browser = app.browser();
  const query = `?return_to=${encodeURIComponent(RETURN_TO)}`;
  const { location } = await browser.get(`/auth/sign_in${query}`);
  const callback = await app.control.authorize(location, { error });
  return { app, browser, callback, answer: await browser.get(callback) };
}

describe('the reaction to', () => {
  const rows: Record<string, number | 'goes back' | RegExp> = {
    AADB2C90118: /\/b2c_1_reset\/oauth2\//,
    AADB2C90091: 'goes back',
    AADB2C90077: 403,
    AADB2C90273: 403,
    AADB2C90145: 403,
    AADB2C90151: 403,
    AADB2C90157: 403,
    AADB2C90289: 503,
    AADB2C90035: 503,
    AADB2C90244: 503,
    AADB2C90006: 502,
    AADB2C90057: 502,
    AADB2C90117: 502,
    AADB2C90146: 502,
    AADB2C90205: 502,
  };
  for (const code of new Set([...Object.keys(AZURE_AD_B2C_ACTIONS), ...Object.keys(rows)])) {
    const reaction = rows[code];
    test(`${code} is ${reaction}`, async (t) => {
      const { app, browser, answer } = await meet(t, code);
      assert.equal(browser.cookies.size, reaction instanceof RegExp ? 1 : 0);
      if (reaction instanceof RegExp) {
        assert.equal(answer.status, 303);
        return assert.match(answer.location, reaction);
      }
      if (reaction === 'goes back') return assert.equal(answer.location, RETURN_TO);
      assert.equal(answer.status, reaction);
      const line = app.log.of('sign_in_failed').at(-1);
      assert.equal(line?.['providerCode'], code);
      assert.ok(line?.['providerCorrelationId']);
      assert.doesNotMatch(answer.body, /AADB2C/);
      // Of those that a visitor cannot mend, none invites to try at once; the others keep his place.
      const again =
        /href="\/auth\/sign_in\?return_to=%2Fauth%2Ftoken_details%3Ftab%3D2">Start again/;
      if (reaction === 502) assert.doesNotMatch(answer.body, /Start again/);
      else assert.match(answer.body, again);
      assert.equal(await app.control.count('token'), 0);
    });
  }
});

describe('the configuration', () => {
  test('begins another policy for a code, with the return path kept', async (t) => {
    const { app, browser, answer } = await meet(t, 'AADB2C90273', {
      policies: { invitation: { name: 'B2C_1A_signup_signin', signsIn: true } },
      errors: { AADB2C90273: { startPolicy: 'invitation' } },
    });
    assert.equal(answer.status, 303);
    assert.match(answer.location, /\/b2c_1a_signup_signin\/oauth2\//);
    const end = await app.control.authorize(answer.location, { as: 'alice@example.com' });
    assert.equal((await browser.get(end)).location, RETURN_TO);
    assert.equal((await browser.get(RETURN_TO)).status, 200);
  });

  test('goes back for a code', async (t) => {
    const errors = { AADB2C90157: { goBack: true } };
    const { app, answer } = await meet(t, 'AADB2C90157', { errors });
    assert.equal(answer.location, RETURN_TO);
    assert.equal(app.log.of('sign_in_cancelled').length, 1);
  });

  test('wins over what is built in, and speaks of codes that are not', async (t) => {
    const errors = { AADB2C90118: { goBack: true }, AADB2C99999: { startPolicy: 'signIn' } };
    assert.equal((await meet(t, 'AADB2C90118', { errors })).answer.location, RETURN_TO);
    assert.match((await meet(t, 'AADB2C99999', { errors })).answer.location, /\/b2c_1_susi\//);
  });
});

test('an error that begins anew again and again ends after five times', async (t) => {
  const errors = { AADB2C90273: { startPolicy: 'signIn' } };
  const { app, browser, answer: first } = await meet(t, 'AADB2C90273', { errors });
  let answer = first;
  let restarts = 1;
  while (answer.status === 303 && restarts < 20) {
    const callback = await app.control.authorize(answer.location, { error: 'AADB2C90273' });
    answer = await browser.get(callback);
    restarts += 1;
  }
  assert.equal(restarts, 6);
  assert.equal(answer.status, 400);
  assert.equal(app.log.of('sign_in_failed').at(-1)?.['code'], 'too_many_restarts');
  assert.match(answer.body, /href="\/auth\/sign_in\?return_to=%2Fauth%2Ftoken_details%3Ftab%3D2"/);
  assert.equal(browser.cookies.size, 0, 'no attempt is left over');
});

test('a policy that ends well in between does not begin the count anew', async (t) => {
  const errors = { AADB2C90273: { startPolicy: 'editProfile' } };
  const { app, browser, answer: first } = await meet(t, 'AADB2C90273', { errors });
  let answer = first;
  let rounds = 1;
  while (answer.status === 303 && rounds < 20) {
    const edited = await app.control.authorize(answer.location, { as: 'alice@example.com' });
    const { location } = await browser.get(edited);
    answer = await browser.get(await app.control.authorize(location, { error: 'AADB2C90273' }));
    rounds += 1;
  }
  assert.equal(rounds, 6);
  assert.equal(app.log.of('sign_in_failed').at(-1)?.['code'], 'too_many_restarts');
});

describe('a fresh sign-in that was asked for is asked for still after', () => {
  const rows: Record<string, { forgotPassword: true } | { error: string }> = {
    '“Forgot your password?”': { forgotPassword: true },
    'an error that begins another policy': { error: 'AADB2C90273' },
  };
  const errors = { AADB2C90273: { startPolicy: 'editProfile' } };
  for (const [name, diversion] of Object.entries(rows)) {
    test(name, async (t) => {
      const app = await startApp(t, { config: { errors } });
      const browser = app.browser();
      const alice = { as: 'alice@example.com' };
      const follow = async (location: string, how: object) =>
        browser.get(await app.control.authorize(location, how));
      const start = await browser.get('/auth/sign_in?prompt=login&max_age=60&ui_locales=de');
      const diverted = await follow(start.location, diversion);
      const signIn = await follow(diverted.location, alice);
      for (const { location } of [diverted, signIn]) {
        const asked = new URL(location).searchParams;
        const values = ['prompt', 'max_age', 'ui_locales'].map((hint) => asked.get(hint));
        assert.deepEqual(values, ['login', '60', 'de']);
      }
      const yesterday = Math.floor(Date.now() / 1000) - 86_400;
      const end = await follow(signIn.location, { ...alice, claims: { auth_time: yesterday } });
      assert.equal(end.status, 403);
      assert.equal((await browser.get('/auth/me')).status, 401);
    });
  }
});

test('an error while signed in leaves the session and the user alone', async (t) => {
  const app = await startApp(t);
  const browser = await app.signedIn();
  for (const error of ['AADB2C90091', 'AADB2C90273', 'AADB2C90289', 'AADB2C90006', 'AADB2C12345']) {
    const { location } = await browser.get('/auth/edit_profile');
    await browser.get(await app.control.authorize(location, { error }));
    assert.match((await browser.get('/auth/token_details')).body, /alice@example\.com/, error);
  }
});
