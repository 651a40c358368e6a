import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { ErrorModel, SessionDetails } from '../../dist/pages/render.js';
import { addressesOf, linkTo, tagsOf, textOf } from './markup.ts';
import {
  alice,
  bareSite,
  demoSite,
  endSessionAddress,
  everyPage,
  fullSite,
  pagesOf,
} from './pages.ts';

const bare = pagesOf(bareSite);
const full = pagesOf(fullSite);

for (const [name, html] of everyPage(bareSite)) {
  test(`the ${name} renders with the required members only`, () => {
    const tags = tagsOf(html);
    assert.equal(tags[0], '<!doctype html>');
    assert.equal(tags.filter((tag) => tag.startsWith('<h1')).length, 1);
    assert.equal(tags.filter((tag) => tag.startsWith('<main ')).length, 1);
    assert.ok(tags.includes('<html lang="en" dir="ltr">'));
    assert.doesNotMatch(html, /undefined|null|\[object/);
  });
}

for (const [name, html] of everyPage(demoSite)) {
  test(`the ${name} has no inline script or style and only quoted attributes`, () => {
    const script =
      '<script type="module" src="/auth/assets/page-1.js" integrity="sha256-x"></script>';
    for (const tag of tagsOf(html.replace(script, ''))) {
      assert.doesNotMatch(tag, /^<(?:script|style|iframe|object|embed|base)\b|\s(?:style|on\w+)=/i);
      assert.match(tag, /^<[!/]?[a-z][a-z0-9]*(?: [\w:-]+(?:="[^"]*")?)*\s*\/?>$/i);
    }
  });

  test(`the ${name} links only to this site, the demo's dashboard and the provider`, () => {
    const elsewhere = addressesOf(html).filter((address) => !/^(?:\/(?!\/)|#)/.test(address));
    const known = ['http://127.0.0.1:3001/_emulator/', endSessionAddress];
    assert.deepEqual(
      elsewhere.filter((address) => !known.includes(address)),
      [],
    );
  });

  test(`the ${name} of the demo shows the accounts and a link to the dashboard`, () => {
    assert.equal(linkTo(html, 'Open the dashboard'), 'http://127.0.0.1:3001/_emulator/');
    assert.match(textOf(html), /Local demo:.*alice@example\.com password Pass@word1\s/s);
    assert.match(textOf(html), /bob@example\.com password Pass@word2\s/);
  });
}

test('outside the demo, no page mentions it', () => {
  for (const [name, html] of everyPage(fullSite)) assert.doesNotMatch(html, /demo|emulator/i, name);
});

test('the header names the signed-in user and has a sign-out link', () => {
  for (const html of [full.status({ viewer: alice }), full.signOut({ viewer: alice })]) {
    assert.match(html, /<bdi>Alice<\/bdi>/);
    assert.equal(linkTo(html, 'Sign out'), '/auth/sign_out');
    assert.equal(linkTo(html, 'Sign in'), undefined);
  }
});

test('the header has a sign-in link for visitors', () => {
  const html = full.signedOut();
  assert.equal(linkTo(html, 'Sign in'), '/auth/sign_in?return_to=%2F');
  assert.equal(linkTo(html, 'Sign out'), undefined);
});

test('every page links to the start page and the style sheet, and to the icon if there is one', () => {
  for (const [name, html] of everyPage(bareSite)) {
    assert.equal(linkTo(html, 'b2c-signin'), '/', name);
    assert.match(html, /<link rel="stylesheet" href="\/auth\/assets\/style-1\.css">/, name);
    assert.doesNotMatch(html, /rel="icon"/, name);
  }
  assert.match(full.signedOut(), /<link rel="icon" [^>]*href="\/auth\/assets\/favicon-1\.svg">/);
});

test('every page has the name of the site in its title, header and footer, and its logo as icon', () => {
  for (const [name, html] of everyPage(demoSite)) {
    const [, title = ''] = /<title>([^<]*)<\/title>/.exec(html) ?? [];
    assert.match(title, /\S+ &middot; Fabrikam &lt;Shop&gt;$/, name);
    assert.equal(linkTo(html, 'Fabrikam <Shop>'), '/', name);
    assert.match(html, /<footer [^>]*><bdi>Fabrikam &lt;Shop&gt;<\/bdi>/, name);
    assert.match(html, /<link rel="icon" href="\/auth\/assets\/logo-1\.svg">/, name);
    assert.match(html, /<img class="logo" src="\/auth\/assets\/logo-1\.svg" alt="">/, name);
    assert.doesNotMatch(html, /b2c-signin|favicon/, name);
  }
});

test('the status page of a signed-in user shows the user and links to the configured policies', () => {
  const html = full.status({ viewer: alice });
  assert.match(textOf(html), /You are signed in\s+Alice\s+alice@example\.com/);
  assert.equal(linkTo(html, 'ID token details'), '/auth/token_details');
  assert.equal(linkTo(html, 'Edit profile'), '/auth/edit_profile?return_to=%2F');
  assert.equal(linkTo(html, 'Reset password'), '/auth/reset_password?return_to=%2F');
  assert.equal(linkTo(html, 'Second factor'), '/auth/policy/mfa');
});

test('without their policies there are no links to edit the profile or reset the password', () => {
  const claims = { sub: '1' };
  for (const html of [
    bare.status({}),
    bare.status({ viewer: alice }),
    bare.tokenDetails({ viewer: alice, claims }),
  ]) {
    assert.doesNotMatch(html, /edit_profile|Edit profile|reset_password|password/i);
  }
});

test('the status page of a visitor has links to sign in and to reset a forgotten password', () => {
  const html = full.status({});
  assert.match(textOf(html), /You are not signed in/);
  assert.equal(linkTo(html, 'Sign in'), '/auth/sign_in?return_to=%2F');
  assert.equal(linkTo(html, 'Forgot your password?'), '/auth/reset_password?return_to=%2F');
  assert.equal(linkTo(html, 'ID token details'), undefined);
});

test('the set-up hint shows the redirect URIs of every tenant, collapsed, and only if configured', () => {
  for (const html of [full.status({}), full.status({ viewer: alice })]) {
    assert.ok(tagsOf(html).includes('<details class="card set-up">'));
    assert.match(
      html,
      /Register these exact redirect URIs for your application in the Azure portal/,
    );
    for (const path of ['redirect', 'tenant/external/redirect', 'post_sign_out']) {
      assert.ok(html.includes(`<code dir="ltr">http://localhost:3000/auth/${path}</code>`), path);
    }
  }
  for (const html of [bare.status({}), bare.status({ viewer: alice })]) {
    assert.doesNotMatch(html, /set-up|Register|portal/);
  }
});

describe('the status page of a signed-in user', () => {
  const session = {
    ...{ isLocalAccount: true, policy: 'B2C_1_susi' },
    ...{ startedAt: 1795338372000, endsAt: 1795341972000 },
  };
  const textWith = (changes: Partial<SessionDetails>) =>
    textOf(full.status({ viewer: alice, session: { ...session, ...changes } })).replace(
      /\s+/g,
      ' ',
    );

  test('shows how the user signed in, and when the session ends', () => {
    const html = full.status({ viewer: alice, session });
    assert.ok(tagsOf(html).includes('<time datetime="2026-11-22T09:06:00.000Z">'));
    const text = textWith({});
    assert.match(text, /Signed in with Local account Signed in since 22 Nov 2026, 09:06 UTC/);
    assert.match(text, /Session ends 22 Nov 2026, 10:06 UTC/);
    const google = { isLocalAccount: false, identityProvider: 'Google' };
    assert.match(textWith(google), /Signed in with Google Signed in since/);
    assert.doesNotMatch(textWith({ isLocalAccount: false }), /Signed in with/);
  });

  test('shows the policy and the ID token to developers only', () => {
    const [before = '', after = ''] = textWith({}).split('For developers');
    assert.match(after, /Policy B2C_1_susi ID token details/);
    assert.doesNotMatch(before, /Policy|ID token/);
    assert.doesNotMatch(textWith({ policy: undefined }), /Policy/);
  });
});

test('no session ends without a confirmation, except that of this browser', () => {
  const row = { name: 'a', browser: 'Firefox', startedAt: 0, isCurrent: true };
  const html = full.sessions({ viewer: alice, sessions: [row, { ...row, isCurrent: false }] });
  const forms = html.split('<form ').slice(1);
  assert.equal(forms.length, 4);
  for (const [index, form] of forms.entries()) {
    const before = html.slice(0, html.indexOf(form));
    const isInDetails = before.lastIndexOf('<details') > before.lastIndexOf('</details>');
    assert.equal(isInDetails, index > 0);
  }
});

test('a sign-in from the 401 page returns to the requested page', () => {
  const html = full.unauthorized({ returnTo: '/orders?id=1&q="<b>#' });
  const address = new URL(linkTo(html, 'Sign in') ?? '', 'http://here.invalid');
  assert.equal(address.pathname, '/auth/sign_in');
  assert.equal(address.searchParams.get('return_to'), '/orders?id=1&q="<b>#');
});

test('sign-out is a form that posts to this site, with a link to stay signed in', () => {
  const html = full.signOut({ viewer: alice });
  assert.match(html, /<form [^>]*method="post" action="\/auth\/sign_out">/);
  assert.deepEqual(
    tagsOf(html).filter((tag) => /^<(?:button|input)/.test(tag)),
    ['<button class="button" type="submit">'],
  );
  assert.equal(linkTo(html, 'Stay signed in'), '/');
});

test('the signing-out page redirects by itself and has a link', () => {
  const html = full.signingOut({ href: endSessionAddress });
  assert.match(html, /<meta http-equiv="refresh" content="0;url=https:\/\/b2c\.example\/[^"<>]*">/);
  assert.equal(linkTo(html, 'Continue'), endSessionAddress);
  assert.equal(addressesOf(html).filter((address) => address === endSessionAddress).length, 2);
  assert.equal(linkTo(html, 'Sign in'), undefined);
});

test('only the signing-out page redirects by itself', () => {
  for (const [name, html] of everyPage(demoSite)) {
    assert.equal(html.includes('http-equiv="refresh"'), name === 'signing-out page', name);
  }
});

test('the signed-out page has a sign-in link', () => {
  assert.equal(linkTo(full.signedOut(), 'Sign in again'), '/auth/sign_in?return_to=%2F');
});

const failure: ErrorModel = {
  code: 'grant_refused',
  link: { href: '/auth/sign_in', next: 'signIn' },
  correlationId: 'our-id',
};

test('an error page has advice, a link and the correlation ID', () => {
  const html = full.error(failure);
  assert.match(
    textOf(html),
    /This sign-in is no longer valid\s+It was used before or took too long\./,
  );
  assert.equal(linkTo(html, 'Start again'), '/auth/sign_in');
  assert.match(html, /<code dir="ltr">our-id<\/code>/);
  assert.doesNotMatch(textOf(html), /at Azure AD B2C/);
});

test("an error page has the provider's correlation ID if there is one", () => {
  const html = full.error({ ...failure, providerCorrelationId: '"><b>id' });
  assert.match(textOf(html), /Correlation ID at Azure AD B2C\s+"><b>id/);
});

test('an error page names the signed-in user', () => {
  assert.equal(linkTo(full.error({ ...failure, viewer: alice }), 'Sign out'), '/auth/sign_out');
});

test('the script is only on pages with times, and only if configured', () => {
  const withScript = everyPage(fullSite).filter(([, html]) => html.includes('<script '));
  assert.deepEqual(
    withScript.map(([name]) => name),
    [
      'status page of a signed-in user',
      'status page with a session',
      'claims page',
      'sessions page',
    ],
  );
  for (const [name, html] of everyPage(bareSite)) assert.doesNotMatch(html, /<script/, name);
});

test('unexpected members of a model change nothing on the page', () => {
  const model = JSON.parse(
    `{ "body": "<b>", "site": {}, "__blocks": { "body": "<b>" }, "__proto__": { "refreshHref": "/x" },
       "settings": { "views": "/x" }, "varName": "x", "useWith": true, "layout": "x" }`,
  );
  assert.equal(full.error({ ...model, ...failure }), full.error(failure));
});
