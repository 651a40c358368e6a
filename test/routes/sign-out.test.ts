import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { sharedApp, startApp } from '../support/app.js';
import { startCase, visit } from '../support/check-result.js';
import { endSessionAddressIn } from '../support/leaving-page.js';

describe('sign-out', () => {
  const started = sharedApp();

  test('GET asks for confirmation and changes nothing', async () => {
    const app = started();
    const browser = await app.signedIn();
    const page = await browser.get('/auth/sign_out');
    assert.equal(page.status, 200);
    assert.match(page.body, /<form [^>]*method="post" action="\/auth\/sign_out"/);
    assert.equal((await browser.send('HEAD', '/auth/sign_out')).status, 200);
    assert.equal((await browser.get('/auth/token_details')).status, 200);
  });

  test('POST ends the session here and redirects to the provider with hint and post-logout redirect URI', async () => {
    const app = started();
    const browser = await app.signedIn();
    const copy = browser.cookies.get('b2c-signin') ?? '';
    const page = await browser.post('/auth/sign_out');
    assert.equal(page.status, 200);
    assert.equal(page.headers['clear-site-data'], '"cache", "storage"');
    assert.equal(browser.cookies.has('b2c-signin'), false);

    const url = endSessionAddressIn(page.body);
    assert.equal(
      `${url.origin}${url.pathname}`,
      `${app.emulator.authority}/b2c_1_susi/oauth2/v2.0/logout`,
    );
    assert.equal(url.searchParams.get('post_logout_redirect_uri'), `${app.url}/auth/post_sign_out`);
    assert.equal(url.searchParams.get('client_id'), app.emulator.applications[0]?.id);
    assert.match(url.searchParams.get('id_token_hint') ?? '', /^eyJ/);

    const atProvider = await browser.get(url);
    assert.equal(atProvider.location, `${app.url}/auth/post_sign_out`);
    assert.match((await browser.get(atProvider.location)).body, /You are signed out/);

    const thief = app.browser();
    thief.cookies.set('b2c-signin', copy);
    assert.equal((await thief.get('/auth/token_details')).status, 401);
    assert.equal(app.log.of('sign_out').length, 1);
  });

  test('the session ends here even if the provider is unreachable', async (t) => {
    const app = await startApp(t);
    const browser = await app.signedIn();
    await app.emulator.close();
    const page = await browser.post('/auth/sign_out');
    assert.equal(page.status, 200);
    assert.equal((await browser.get('/auth/token_details')).status, 401);
  });

  test('sign-out without a session still ends the session at the provider', async () => {
    const app = started();
    const page = await app.browser().post('/auth/sign_out');
    assert.equal(page.status, 200);
    assert.match(page.body, /b2c_1_susi\/oauth2\/v2\.0\/logout/);
    assert.doesNotMatch(page.body, /id_token_hint/);
    const asked = await app.browser().get('/auth/sign_out');
    assert.equal(asked.location, '/auth/post_sign_out');
  });

  test('without metadata of the provider, sign-out ends on the signed-out page', async (t) => {
    const app = await startApp(t, {
      config: { tenant: { authority: 'http://127.0.0.1:9/nowhere.onmicrosoft.com' } },
    });
    const answer = await app.browser().post('/auth/sign_out');
    assert.equal(answer.status, 303);
    assert.equal(answer.location, '/auth/post_sign_out');
    assert.equal(answer.headers['clear-site-data'], '"cache", "storage"');
  });

  test('visiting the signed-out page does not sign out the user', async () => {
    const app = started();
    const browser = await app.signedIn();
    assert.match((await browser.get('/auth/post_sign_out?state=x')).body, /You are signed in/);
    assert.equal((await browser.get('/auth/token_details')).status, 200);
  });

  for (const [length, hasHint] of [
    [3_500, true],
    [5_000, false],
    [40_000, false],
  ] as const) {
    test(`with claims of ${length} characters, the end-session URL has ${hasHint ? 'the hint' : 'no hint, and works'}`, async () => {
      const app = started();
      const browser = app.browser();
      const { location } = await browser.get('/auth/sign_in');
      const claims = { extension_Groups: 'x'.repeat(length) };
      await browser.get(await app.control.authorize(location, { as: 'alice@example.com', claims }));
      const url = endSessionAddressIn((await browser.post('/auth/sign_out')).body);
      assert.equal(url.searchParams.has('id_token_hint'), hasHint);
      assert.ok(url.href.length < 7_100, String(url.href.length));
      assert.equal(url.searchParams.get('client_id'), app.emulator.applications[0]?.id);
      assert.equal((await browser.get(url)).location, `${app.url}/auth/post_sign_out`);
    });
  }

  test('an ID token with the access token of an identity provider is not sent as hint', async () => {
    const app = started();
    const browser = app.browser();
    const { location } = await browser.get('/auth/sign_in');
    const claims = { idp_access_token: 'ya29-passed-on' };
    await browser.get(await app.control.authorize(location, { as: 'alice@example.com', claims }));
    const url = endSessionAddressIn((await browser.post('/auth/sign_out')).body);
    assert.equal(url.searchParams.has('id_token_hint'), false);
    assert.equal(url.searchParams.get('client_id'), app.emulator.applications[0]?.id);
    assert.equal((await browser.get(url)).location, `${app.url}/auth/post_sign_out`);
  });

  test('without an end-session endpoint, sign-out ends on the signed-out page', async (t) => {
    const without = ({ end_session_endpoint: _, ...others }: Record<string, unknown>) => others;
    const given = await startCase(t, { faults: () => ({ metadata: without }) });
    const { browser } = await visit(given);
    const answer = await browser.post('/auth/sign_out');
    assert.equal(answer.status, 303);
    assert.equal(answer.location, '/auth/post_sign_out');
    assert.match((await browser.get(answer.location)).body, /You are signed out/);
    assert.equal((await browser.get('/auth/token_details')).status, 401);
  });

  test('the signed-out page is the same for any parameters', async () => {
    const app = started();
    const browser = await app.signedIn();
    await browser.post('/auth/sign_out');
    const page = await browser.get('/auth/post_sign_out');
    assert.equal(page.status, 200);
    assert.match(page.body, /href="\/auth\/sign_in[^"]*"[^>]*>Sign in again/);
    for (const query of ['?state=', '?state=x', '?state=x&state=y', '?error=x', '?state=%00']) {
      const other = await browser.get(`/auth/post_sign_out${query}`);
      assert.deepEqual([other.status, other.body], [200, page.body], query);
    }
  });
});
