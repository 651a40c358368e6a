import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { startApp } from '../support/app.js';

describe('metadata that is not in order lets nobody sign in, until it is', () => {
  const rows: [fault: string, status: number][] = [
    ['discovery_500', 503],
    ['discovery_garbage', 502],
    ['discovery_huge', 502],
    ['discovery_wrong_issuer', 502],
    ['discovery_other_tenant', 502],
    ['discovery_foreign_endpoint', 502],
  ];
  for (const [fault, status] of rows) {
    test(fault, async (t) => {
      let offset = 0;
      const tenantId = 'f0b6e55f-0000-4000-8000-000000000001';
      const app = await startApp(t, {
        config: { tenant: { tenantId } },
        now: () => Date.now() + offset,
        faultsAtStart: [{ fault }],
      });
      const browser = app.browser();
      const answer = await browser.get('/auth/sign_in');
      assert.equal(answer.status, status, answer.body);
      assert.deepEqual(answer.setCookies, []);
      assert.equal((await browser.get('/')).status, 200);
      assert.equal((await browser.get('/healthz')).status, 200);
      const readiness = await browser.get('/readyz');
      assert.equal(readiness.status, 503);
      assert.ok(JSON.parse(readiness.body).policies.includes('signIn'));
      await app.control.noFaults();
      offset = 2_000;
      await app.signedIn();
    });
  }
});

test('all policies must belong to one tenant, also when none is configured', async (t) => {
  const app = await startApp(t, {
    faultsAtStart: [{ fault: 'discovery_other_tenant', policy: 'B2C_1_edit_profile' }],
  });
  await app.signedIn();
  const answer = await app.browser().get('/auth/edit_profile');
  assert.equal(answer.status, 502);
});

test('readiness comes when metadata and keys of every policy are there', async (t) => {
  const app = await startApp(t);
  const browser = app.browser();
  for (let i = 0; i < 100 && (await browser.get('/readyz')).status !== 200; i += 1) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  assert.deepEqual(JSON.parse((await browser.get('/readyz')).body), { status: 'ready' });
});

test('signing keys that cannot be had at the first sign-in refuse it, and the next works', async (t) => {
  let offset = 0;
  const app = await startApp(t, {
    now: () => Date.now() + offset,
    faultsAtStart: [{ fault: 'keys_500', policy: 'B2C_1_susi' }],
  });
  const browser = app.browser();
  const { location } = await browser.get('/auth/sign_in');
  const callback = await app.control.authorize(location, { as: 'alice@example.com' });
  assert.equal((await browser.get(callback)).status, 503);
  await app.control.noFaults();
  offset = 2_000;
  await app.signedIn();
});

test('an outage of the keys stops no sign-in with a key that is known', async (t) => {
  let offset = 0;
  const app = await startApp(t, { now: () => Date.now() + offset });
  await app.signedIn();
  for (const fault of ['keys_500', 'keys_garbage', 'keys_empty']) {
    await app.control.fault(fault);
    offset += 20_000;
    await app.signedIn();
    await app.control.noFaults();
  }
});

test('a key that was changed a moment ago is accepted', async (t) => {
  const app = await startApp(t);
  await app.signedIn();
  await app.control.rotateKeys(false);
  await app.signedIn();
  const browser = app.browser();
  const { location } = await browser.get('/auth/sign_in');
  const callback = await app.control.authorize(location, { as: 'alice@example.com' });
  assert.equal((await browser.get(callback)).status, 303);
});

test('a flood of unknown keys makes one fetch', async (t) => {
  const app = await startApp(t);
  await app.signedIn();
  const before = await app.control.count('keys');
  await app.control.fault('unknown_kid');
  for (let i = 0; i < 10; i += 1) {
    const browser = app.browser();
    const { location } = await browser.get('/auth/sign_in');
    const callback = await app.control.authorize(location, { as: 'alice@example.com' });
    assert.equal((await browser.get(callback)).status, 502);
  }
  assert.equal((await app.control.count('keys')) - before, 1);
});

test('fifty cold sign-ins make one fetch of each document', async (t) => {
  // A busy machine needs longer than the default for fifty at once.
  const app = await startApp(t, { providerTimeoutMs: 120_000 });
  const starts = await Promise.all(
    Array.from({ length: 50 }, async () => {
      const browser = app.browser();
      const { location } = await browser.get('/auth/sign_in');
      return {
        browser,
        callback: await app.control.authorize(location, { as: 'bob@example.com' }),
      };
    }),
  );
  const ends = await Promise.all(starts.map(({ browser, callback }) => browser.get(callback)));
  assert.deepEqual(new Set(ends.map(({ status }) => status)), new Set([303]));
  // Three policies, each with its own metadata and keys.
  assert.equal(await app.control.count('discovery'), 3);
  assert.equal(await app.control.count('keys'), 3);
});

describe('clocks may differ by a minute', () => {
  for (const seconds of [-50, -31, -29, -10, 10, 29, 31, 50]) {
    test(`${seconds} seconds are accepted`, async (t) => {
      const app = await startApp(t);
      await app.control.clock(seconds);
      await app.signedIn();
    });
  }
  for (const seconds of [-7_200, 600]) {
    test(`${seconds} seconds are not`, async (t) => {
      const app = await startApp(t);
      await app.control.clock(seconds);
      await assert.rejects(app.signedIn(), /502/);
    });
  }
});

test('a provider that hangs holds a sign-in up for seconds, not for ever, and nobody else', async (t) => {
  const app = await startApp(t);
  const browser = app.browser();
  const { location } = await browser.get('/auth/sign_in');
  const callback = await app.control.authorize(location, { as: 'alice@example.com' });
  await app.control.fault('token_hang', { times: 1 });
  let isHanging = true;
  const hanging = browser.get(callback).finally(() => {
    isHanging = false;
  });
  assert.equal((await app.browser().get('/')).status, 200);
  await app.signedIn();
  assert.equal(isHanging, true, 'the others came after it');
  assert.equal((await hanging).status, 503);
});

test('a policy that the tenant does not have is named in the log', async (t) => {
  const app = await startApp(t, { config: { policies: { editProfile: 'B2C_1_no_such' } } });
  assert.equal((await app.browser().get('/auth/edit_profile')).status, 502);
  const line = app.log.of('metadata_refused')[0];
  assert.match(String(line?.['detail']), /B2C_1_no_such: does the tenant have this policy\?/);
  await app.signedIn();
});
