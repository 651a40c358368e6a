// A certified provider of another project, with the tenant kind "generic".
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  assertSignedIn,
  skipWithoutProvider as options,
  signIn,
  startAtProvider,
} from './certified-provider.js';

test(
  'somebody signs in through the pages of a certified provider and sees what it says of him',
  options,
  async (t) => {
    const given = await startAtProvider(t);
    await signIn(given);
    assertSignedIn(given);
    assert.match(given.visitor.page.body, new RegExp(given.issuer));
  },
);

test('the access token is renewed with the refresh token of the time', options, async (t) => {
  const given = await startAtProvider(t);
  const { app, visitor } = given;
  await signIn(given);
  const tokens = new Set<string>();
  for (let count = 0; count < 3; count += 1) {
    await visitor.open(`${app.url}/token`);
    tokens.add(visitor.page.body);
    assert.equal(visitor.page.status, 200, visitor.page.body);
    await new Promise((resolve) => setTimeout(resolve, 1_100));
  }
  assert.equal(tokens.size, 3);
  await visitor.open(`${app.url}/auth/token_details`);
  assertSignedIn(given);
});

test(
  'signing out leads through the question of the provider to the page for the signed-out',
  options,
  async (t) => {
    const given = await startAtProvider(t);
    const { app, visitor } = given;
    await signIn(given);
    await visitor.open(`${app.url}/auth/sign_out`);
    await visitor.send();
    const [, onward = ''] = /<a class="button plain" href="([^"]*)"/.exec(visitor.page.body) ?? [];
    await visitor.open(onward.replaceAll('&amp;', '&'));
    assert.equal(visitor.page.url.origin, given.issuer);
    assert.match(visitor.page.body, /Do you want to sign-out/);
    await visitor.send({ logout: 'yes' });
    assert.equal(visitor.page.url.href, `${app.url}/auth/post_sign_out`);
    assert.match(visitor.page.body, /You are signed out/);
    await signIn(given);
    assertSignedIn(given);
  },
);

test(
  'whoever must authenticate anew is asked by the provider, which says when it was',
  options,
  async (t) => {
    const given = await startAtProvider(t);
    await signIn(given);
    await signIn(given, '&prompt=login');
    assertSignedIn(given);
    assert.match(given.visitor.page.body, /auth_time/);
  },
);

test('a user who cancels at the provider gets an error page', options, async (t) => {
  const given = await startAtProvider(t);
  const { app, visitor } = given;
  await visitor.open(`${app.url}/auth/sign_in`);
  const [, abort = ''] = /<a href="([^"]*abort)"/.exec(visitor.page.body) ?? [];
  await visitor.open(abort);
  assert.equal(visitor.page.status, 403);
  assert.deepEqual(
    app.log.of('sign_in_failed').map(({ code }) => code),
    ['sign_in_refused'],
  );
});

test('tokens of keys that the provider has changed to are accepted', options, async (t) => {
  const given = await startAtProvider(t);
  await signIn(given);
  await given.restart();
  await signIn(given);
  assertSignedIn(given);
});

test('a provider with another issuer than the configured one is rejected', options, async (t) => {
  const given = await startAtProvider(t, {
    tenant: (issuer) => ({
      issuer: `${issuer}/other`,
      discovery: `${issuer}/.well-known/openid-configuration`,
    }),
  });
  await given.visitor.open(`${given.app.url}/auth/sign_in`);
  assert.equal(given.visitor.page.status, 502);
  assert.deepEqual(
    given.app.log.of('sign_in_failed').map(({ code }) => code),
    ['metadata_refused'],
  );
});
