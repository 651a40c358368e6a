// The test kit that users get. What it does with their tools, test/package shows.
import assert from 'node:assert/strict';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, type TestContext, test } from 'node:test';
import {
  createClient,
  signInAs,
  startEmulator,
  type TestEmulator,
} from '../../dist/testing/testing.js';
import { mountApp, type RunningApp, startApp } from '../support/app.js';

async function startServer(t: TestContext, listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const me = async (
  app: RunningApp,
  signIn: (client: ReturnType<typeof createClient>) => unknown,
) => {
  const client = createClient(app.url);
  await signIn(client);
  return JSON.parse(await (await client.get('/auth/me')).text());
};

describe('signInAs', () => {
  test('signs the account in, with the claims it is given', async (t) => {
    const app = await startApp(t);
    const claims = { extension_Role: 'admin', name: 'Bobby' };
    const { signedIn, user } = await me(app, (c) => signInAs(c, 'bob@example.com', { claims }));
    assert.equal(signedIn, true);
    assert.equal(user.email, 'bob@example.com');
    assert.equal(user.name, 'Bobby');
    assert.equal(user.claims.extension_Role, 'admin');
  });

  test('refuses an option that there is not, and what is no browser', async () => {
    const client = createClient('http://localhost:9');
    const misspelt = { polcy: 'custom' } as object;
    await assert.rejects(signInAs(client, 'alice@example.com', misspelt), {
      message: 'signInAs has no option "polcy"; did you mean "policy"?',
    });
    for (const other of [{}, undefined, 'http://localhost:9', { request: {} }, { get: 1 }]) {
      await assert.rejects(signInAs(other as never, 'alice@example.com'), {
        message: /^signInAs\(browser, …\) wants createClient\(url\), /,
      });
    }
  });

  test('runs the policy it is told', async (t) => {
    const config = { policies: { custom: { name: 'B2C_1A_signup_signin', signsIn: true } } };
    const app = await startApp(t, { config });
    const { user } = await me(app, (c) => signInAs(c, 'alice@example.com', { policy: 'custom' }));
    assert.equal(user.claims.acr, 'b2c_1a_signup_signin');
  });

  test('goes through a reset of the password to the sign-in behind it', async (t) => {
    const app = await startApp(t);
    const { user } = await me(app, (c) =>
      signInAs(c, 'alice@example.com', { policy: 'resetPassword' }),
    );
    assert.equal(user.claims.tfp, 'B2C_1_susi');
  });

  test('finds the routes below another prefix', async (t) => {
    const app = await startApp(t, { config: { routes: { prefix: '/konto' } } });
    const client = createClient(app.url);
    await signInAs(client, 'alice@example.com', { prefix: '/konto' });
    assert.equal((await client.get('/konto/token_details')).status, 200);
  });

  const failures: [string, Parameters<typeof signInAs>[1], object, RegExp][] = [
    [
      'an account that there is not',
      'eve@example.com',
      {},
      /eve@example\.com: 404 .*alice@example/,
    ],
    ['a policy that there is not', 'a', { policy: 'none' }, /at \/auth\/policy\/none with 404/],
  ];
  for (const [what, account, options, message] of failures) {
    test(`says what is wrong: ${what}`, async (t) => {
      const app = await startApp(t);
      await assert.rejects(signInAs(createClient(app.url), account, options), { message });
    });
  }

  test('says what is wrong: a sign-in that the application refuses, without its code', async (t) => {
    const app = await startApp(t);
    await app.control.fault('wrong_nonce');
    await assert.rejects(signInAs(createClient(app.url), 'alice@example.com'), {
      message: 'the sign-in of alice@example.com ended at /auth/redirect with 502',
    });
  });

  test('says what is wrong: a tenant that is a real one', async (t) => {
    const tenant = await startServer(t, (_request, response) => response.writeHead(404).end('no'));
    const app = await startServer(t, (_request, response) =>
      response.writeHead(302, { location: `${tenant}/b2c_1_susi/oauth2/v2.0/authorize` }).end(),
    );
    await assert.rejects(signInAs(createClient(app), 'alice@example.com'), {
      message: `${tenant} does not sign in alice@example.com: 404 no`,
    });
  });
});

describe('createClient', () => {
  test('asks as a browser does for a page, and follows no redirect', async (t) => {
    const app = await mountApp(
      t,
      async (own, request, response) => {
        await own.requireUser()(request, response, () => response.end('in'));
      },
      { config: { signedOutPages: 'redirect' } },
    );
    const answer = await createClient(app.url).get('/orders');
    assert.equal(answer.status, 302);
    assert.equal(answer.headers.get('location'), '/auth/sign_in?return_to=%2Forders');
  });

  test('keeps cookies until they end, and shows them to no other host', async (t) => {
    const seen: string[] = [];
    const lines: Record<string, string[]> = {
      '/set': ['a=1; Path=/', 'b=x=y; Max-Age=60', 'c=3; Expires=Wed, 01 Jan 2098 00:00:00 GMT'],
      '/end': ['a=; Max-Age=0', 'c=; Expires=Thu, 01 Jan 1970 00:00:00 GMT'],
    };
    const listener: RequestListener = (request, response) => {
      seen.push(request.headers.cookie ?? 'none');
      response.writeHead(200, { 'set-cookie': lines[request.url ?? ''] ?? [] }).end();
    };
    const client = createClient(await startServer(t, listener));
    const other = await startServer(t, listener);
    for (const path of ['/set', '/end', `${other}/set`, '/']) await client.get(path);
    assert.deepEqual(seen, ['none', 'a=1; b=x=y; c=3', 'none', 'b=x=y']);
  });
});

describe('startEmulator', () => {
  let emulator: TestEmulator;
  before(async () => {
    emulator = await startEmulator({
      accounts: [{ email: 'carol@example.com' }],
      policies: [{ name: 'B2C_1A_Company' }, { name: 'B2C_1_Reset', kind: 'resetPassword' }],
    });
  });
  after(() => emulator.close());

  test('configures the policies that it has, and a secret of its own each time', () => {
    const first = emulator.configFor('http://localhost:3000');
    assert.deepEqual(first.policies, { signIn: 'B2C_1A_Company', resetPassword: 'B2C_1_Reset' });
    const second = emulator.configFor('http://localhost:3000');
    assert.notDeepEqual(first.session.secrets, second.session.secrets);
  });
});
