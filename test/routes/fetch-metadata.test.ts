import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { sharedApp } from '../support/app.js';

describe('fetch metadata', () => {
  const started = sharedApp();

  const POLICY_PATHS = ['/auth/sign_in', '/auth/edit_profile', '/auth/reset_password'];
  const PERSONAL_PATHS = [
    '/',
    '/sign_in_status',
    '/auth/token_details',
    '/token_details',
    '/auth/sessions',
    '/auth/me',
  ];

  const fetchHeaders = (site: string, mode: string, destination: string) => ({
    'sec-fetch-site': site,
    'sec-fetch-mode': mode,
    'sec-fetch-dest': destination,
  });

  const IMAGE_ELSEWHERE = fetchHeaders('cross-site', 'no-cors', 'image');
  const LINK_ELSEWHERE = fetchHeaders('cross-site', 'navigate', 'document');

  describe('a policy starts only by a page navigation,', () => {
    const rows: [string, Record<string, string>][] = [
      ['not by an image of another site', IMAGE_ELSEWHERE],
      ['not by an image of this site', fetchHeaders('same-origin', 'no-cors', 'image')],
      ['not by a frame', fetchHeaders('cross-site', 'navigate', 'iframe')],
      ['not by a frame of this site', fetchHeaders('same-origin', 'navigate', 'iframe')],
      ['not by a script', fetchHeaders('same-origin', 'cors', 'empty')],
      ['not by a prefetch', { 'sec-purpose': 'prefetch' }],
      ['not by a prerendered page', { 'sec-purpose': 'prefetch;prerender' }],
    ];
    for (const [name, headers] of rows) {
      test(name, async () => {
        const app = started();
        const browser = app.browser();
        for (const path of POLICY_PATHS) {
          const answer = await browser.get(path, headers);
          assert.equal(answer.status, 403, path);
          assert.equal(answer.location, '');
          assert.deepEqual(answer.setCookies, []);
          assert.equal(answer.headers['cache-control'], 'no-store');
        }
        assert.equal(app.log.of('fetch_refused').length, POLICY_PATHS.length);
        assert.equal(app.log.of('sign_in_started').length, 0);
        assert.equal((await browser.get('/auth/sign_in')).status, 302);
      });
    }
    test('also by a link on another site, or for a client without fetch metadata', async () => {
      const app = started();
      assert.equal((await app.browser().get('/auth/sign_in', LINK_ELSEWHERE)).status, 302);
      const { status } = await fetch(`${app.url}/auth/sign_in`, { redirect: 'manual' });
      assert.equal(status, 302);
    });
  });

  describe('another site cannot find out whether a user is signed in', () => {
    const rows: [string, Record<string, string>][] = [
      ['by an image', IMAGE_ELSEWHERE],
      ['by a script', fetchHeaders('cross-site', 'no-cors', 'script')],
      ['by a frame', fetchHeaders('cross-site', 'navigate', 'iframe')],
      ['by a fetch', fetchHeaders('cross-site', 'cors', 'empty')],
      ['by an image of a sibling host', fetchHeaders('same-site', 'no-cors', 'image')],
    ];
    for (const [name, headers] of rows) {
      test(name, async () => {
        const app = started();
        const [signedIn, anonymous] = [await app.signedIn(), app.browser()];
        for (const path of PERSONAL_PATHS) {
          const answer = await signedIn.get(path, headers);
          assert.equal(answer.status, 403, path);
          assert.doesNotMatch(answer.body, /alice/i, path);
          // The response is the same for visitors, including its length.
          const other = await anonymous.get(path, headers);
          assert.equal(other.status, answer.status);
          assert.equal(other.headers['content-length'], answer.headers['content-length']);
        }
        assert.equal((await signedIn.get('/auth/token_details')).status, 200);
      });
    }
    test('by opening a URL that is not a page', async () => {
      const app = started();
      const browser = await app.signedIn();
      assert.equal((await browser.get('/auth/me', LINK_ELSEWHERE)).status, 403);
    });
  });

  test('the callback and the page after it may come from another site', async () => {
    const app = started();
    const browser = app.browser();
    const { location } = await browser.get('/auth/sign_in?return_to=/auth/token_details');
    const callback = await app.control.authorize(location, { as: 'alice@example.com' });
    const end = await browser.get(callback, LINK_ELSEWHERE);
    assert.equal(end.status, 303);
    const page = await browser.get(end.location, LINK_ELSEWHERE);
    assert.equal(page.status, 200);
    assert.match(page.body, /alice@example\.com/);
    assert.equal((await browser.get('/auth/post_sign_out', LINK_ELSEWHERE)).status, 200);
  });

  test('a callback in a frame, image or prefetch redeems no code', async () => {
    const app = started();
    const browser = app.browser();
    const { location } = await browser.get('/auth/sign_in');
    const callback = await app.control.authorize(location, { as: 'alice@example.com' });
    for (const headers of [
      IMAGE_ELSEWHERE,
      fetchHeaders('cross-site', 'navigate', 'iframe'),
      { 'sec-purpose': 'prefetch' },
    ]) {
      const answer = await browser.get(callback, headers);
      assert.equal(answer.status, 403);
      assert.deepEqual(answer.setCookies, []);
    }
    assert.equal(await app.control.count('token'), 0);
    assert.equal((await browser.get(callback)).status, 303);
  });

  test('scripts of this site may request /auth/me, and all clients /healthz', async () => {
    const app = started();
    const browser = await app.signedIn();
    assert.equal(
      (await browser.get('/auth/me', fetchHeaders('same-origin', 'cors', 'empty'))).status,
      200,
    );
    assert.equal((await browser.get('/healthz', IMAGE_ELSEWHERE)).status, 200);
  });

  describe('every route for every site and use', () => {
    const audiences: Record<string, string[]> = {
      visitors: ['/', '/sign_in_status', '/auth/token_details', '/token_details', '/auth/sign_out'],
      'visitors, signed out': ['/auth/post_sign_out'],
      navigation: [...POLICY_PATHS, '/auth/redirect?state=x&code=y'],
      'own scripts': ['/auth/me'],
      anyone: ['/healthz', '/readyz'],
    };
    const uses: [string, string][] = [
      ['navigate', 'document'],
      ['no-cors', 'image'],
      ['navigate', 'iframe'],
      ['cors', 'empty'],
    ];
    const isWelcome = (audience: string, site: string, isPageLoad: boolean) => {
      if (audience === 'anyone') return true;
      if (audience === 'navigation') return isPageLoad;
      const isOwn = site === 'none' || site === 'same-origin';
      return isOwn || (isPageLoad && audience !== 'own scripts');
    };
    for (const [audience, paths] of Object.entries(audiences)) {
      test(`for ${audience}`, async () => {
        const app = started();
        const browser = await app.signedIn();
        const file = /href="([^"]+\.css)"/.exec((await browser.get('/')).body)?.[1] ?? '';
        for (const path of audience === 'visitors' ? [...paths, file] : paths) {
          for (const site of ['none', 'same-origin', 'same-site', 'cross-site']) {
            for (const [mode, destination] of uses) {
              const { status, setCookies } = await browser.get(
                path,
                fetchHeaders(site, mode, destination),
              );
              const welcome = isWelcome(audience, site, destination === 'document');
              const what = `${path}, ${site}, ${destination}: ${status}`;
              assert.equal(status !== 403, welcome, what);
              if (!welcome) assert.deepEqual(setCookies, [], what);
            }
          }
        }
        assert.equal((await browser.get('/auth/me')).status, 200);
        // A client without fetch metadata is never rejected.
        const headers = { accept: '*/*' };
        for (const path of paths) {
          const { status } = await fetch(app.url + path, { headers, redirect: 'manual' });
          assert.notEqual(status, 403, path);
        }
      });
    }
    test('and the sign-out POST, for pages of this site only', async () => {
      const app = started();
      const browser = await app.signedIn();
      for (const site of ['none', 'same-site', 'cross-site']) {
        for (const [mode, destination] of uses) {
          const headers = fetchHeaders(site, mode, destination);
          assert.equal((await browser.post('/auth/sign_out', {}, headers)).status, 403, site);
        }
      }
      assert.equal((await browser.get('/auth/me')).status, 200);
      const own = fetchHeaders('same-origin', 'navigate', 'document');
      assert.equal((await browser.post('/auth/sign_out', {}, own)).status, 200);
      assert.equal((await browser.get('/auth/me')).status, 401);
    });
  });
});
