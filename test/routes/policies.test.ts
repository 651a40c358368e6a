import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { sharedApp, startApp } from '../support/app.js';

describe('policies', () => {
  const started = sharedApp();

  const ALICE = 'alice@example.com';

  test('editing the profile changes only the claims of the session', async () => {
    const app = started();
    const browser = await app.signedIn();
    const session = browser.cookies.get('b2c-signin');
    const before = await browser.get('/auth/me');
    const { location } = await browser.get('/auth/edit_profile?return_to=/auth/token_details');
    const claims = { name: 'Alice Liddell', city: 'Oxford' };
    const end = await browser.get(await app.control.authorize(location, { as: ALICE, claims }));
    assert.equal(end.status, 303, end.body);
    assert.equal(end.location, '/auth/token_details');
    assert.equal(browser.cookies.get('b2c-signin'), session);
    const page = await browser.get(end.location);
    assert.match(page.body, /Alice Liddell/);
    assert.match(page.body, /Oxford/);
    assert.match(page.body, /B2C_1_susi/);
    assert.doesNotMatch(page.body, /B2C_1_edit_profile/);
    const after = JSON.parse((await browser.get('/auth/me')).body);
    assert.equal(after.user.claims.iat, JSON.parse(before.body).user.claims.iat);
  });

  test('after an edit, the hint at sign-out is still the ID token of the sign-in policy', async () => {
    const app = started();
    const browser = await app.signedIn();
    const { location } = await browser.get('/auth/edit_profile');
    await browser.get(await app.control.authorize(location, { as: ALICE }));
    const page = await browser.post('/auth/sign_out');
    const hint = /id_token_hint=([\w.-]+)/.exec(page.body)?.[1] ?? '';
    const payload = JSON.parse(Buffer.from(hint.split('.')[1] ?? '', 'base64url').toString());
    assert.equal(payload.tfp, 'B2C_1_susi');
  });

  test('an edit by another account is rejected, and the session does not change', async () => {
    const app = started();
    const browser = await app.signedIn();
    const { location } = await browser.get('/auth/edit_profile');
    const end = await browser.get(await app.control.authorize(location, { as: 'bob@example.com' }));
    assert.equal(end.status, 403);
    assert.equal(app.log.of('sign_in_failed').at(-1)?.['code'], 'subject_mismatch');
    const page = await browser.get('/auth/token_details');
    assert.match(page.body, /alice@example\.com/);
    assert.doesNotMatch(page.body, /bob@example\.com/);
  });

  test('an edit without a session continues with a sign-in and keeps the return path', async () => {
    const app = started();
    const browser = app.browser();
    const { location } = await browser.get('/auth/edit_profile?return_to=/auth/token_details');
    const next = await browser.get(await app.control.authorize(location, { as: ALICE }));
    assert.equal(next.status, 303);
    assert.match(next.location, /\/b2c_1_susi\/oauth2\//);
    assert.equal(browser.cookies.has('b2c-signin'), false);
    const end = await browser.get(await app.control.authorize(next.location, { as: ALICE }));
    assert.equal(end.location, '/auth/token_details');
  });

  test('an edit does not restore a session that was signed out in the meantime', async () => {
    const app = started();
    const browser = await app.signedIn();
    const { location } = await browser.get('/auth/edit_profile');
    const callback = await app.control.authorize(location, { as: ALICE });
    const copy = browser.cookies.get('b2c-signin') ?? '';
    await browser.post('/auth/sign_out');
    browser.cookies.set('b2c-signin', copy);
    const end = await browser.get(callback);
    assert.match(end.location, /\/b2c_1_susi\/oauth2\//);
    assert.equal((await browser.get('/auth/token_details')).status, 401);
  });

  test('canceling an edit redirects to the return path and keeps the session', async () => {
    const app = started();
    const browser = await app.signedIn();
    const { location } = await browser.get('/auth/edit_profile?return_to=/auth/token_details');
    const end = await browser.get(await app.control.authorize(location, { cancel: true }));
    assert.equal(end.status, 303);
    assert.equal(end.location, '/auth/token_details');
    assert.equal((await browser.get(end.location)).status, 200);
    assert.equal(app.log.of('sign_in_cancelled').length, 1);
    assert.equal(app.log.of('sign_in_failed').length, 0);
  });

  test('canceling a sign-up redirects to the return path', async () => {
    const app = started();
    const browser = app.browser();
    const { location } = await browser.get('/auth/sign_in?return_to=/auth/token_details');
    const end = await browser.get(await app.control.authorize(location, { cancel: true }));
    assert.equal(end.location, '/auth/token_details');
    assert.equal((await browser.get(end.location)).status, 401);
  });

  test('"Forgot your password?" starts the reset policy, and then the sign-in policy', async () => {
    const app = started();
    const browser = app.browser();
    const { location } = await browser.get('/auth/sign_in?return_to=/auth/token_details');
    const reset = await browser.get(
      await app.control.authorize(location, { forgotPassword: true }),
    );
    assert.equal(reset.status, 303);
    assert.match(reset.location, /\/b2c_1_reset\/oauth2\//);
    const again = await browser.get(await app.control.authorize(reset.location, { as: ALICE }));
    assert.equal(again.status, 303, again.body);
    assert.match(again.location, /\/b2c_1_susi\/oauth2\//);
    assert.equal(new URL(again.location).searchParams.get('login_hint'), ALICE);
    assert.equal(browser.cookies.has('b2c-signin'), false, 'a reset is not a sign-in');
    const end = await browser.get(await app.control.authorize(again.location, { as: ALICE }));
    assert.equal(end.location, '/auth/token_details');
    assert.match((await browser.get(end.location)).body, /B2C_1_susi/);
  });

  test('"Forgot your password?" without a reset policy gives an error page', async (t) => {
    const app = await startApp(t, { config: { policies: { resetPassword: undefined } } });
    const browser = app.browser();
    const { location } = await browser.get('/auth/sign_in');
    const end = await browser.get(await app.control.authorize(location, { forgotPassword: true }));
    assert.equal(end.status, 400);
    assert.equal(app.log.of('sign_in_failed').at(-1)?.['code'], 'policy_not_configured');
  });

  test('the token of a weaker policy is rejected as a token of the sign-in policy', async () => {
    const app = started();
    const browser = app.browser();
    const { location } = await browser.get('/auth/sign_in');
    // With the right client, redirect URI, state, nonce and challenge, but sent to another policy.
    const other = location.replace('/b2c_1_susi/', '/b2c_1_edit_profile/');
    const end = await browser.get(await app.control.authorize(other, { as: ALICE }));
    assert.equal(browser.cookies.has('b2c-signin'), false);
    assert.ok(end.status >= 400, String(end.status));
  });

  test('an additional policy with signsIn starts a session, and without it only adds claims', async (t) => {
    const policies = {
      invitation: { name: 'B2C_1A_signup_signin', signsIn: true },
      phone: { name: 'B2C_1_susi_reset' },
    };
    const app = await startApp(t, { config: { policies } });
    const browser = app.browser();
    const invited = await browser.get('/auth/policy/invitation');
    await browser.get(await app.control.authorize(invited.location, { as: ALICE }));
    const session = browser.cookies.get('b2c-signin');
    assert.ok(session);
    const phone = await browser.get('/auth/policy/phone');
    const how = { as: ALICE, claims: { extension_Phone: '+44' } };
    await browser.get(await app.control.authorize(phone.location, how));
    assert.equal(browser.cookies.get('b2c-signin'), session);
    assert.match((await browser.get('/auth/token_details')).body, /\+44/);
  });
});
