// The logo, and the pages that show the name of the site.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { sharedApp } from '../support/app.js';

const LOGO = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>';

describe('a site with a name, a logo and an accent color', () => {
  const app = sharedApp({
    config: { site: { name: 'Fabrikam', logo: 'logo.svg', accentColor: '#1C5BB5' } },
    files: { 'logo.svg': LOGO },
  });

  test('error pages have the name too', async () => {
    for (const path of ['/', '/nowhere', '/auth/token_details', '/auth/redirect?state=x']) {
      const { body } = await app().browser().get(path);
      assert.match(body, /<title>[^<]+ &middot; Fabrikam<\/title>/, path);
      assert.doesNotMatch(body, /b2c-signin/, path);
    }
  });

  test('the logo is served with its type, for a year, and cannot run its scripts', async () => {
    const { body } = await app().browser().get('/');
    const [, path = ''] = /<img class="logo" src="([^"]*)"/.exec(body) ?? [];
    assert.match(path, /^\/auth\/assets\/logo-[0-9a-f]{12}\.svg$/);
    const logo = await app().browser().get(path);
    assert.equal(logo.status, 200);
    assert.equal(logo.body, LOGO);
    assert.equal(logo.headers['content-type'], 'image/svg+xml');
    assert.equal(logo.headers['x-content-type-options'], 'nosniff');
    assert.equal(logo.headers['cache-control'], 'public, max-age=31536000, immutable');
    const policy = String(logo.headers['content-security-policy']);
    assert.match(policy, /default-src 'none'; script-src \S+\/page-[0-9a-f]+\.js;/);
    assert.doesNotMatch(policy, /unsafe/);
  });

  test('the style sheet has the color for both color schemes, under another name', async () => {
    const { body } = await app().browser().get('/');
    const [, path = ''] = /<link rel="stylesheet" href="([^"]*)"/.exec(body) ?? [];
    const { body: style } = await app().browser().get(path);
    assert.match(style, /\n:root \{ --accent: #1c5bb5; --accent-strong: #[0-9a-f]{6}; \}\n/);
    assert.match(style, /dark\) \{:root \{ --accent: #[0-9a-f]{6}; --accent-strong: /);
  });
});
