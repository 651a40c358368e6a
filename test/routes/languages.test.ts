import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { decode, linkTo } from '../pages/markup.ts';
import { sharedApp } from '../support/app.js';
import type { Answer } from '../support/browser.js';

describe('languages', () => {
  const started = sharedApp();

  const GERMAN = { 'accept-language': 'de-AT,de;q=0.9,en;q=0.5' };

  function assertLanguage({ headers, body }: Answer, tag: string, what = ''): void {
    assert.equal(headers['content-language'], tag, what);
    assert.match(
      body,
      new RegExp(`<html lang="${tag}" dir="${tag === 'ar' ? 'rtl' : 'ltr'}">`),
      what,
    );
    assert.match(String(headers['vary']), /\bAccept-Language\b/, what);
  }

  const PAGES = ['/', '/auth/token_details', '/auth/sessions', '/auth/sign_out', '/nowhere'];

  describe('every page is in the language', () => {
    test('of Accept-Language', async () => {
      const app = started();
      const [signedIn, anonymous] = [await app.signedIn(), app.browser()];
      for (const path of PAGES) {
        assertLanguage(await signedIn.get(path, GERMAN), 'de', path);
        assertLanguage(await signedIn.get(path), 'en', path);
      }
      for (const path of [
        '/',
        '/auth/token_details',
        '/auth/post_sign_out',
        '/auth/redirect?code=x',
      ]) {
        assertLanguage(await anonymous.get(path, GERMAN), 'de', path);
      }
      assertLanguage(await signedIn.post('/auth/sign_out', {}, GERMAN), 'de', 'signingOut');
    });

    test('of ui_locales, with any Accept-Language, and its links keep it', async () => {
      const app = started();
      const page = await app.browser().get('/auth/token_details?ui_locales=tlh ar-EG', GERMAN);
      assert.equal(page.status, 401);
      assertLanguage(page, 'ar');
      const signIn = linkTo(page.body, 'تسجيل الدخول') ?? '';
      const { pathname, searchParams } = new URL(signIn, app.url);
      assert.equal(pathname, '/auth/sign_in');
      assert.equal(searchParams.get('ui_locales'), 'ar');
      assert.equal(searchParams.get('return_to'), '/auth/token_details?ui_locales=ar');
      assert.equal(linkTo(page.body, 'b2c-signin'), '/?ui_locales=ar');
      const { location } = await app.browser().get(signIn);
      assert.equal(new URL(location).searchParams.get('ui_locales'), 'ar');
    });

    test('of Accept-Language if ui_locales is invalid, repeated or unknown', async () => {
      const browser = started().browser();
      for (const query of [
        'ui_locales=',
        'ui_locales=<x>',
        'ui_locales=fr&ui_locales=es',
        'ui_locales=tlh',
      ]) {
        const page = await browser.get(`/?${query}`, GERMAN);
        assertLanguage(page, 'de', query);
        assert.doesNotMatch(page.body, /ui_locales/);
      }
    });
  });

  test('with ui_locales, every link and form of a signed-in user’s page keeps the language', async () => {
    const app = started();
    const browser = await app.signedIn();
    for (const path of [
      '/',
      '/auth/token_details',
      '/auth/sessions',
      '/auth/sign_out',
      '/nowhere',
    ]) {
      const { body } = await browser.get(`${path}?ui_locales=fr`);
      const links = [...body.matchAll(/<(?:a|form)\b[^>]* (?:href|action)="([^"]+)"/g)].map(
        ([, href = '']) => decode(href),
      );
      const own = links.filter((href) => href.startsWith('/'));
      assert.ok(own.length > 1, path);
      for (const href of own) assert.match(href, /[?&]ui_locales=fr\b/, path);
    }
  });

  async function begin(query: string) {
    const app = started();
    const browser = app.browser();
    const { location } = await browser.get(`/auth/sign_in?${query}`);
    return { app, browser, location };
  }

  test('the error page of a callback is in the language of its sign-in', async () => {
    const { app, browser, location } = await begin('ui_locales=ja&return_to=/sign_in_status');
    await app.control.fault('wrong_audience', { times: 1 });
    const page = await browser.get(
      await app.control.authorize(location, { as: 'alice@example.com' }),
      GERMAN,
    );
    assert.equal(page.status, 502);
    assertLanguage(page, 'ja');
    const again = linkTo(page.body, '最初からやり直す') ?? '';
    assert.equal(again, '/auth/sign_in?return_to=%2Fsign_in_status&ui_locales=ja');
  });

  test('the policies after a forgotten password request the same language', async () => {
    const { app, browser, location } = await begin('ui_locales=es');
    const callback = await app.control.authorize(location, { forgotPassword: true });
    const reset = (await browser.get(callback)).location;
    assert.match(reset, /B2C_1_reset/i);
    assert.equal(new URL(reset).searchParams.get('ui_locales'), 'es');
    const changed = await app.control.authorize(reset, { as: 'alice@example.com' });
    const signIn = (await browser.get(changed)).location;
    assert.match(signIn, /B2C_1_susi/i);
    assert.equal(new URL(signIn).searchParams.get('ui_locales'), 'es');
  });

  test('responses without a page have no language', async () => {
    const app = started();
    for (const path of ['/healthz', '/auth/sign_in', '/auth/me']) {
      const { headers } = await app.browser().get(path, GERMAN);
      assert.equal(headers['content-language'], undefined, path);
      assert.doesNotMatch(String(headers['vary']), /Accept-Language/, path);
    }
  });

  test('a user without a name is called unnamed in the language of the page', async () => {
    const { app, browser, location } = await begin('');
    const claims = { emails: [], name: 'unknown', given_name: '', family_name: '' };
    await browser.get(await app.control.authorize(location, { as: 'alice@example.com', claims }));
    assert.match((await browser.get('/', GERMAN)).body, /Unbenanntes Konto/);
    assert.match((await browser.get('/')).body, /Unnamed user/);
  });
});
