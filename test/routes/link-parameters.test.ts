// Parameters of links to policies: invitations with `id_token_hint`, and campaigns.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { describe, test } from 'node:test';
import { type RunningApp, type StartOptions, sharedApp, startApp } from '../support/app.js';
import type { Answer, Browser } from '../support/browser.js';

const SECRET = 'shared-with-the-application';
const TENANT_POLICIES = [
  { name: 'B2C_1_susi', claims: { campaign: '{OAUTH-KV:campaignId}' } },
  { name: 'B2C_1_edit_profile', kind: 'editProfile' as const },
  { name: 'B2C_1_reset', kind: 'resetPassword' as const },
  { name: 'B2C_1A_invite', idTokenHint: { secret: SECRET, required: true } },
];
const options: StartOptions = {
  emulator: { policies: TENANT_POLICIES },
  config: {
    policies: {
      signIn: {
        name: 'B2C_1_susi',
        parameters: { campaignId: 'web' },
        passThrough: ['campaignId'],
      },
      invite: {
        name: 'B2C_1A_invite',
        signsIn: true,
        passThrough: ['id_token_hint', 'campaignId'],
      },
      welcome: { name: 'B2C_1A_invite', passThrough: ['id_token_hint'] },
      fixed: { name: 'B2C_1_edit_profile', parameters: { campaignId: 'fixed', tone: 'ä & b' } },
    },
    errors: { AADB2C90273: { startPolicy: 'invite' } },
  },
};

function hintWith(claims: object): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const payload = { exp: Math.floor(Date.now() / 1000) + 600, ...claims };
  const input = `${part({ alg: 'HS256' })}.${part(payload)}`;
  return `${input}.${createHmac('sha256', SECRET).update(input).digest('base64url')}`;
}

const HINT = hintWith({ loyaltyId: '4711' });
const ALICE = { as: 'alice@example.com' };

const sentParameter = ({ location }: Answer, name: string) =>
  new URL(location).searchParams.get(name);

/** Follows the link to start again on an error page. */
function startAgain(browser: Browser, page: Answer): Promise<Answer> {
  const [, href = ''] = /<a [^>]*href="([^"]+)"[^>]*>Start again/.exec(page.body) ?? [];
  assert.ok(href, page.body);
  return browser.get(href.replaceAll('&amp;', '&'));
}

function assertNoAttempt({ cookies }: Browser): void {
  assert.deepEqual(
    [...cookies.keys()].filter((name) => name.startsWith('b2c-attempt')),
    [],
  );
}

/** No part of the hint is in a line of the log or in a page. */
function assertSecret(app: RunningApp, ...pages: Answer[]): void {
  const [, payload = ''] = HINT.split('.');
  for (const text of [...app.log.lines, ...pages.map(({ body }) => body)]) {
    assert.ok(!text.includes(payload), text);
  }
}

