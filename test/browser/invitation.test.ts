// An invitation from a link with an `id_token_hint` to a signed-in page, in a real browser.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startApp } from '../support/app.js';
import { openChromium } from '../support/chromium.js';

const OPTIONS = {
  emulator: {
    policies: [
      { name: 'B2C_1_susi' },
      {
        name: 'B2C_1A_invite',
        idTokenHint: { secret: 'shared-with-the-application', required: true },
      },
    ],
  },
  config: {
    policies: {
      signIn: 'B2C_1_susi',
      editProfile: undefined,
      resetPassword: undefined,
      invite: { name: 'B2C_1A_invite', signsIn: true, passThrough: ['id_token_hint'] },
    },
  },
};

test('an invitation survives an error, "Start again" and ends on a signed-in page', async (t) => {
  const chromium = await openChromium(t);
  if (!chromium) return;
  const { page, context } = chromium;
  const app = await startApp(t, OPTIONS);
  const made = await fetch(`${app.emulator.url}/_emulator/id-token-hint`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ policy: 'B2C_1A_invite', claims: { loyaltyId: '4711' } }),
  });
  const { idTokenHint } = (await made.json()) as { idTokenHint: string };

  // The first response of the token endpoint is an error.
  await app.control.fault('token_500', { times: 1 });
  const link = `/auth/policy/invite?return_to=/auth/token_details&id_token_hint=${idTokenHint}`;
  await page.goto(app.url + link);
  await page.fill('#signInName', 'alice@example.com');
  await page.fill('#password', 'Pass@word1');
  await page.click('#next');
  await page.click('text=Start again');
  // The tenant knows the user by now, or asks again.
  await page.waitForURL(`${app.url}/auth/token_details`);
  assert.match((await page.textContent('main')) ?? '', /4711/);

  // The hint is in no line of the log, and no cookie of an attempt is left.
  const [, payload = ''] = idTokenHint.split('.');
  assert.ok(app.log.lines.every((line) => !line.includes(payload)));
  const cookies = (await context.cookies(app.url)).map(({ name }) => name);
  assert.deepEqual(
    cookies.filter((name) => name.startsWith('b2c-attempt')),
    [],
  );
});

test('a link straight to the tenant ends on a page from which sign-in starts', async (t) => {
  const chromium = await openChromium(t);
  if (!chromium) return;
  const { page } = chromium;
  const app = await startApp(t, OPTIONS);
  // The URL of "Run user flow": neither state nor PKCE.
  const url = new URL(`${app.emulator.authority}/B2C_1_susi/oauth2/v2.0/authorize`);
  url.search = new URLSearchParams({
    client_id: app.emulator.applications[0]?.id ?? '',
    nonce: 'defaultNonce',
    redirect_uri: `${app.url}/auth/redirect`,
    scope: 'openid',
    response_type: 'code',
    prompt: 'login',
  }).toString();
  await page.goto(url.href);
  await page.fill('#email', 'alice@example.com');
  await page.fill('#password', 'Pass@word1');
  await page.click('#next');
  await page.waitForSelector('text=Sign-in has to start on this site');
  await page.click('text=Start again');
  await page.waitForURL(app.url);
  assert.match((await page.textContent('header')) ?? '', /Alice Example/);
});
