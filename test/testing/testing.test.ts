// The public test kit. test/package tests it with other tools.
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
  test('signs the account in with the given claims', async (t) => {
    const app = await startApp(t);
    const claims = { extension_Role: 'admin', name: 'Bobby' };
    const { signedIn, user } = await me(app, (c) => signInAs(c, 'bob@example.com', { claims }));
    assert.equal(signedIn, true);
    assert.equal(user.email, 'bob@example.com');
    assert.equal(user.name, 'Bobby');
    assert.equal(user.claims.extension_Role, 'admin');
  });

  test('rejects an unknown option, and an argument that is not a client', async () => {
    const client = createClient('http://localhost:9');
    const misspelt = { polcy: 'custom' } as object;
    await assert.rejects(signInAs(client, 'alice@example.com', misspelt), {
      message: 'signInAs has no option "polcy"; did you mean "policy"?',
    });
    for (const invalid of [{}, undefined, 'http://localhost:9', { request: {} }, { get: 1 }]) {
      await assert.rejects(signInAs(invalid as never, 'alice@example.com'), {
        message: /^signInAs\(client, …\) requires createClient\(url\), /,
      });
    }
  });

  test('runs the given policy', async (t) => {
    const config = { policies: { custom: { name: 'B2C_1A_signup_signin', signsIn: true } } };
    const app = await startApp(t, { config });
    const { user } = await me(app, (c) => signInAs(c, 'alice@example.com', { policy: 'custom' }));
    assert.equal(user.claims.acr, 'b2c_1a_signup_signin');
  });

  test('opens the link of an invitation', async (t) => {
    const emulator = {
      policies: [
        { name: 'B2C_1_susi' },
        { name: 'B2C_1A_invite', idTokenHint: { secret: 'shared', required: true } },
      ],
    };
    const policies = {
      signIn: 'B2C_1_susi',
      editProfile: undefined,
      resetPassword: undefined,
      invite: { name: 'B2C_1A_invite', signsIn: true, passThrough: ['id_token_hint'] },
    };
    const app = await startApp(t, { emulator, config: { policies } });
    const made = await fetch(`${app.emulator.url}/_emulator/id-token-hint`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ policy: 'B2C_1A_invite', claims: { loyaltyId: '4711' } }),
    });
    const { idTokenHint } = (await made.json()) as { idTokenHint: string };
    const parameters = { id_token_hint: idTokenHint };
    const { user } = await me(app, (c) =>
      signInAs(c, 'alice@example.com', { policy: 'invite', parameters }),
    );
    assert.equal(user.claims.loyaltyId, '4711');
  });

  test('follows a password reset to the sign-in policy', async (t) => {
    const app = await startApp(t);
    const { user } = await me(app, (c) =>
      signInAs(c, 'alice@example.com', { policy: 'resetPassword' }),
    );
    assert.equal(user.claims.tfp, 'B2C_1_susi');
  });

  test('uses the given route prefix', async (t) => {
    const app = await startApp(t, { config: { routes: { prefix: '/konto' } } });
    const client = createClient(app.url);
    await signInAs(client, 'alice@example.com', { prefix: '/konto' });
    assert.equal((await client.get('/konto/token_details')).status, 200);
  });

  const failures: [string, Parameters<typeof signInAs>[1], object, RegExp][] = [
    ['an unknown account', 'eve@example.com', {}, /eve@example\.com: 404 .*alice@example/],
    ['an unknown policy', 'a', { policy: 'none' }, /at \/auth\/policy\/none with 404/],
  ];
  for (const [what, account, options, message] of failures) {
    test(`reports ${what}`, async (t) => {
      const app = await startApp(t);
      await assert.rejects(signInAs(createClient(app.url), account, options), { message });
    });
  }

  test('reports a sign-in that the application rejects, without its code', async (t) => {
    const app = await startApp(t);
    await app.control.fault('wrong_nonce');
    await assert.rejects(signInAs(createClient(app.url), 'alice@example.com'), {
      message: 'the sign-in of alice@example.com ended at /auth/redirect with 502',
    });
  });

  test('reports a tenant that is not an emulator', async (t) => {
    const tenant = await startServer(t, (_request, response) => response.writeHead(404).end('no'));
    const app = await startServer(t, (_request, response) =>
      response.writeHead(302, { location: `${tenant}/b2c_1_susi/oauth2/v2.0/authorize` }).end(),
    );
    await assert.rejects(signInAs(createClient(app), 'alice@example.com'), {
      message: `${tenant} did not sign in alice@example.com: 404 no`,
    });
  });
});

describe('createClient', () => {
  test('sends the headers of a page navigation, and follows no redirect', async (t) => {
    const app = await mountApp(
      t,
      async (mounted, request, response) => {
        await mounted.requireUser()(request, response, () => response.end('in'));
      },
      { config: { signedOutPages: 'redirect' } },
    );
    const answer = await createClient(app.url).get('/orders');
    assert.equal(answer.status, 302);
    assert.equal(answer.headers.get('location'), '/auth/sign_in?return_to=%2Forders');
  });

  test('keeps cookies until they expire, and sends them to their host only', async (t) => {
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

  test('configures its policies, with a new session secret each time', () => {
    const first = emulator.configFor('http://localhost:3000');
    assert.deepEqual(first.policies, { signIn: 'B2C_1A_Company', resetPassword: 'B2C_1_Reset' });
    const second = emulator.configFor('http://localhost:3000');
    assert.notDeepEqual(first.session.secrets, second.session.secrets);
  });
});
