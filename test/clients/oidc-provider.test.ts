// A certified provider of another project, with the tenant kind "generic".
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { mountApp, type RunningApp } from '../support/app.js';
import { freePort } from '../support/free-port.js';
import { type Browser, createBrowser } from './browser.js';
import { startProgram } from './client.js';
import { missingPackage } from './client-contract.js';

const client = { id: 'the application', secret: 'a secret of the application' };

interface Given {
  app: RunningApp;
  visitor: Browser;
  issuer: string;
  /** Starts the provider again, with other keys and without its state. */
  restart(): Promise<void>;
}

/** The application at the provider, and a visitor who is about to sign in. */
async function start(t: TestContext, tenant: (issuer: string) => object = () => ({})) {
  const port = await freePort();
  const issuer = `http://127.0.0.1:${await freePort()}`;
  const environment = {
    ISSUER: issuer,
    CLIENT_ID: client.id,
    CLIENT_SECRET: client.secret,
    REDIRECT_URI: `http://localhost:${port}/auth/redirect`,
    POST_SIGN_OUT_URI: `http://localhost:${port}/auth/post_sign_out`,
  };
  let stop = await startProgram('oidc-provider.js', environment);
  t.after(() => stop());
  const app = await mountApp(
    t,
    async (own, request, response) => {
      response.end(await own.accessToken(request));
    },
    {
      port,
      config: {
        tenant: () => ({ kind: 'generic', issuer, allowPlainHttp: true, ...tenant(issuer) }),
        client: { ...client, authMethod: 'client_secret_basic' },
        policies: undefined,
        scopes: ['profile', 'email', 'offline_access'],
      },
    },
  );
  const given: Given = {
    app,
    visitor: createBrowser(),
    issuer,
    async restart() {
      await stop();
      stop = await startProgram('oidc-provider.js', environment);
    },
  };
  return given;
}

/** Through the provider's pages for password and consent. */
async function signIn({ app, visitor }: Given, query = ''): Promise<void> {
  await visitor.open(`${app.url}/auth/sign_in?return_to=/auth/token_details${query}`);
  assert.match(visitor.page.body, /Enter any login/);
  await visitor.send({ login: 'ada', password: 'any' });
  assert.match(visitor.page.body, /Authorize/);
  await visitor.send();
}

function assertSignedIn({ app, visitor }: Given): void {
  const { url, status, body } = visitor.page;
  assert.equal(url.href, `${app.url}/auth/token_details`);
  assert.equal(status, 200);
  assert.match(body, /ada Example/);
  assert.match(body, /ada@a\.example/);
}

const options = { skip: missingPackage('oidc-provider') ?? false };

test(
  'somebody signs in through the pages of a certified provider and sees what it says of him',
  options,
  async (t) => {
    const given = await start(t);
    await signIn(given);
    assertSignedIn(given);
    assert.match(given.visitor.page.body, new RegExp(given.issuer));
  },
);

test('the access token is renewed with the refresh token of the time', options, async (t) => {
  const given = await start(t);
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
    const given = await start(t);
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
    const given = await start(t);
    await signIn(given);
    await signIn(given, '&prompt=login');
    assertSignedIn(given);
    assert.match(given.visitor.page.body, /auth_time/);
  },
);

test('a user who cancels at the provider gets an error page', options, async (t) => {
  const given = await start(t);
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
  const given = await start(t);
  await signIn(given);
  await given.restart();
  await signIn(given);
  assertSignedIn(given);
});

test('a provider with another issuer than the configured one is rejected', options, async (t) => {
  const given = await start(t, (issuer) => ({
    issuer: `${issuer}/other`,
    discovery: `${issuer}/.well-known/openid-configuration`,
  }));
  await given.visitor.open(`${given.app.url}/auth/sign_in`);
  assert.equal(given.visitor.page.status, 502);
  assert.deepEqual(
    given.app.log.of('sign_in_failed').map(({ code }) => code),
    ['metadata_refused'],
  );
});
