// One application, whose pages are those of test/clients/apps/hosts, in each framework.
import assert from 'node:assert/strict';
import { after, before, describe, type TestContext, test } from 'node:test';
import { signInAs, startEmulator, type TestEmulator } from '../../dist/testing/testing.js';
import { missingPackage } from './client-contract.js';
import { COMPRESSED, FRAMEWORKS, type HostOptions, startHost as startOn } from './hosts.js';

const ALICE = 'alice@example.com';

const skip = missingPackage('connect') ?? false;

let emulator: TestEmulator;
before(async () => {
  emulator = await startEmulator();
});
after(() => emulator.close());

const startHost = (
  t: TestContext,
  framework: string | typeof COMPRESSED,
  options: HostOptions = {},
) => startOn(t, emulator, { framework, ...options });

const form = (fields: Record<string, string> = {}) => ({
  method: 'POST',
  body: new URLSearchParams(fields),
});

for (const framework of Object.keys(FRAMEWORKS)) {
  describe(framework, { skip }, () => {
    test('keeps its own pages, its 404 and its forms for a visitor', async (t) => {
      const host = await startHost(t, framework);
      const client = host.client();
      const home = await client.get('/');
      assert.equal(await home.text(), 'home of the application');
      for (const path of ['/nowhere', '/sign_in_status', '/token_details', '/healthz', '/auth/x']) {
        const answer = await client.get(path);
        assert.equal(answer.status, 404, path);
        assert.equal(await answer.text(), 'not found, says the application', path);
      }
      const posted = await client.fetch('/form', form({ field: 'what was typed' }));
      assert.equal(await posted.text(), 'what was typed');
      const failed = await client.get('/token');
      assert.equal(failed.status, 500);
      assert.equal(await failed.text(), 'broken, says the application');
    });

    test('asks for sign-in, comes back, knows who it is, and signs out', async (t) => {
      const host = await startHost(t, framework, { signedOutPages: 'redirect' });
      const client = host.client();
      const asked = await client.get('/orders?page=2');
      assert.equal(asked.status, 302);
      assert.equal(asked.headers.get('location'), '/auth/sign_in?return_to=%2Forders%3Fpage%3D2');
      const script = await client.fetch('/orders', { headers: { 'sec-fetch-mode': 'cors' } });
      assert.equal(script.status, 401);

      await signInAs(client, ALICE);
      assert.equal(await (await client.get('/orders')).text(), 'orders of Alice Example');
      assert.equal(await (await client.get('/token')).text(), 'token string');

      const page = await client.get('/auth/sign_out');
      assert.match(await page.text(), /<form [^>]*method="post"/);
      assert.match(String(page.headers.get('content-security-policy')), /default-src 'none'/);
      const left = await client.fetch('/auth/sign_out', form());
      assert.equal(left.status, 200);
      assert.match(await left.text(), /oauth2\/v2\.0\/logout/);
      assert.equal((await client.get('/orders')).status, 302);
    });

    test('sends its own cookies with ours, and all of them', async (t) => {
      const host = await startHost(t, framework);
      const client = host.client();
      const start = await client.get('/auth/sign_in');
      const names = start.headers.getSetCookie().map((line) => line.split('=')[0] ?? '');
      const attempt = names.filter((name) => name.startsWith('b2c-attempt-'));
      const session = framework.startsWith('Express') ? ['own'] : [];
      assert.deepEqual(names.sort(), [...attempt, ...session, 'theme'].sort());
      assert.equal(attempt.length, 1);
      assert.equal(start.headers.get('cache-control'), 'no-store');
    });

    test('lets pass who has the claim, and answers the others itself', async (t) => {
      const host = await startHost(t, framework);
      const admin = host.client();
      await signInAs(admin, ALICE, { claims: { extension_Role: 'admin' } });
      assert.equal(await (await admin.get('/admin')).text(), 'for admins');
      const other = host.client();
      await signInAs(other, ALICE);
      const refused = await other.get('/admin');
      assert.equal(refused.status, 403);
      assert.match(await refused.text(), /Your account has no access/);
    });

    test('leaves us our forms, though a parser may have read them', async (t) => {
      const host = await startHost(t, framework);
      const [here, elsewhere] = [host.client(), host.client()];
      await signInAs(here, 'bob@example.com');
      await signInAs(elsewhere, 'bob@example.com');
      const sent = await here.fetch('/auth/sessions', form({ end: 'others' }));
      assert.equal(sent.status, 303);
      assert.equal((await here.get('/orders')).status, 200);
      assert.equal((await elsewhere.get('/orders')).status, 401);
      const left = await here.fetch('/auth/sign_out', form({ button: 'Sign out' }));
      assert.equal(left.status, 200);
    });

    test('answers its own errors, those behind the guard too', async (t) => {
      const host = await startHost(t, framework);
      const client = host.client();
      await signInAs(client, ALICE);
      const broken = await client.get('/broken');
      assert.equal(broken.status, 500);
      assert.equal(await broken.text(), 'broken, says the application');
    });
  });
}

const MOUNTS = Object.keys(FRAMEWORKS).filter((name) => name !== 'node:http');
for (const framework of MOUNTS) {
  test(`below a path all links and redirects are whole in ${framework}`, { skip }, async (t) => {
    const host = await startHost(t, framework, {
      mountedAt: '/account',
      routes: { prefix: '/account/auth' },
    });
    const client = host.client();
    const page = await client.get('/orders');
    assert.equal(page.status, 401);
    assert.match(await page.text(), /href="\/account\/auth\/sign_in\?return_to=%2Forders"/);
    await signInAs(client, ALICE, { prefix: '/account/auth' });
    assert.equal(await (await client.get('/orders')).text(), 'orders of Alice Example');
    const text = await (await client.get('/account/auth/sign_out')).text();
    const stylesheet = /href="(\/account\/auth\/assets\/[^"]+\.css)"/.exec(text)?.[1] ?? '';
    assert.equal((await client.get(stylesheet)).status, 200);
    assert.match(text, /action="\/account\/auth\/sign_out"/);
    assert.equal((await client.fetch('/account/auth/sign_out', form())).status, 200);
    assert.equal((await client.get('/orders')).status, 401);
    assert.equal((await client.get('/auth/sign_in')).status, 404);
  });
}

describe('beside helmet, compression and express-session', { skip }, () => {
  for (const framework of ['Express 4', 'Express 5']) {
    test(`${framework}: a page of ours keeps its own headers, is compressed, and whole`, async (t) => {
      const host = await startHost(t, framework);
      const answer = await fetch(`${host.url}/auth/post_sign_out`);
      assert.match(await answer.text(), /<\/html>\s*$/);
      assert.equal(answer.headers.get('content-encoding'), 'gzip');
      assert.doesNotMatch(
        String(answer.headers.get('content-security-policy')),
        /script-src 'self'/,
      );
      assert.equal(answer.headers.get('x-frame-options'), 'DENY');
      assert.equal(answer.headers.get('x-dns-prefetch-control'), 'off');
    });
  }
});

test('an old compression alone spoils no header', { skip }, async (t) => {
  const host = await startHost(t, COMPRESSED);
  const client = host.client();
  await signInAs(client, ALICE);
  const page = await client.get('/auth/token_details');
  assert.match(String(page.headers.get('content-security-policy')), /default-src 'none'/);
});