describe('parameters of links', () => {
  const started = sharedApp(options);
  const invite = (query = `?id_token_hint=${HINT}&return_to=/auth/token_details`) =>
    `/auth/policy/invite${query}`;

  test('an invitation with a hint signs in with its claims', async () => {
    const app = started();
    const browser = app.browser();
    const start = await browser.get(invite());
    assert.equal(sentParameter(start, 'id_token_hint'), HINT);
    const end = await browser.get(await app.control.authorize(start.location, ALICE));
    assert.equal(end.location, '/auth/token_details');
    const page = await browser.get(end.location);
    assert.match(page.body, /4711/);
    assertNoAttempt(browser);
    assertSecret(app, page);
  });

  describe('only the parameters of passThrough are forwarded', () => {
    const rows: Record<string, [path: string, expected: Record<string, string | null>]> = {
      'a value of the link replaces the constant': [
        '/auth/sign_in?campaignId=mail&other=1',
        { campaignId: 'mail', other: null },
      ],
      'the constant applies without a value': ['/auth/sign_in', { campaignId: 'web' }],
      'a repeated parameter is ignored': [
        '/auth/sign_in?campaignId=a&campaignId=b',
        { campaignId: 'web' },
      ],
      'markup is ignored': ['/auth/sign_in?campaignId=%3Cb%3E', { campaignId: 'web' }],
      'control characters are ignored': ['/auth/sign_in?campaignId=a%0Ab', { campaignId: 'web' }],
      'a link cannot change the constants of a policy without passThrough': [
        '/auth/policy/fixed?campaignId=mail&tone=x',
        { campaignId: 'fixed', tone: 'ä & b' },
      ],
    };
    for (const [name, [path, expected]] of Object.entries(rows)) {
      test(name, async () => {
        const start = await started().browser().get(path);
        for (const [parameter, value] of Object.entries(expected)) {
          assert.equal(sentParameter(start, parameter), value, parameter);
        }
      });
    }
  });

  test('a link whose parameters are too long is rejected', async () => {
    const app = started();
    const longest = 'x'.repeat(2_048 - 'id_token_hint='.length);
    const accepted = await app.browser().get(invite(`?id_token_hint=${longest}`));
    assert.equal(sentParameter(accepted, 'id_token_hint'), longest);
    const rejected = await app.browser().get(invite(`?id_token_hint=${longest}x`));
    assert.equal(rejected.status, 400);
    assert.match(rejected.body, /This link is too long/);
    assert.equal(app.log.of('sign_in_failed')[0]?.['code'], 'link_too_long');
    assert.doesNotMatch(rejected.body + app.log.lines.join(), /xxx/);
  });

  test('the longest parameters and the longest return path leave a cookie that browsers keep', async () => {
    const returnTo = `/${'a'.repeat(2_047)}`;
    const long = 'x'.repeat(2_000);
    const { setCookies } = await started()
      .browser()
      .get(invite(`?id_token_hint=${long}&return_to=${returnTo}&ui_locales=${'a'.repeat(256)}`));
    assert.equal(setCookies.length, 1);
    assert.ok((setCookies[0]?.length ?? 0) < 4_096, `${setCookies[0]?.length}`);
  });

  describe('"Start again" keeps the parameters after', () => {
    const rows: Record<string, (app: RunningApp, browser: Browser) => Promise<Answer>> = {
      'an error of the provider': async (app, browser) => {
        const { location } = await browser.get(invite());
        return browser.get(await app.control.authorize(location, { error: 'AADB2C90289' }));
      },
      'a callback that came twice': async (app, browser) => {
        const { location } = await browser.get(invite());
        const copy = new Map(browser.cookies);
        const callback = await app.control.authorize(location, { error: 'AADB2C90289' });
        await browser.get(callback);
        for (const [name, value] of copy) browser.cookies.set(name, value);
        return browser.get(callback);
      },
      'an error of the token endpoint': async (app, browser) => {
        const { location } = await browser.get(invite());
        const callback = await app.control.authorize(location, ALICE);
        await app.control.fault('token_500', { times: 1 });
        return browser.get(callback);
      },
      'two errors in a row': async (app, browser) => {
        const { location } = await browser.get(invite());
        const fail = async (url: string) =>
          browser.get(await app.control.authorize(url, { error: 'AADB2C90289' }));
        return fail((await startAgain(browser, await fail(location))).location);
      },
    };
    for (const [name, meet] of Object.entries(rows)) {
      test(name, async () => {
        const app = started();
        const browser = app.browser();
        const page = await meet(app, browser);
        assert.ok(page.status >= 400, String(page.status));
        const again = await startAgain(browser, page);
        assert.equal(sentParameter(again, 'id_token_hint'), HINT);
        const end = await browser.get(await app.control.authorize(again.location, ALICE));
        assert.equal(end.location, '/auth/token_details');
        assert.match((await browser.get(end.location)).body, /4711/);
        assertNoAttempt(browser);
        assertSecret(app, page);
      });
    }
  });

  test('a hint that the tenant rejects, or that is missing, ends on a page without "Start again"', async () => {
    const app = started();
    const expired = hintWith({ exp: 1_700_000_000 });
    for (const query of ['', `?id_token_hint=${expired}`]) {
      const browser = app.browser();
      const { location } = await browser.get(`/auth/policy/invite${query}`);
      const page = await browser.get(await app.control.authorize(location, ALICE));
      assert.equal(page.status, 400);
      assert.match(page.body, /This link can&#39;t be used|This link can't be used/);
      assert.doesNotMatch(page.body, /Start again/);
    }
    const lines = app.log.of('sign_in_failed');
    assert.deepEqual(
      lines.map(({ code, providerCode }) => [code, providerCode]),
      [
        ['hint_refused', 'AADB2C90272'],
        ['hint_refused', 'AADB2C90208'],
      ],
    );
  });

  test('a restart of another policy does not get the parameters', async () => {
    const app = started();
    const browser = app.browser();
    const { location } = await browser.get(invite());
    const error = { error: 'AADB2C90289' };
    const page = await browser.get(await app.control.authorize(location, error));
    const [, id = ''] = /restart=([\w-]{11})"/.exec(page.body) ?? [];
    const other = await browser.get(`/auth/sign_in?restart=${id}`);
    assert.equal(sentParameter(other, 'id_token_hint'), null);
    const elsewhere = await app.browser().get(`/auth/policy/invite?restart=${id}`);
    assert.equal(sentParameter(elsewhere, 'id_token_hint'), null);
  });

  test('after "Forgot your password?" the invitation continues with its hint', async () => {
    const app = started();
    const browser = app.browser();
    const follow = async ({ location }: Answer, how: object) =>
      browser.get(await app.control.authorize(location, how));
    const start = await browser.get(`${invite()}&campaignId=mail`);
    const reset = await follow(start, { forgotPassword: true });
    assert.match(reset.location, /\/b2c_1_reset\//);
    assert.equal(sentParameter(reset, 'id_token_hint'), null, 'not in its passThrough');
    const again = await follow(reset, ALICE);
    assert.match(again.location, /\/b2c_1a_invite\//);
    assert.equal(sentParameter(again, 'id_token_hint'), HINT);
    assert.equal(sentParameter(again, 'campaignId'), 'mail');
    const end = await follow(again, ALICE);
    assert.equal(end.location, '/auth/token_details');
    assert.match((await browser.get(end.location)).body, /4711/);
  });

  test('an error that starts another policy keeps the parameters', async () => {
    const app = started();
    const browser = app.browser();
    const { location } = await browser.get('/auth/sign_in?campaignId=mail');
    const error = { error: 'AADB2C90273' };
    const next = await browser.get(await app.control.authorize(location, error));
    assert.match(next.location, /\/b2c_1a_invite\//);
    assert.equal(sentParameter(next, 'campaignId'), 'mail');
  });
});

describe('a page of an application behind the middleware', () => {
  const { policies } = options.config as { policies: object };
  const started = sharedApp({
    ...options,
    config: { policies, signedOutPages: 'redirect' },
    application: async (app, request, response) => {
      const policy = request.url?.startsWith('/welcome') ? { policy: 'welcome' } : {};
      await app.requireUser(policy)(request, response, () => response.end('welcome'));
    },
  });

  test('passes the parameters of its URL to the sign-in that it requires', async () => {
    const browser = started().browser();
    const { location } = await browser.get('/shop?campaignId=mail&other=1');
    assert.equal(
      location,
      '/auth/sign_in?return_to=%2Fshop%3FcampaignId%3Dmail%26other%3D1&campaignId=mail',
    );
    assert.equal(sentParameter(await browser.get(location), 'campaignId'), 'mail');
  });

  test('passes the parameters of its URL to the policy that it requires', async () => {
    const app = started();
    const browser = await app.signedIn();
    const { location } = await browser.get(`/welcome?id_token_hint=${HINT}`);
    const start = await browser.get(location);
    assert.equal(sentParameter(start, 'id_token_hint'), HINT);
    const end = await browser.get(await app.control.authorize(start.location, ALICE));
    assert.equal(end.location, `/welcome?id_token_hint=${HINT}`);
    assert.equal((await browser.get(end.location)).body, 'welcome');
    assertSecret(app);
  });
});

test('a link that cannot start leads to itself again, and the page does not contain its hint', async (t) => {
  const app = await startApp(t, { ...options, faultsAtStart: [{ fault: 'discovery_500' }] });
  const browser = app.browser();
  const path = `/auth/policy/invite?id_token_hint=${HINT}`;
  const page = await browser.get(path);
  assert.equal(page.status, 503);
  // An empty reference is the URL of the page (RFC 3986, 4.4).
  assert.match(page.body, /<a [^>]*href=""[^>]*>Start again/);
  assertSecret(app, page);
});

describe('a callback without state', () => {
  const started = sharedApp(options);

  const rows: Record<string, string> = {
    'with a code, as after "Run user flow"': '?code=abc',
    'with an error': '?error=access_denied&error_description=AADB2C90091%3A+canceled',
    'without a query, as after a response in the fragment': '',
  };
  for (const [name, query] of Object.entries(rows)) {
    test(`${name} explains that sign-in has to start on this site`, async () => {
      const app = started();
      const page = await app.browser().get(`/auth/redirect${query}`);
      assert.equal(page.status, 400);
      assert.match(page.body, /Sign-in has to start on this site/);
      assert.match(page.body, /href="\/auth\/sign_in\?return_to=%2F"/);
      assert.equal(app.log.of('sign_in_failed')[0]?.['code'], 'sign_in_not_started');
      assert.equal(await app.control.count('token'), 0);
    });
  }
});
