import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { sharedApp, startApp } from '../support/app.js';

describe('the provider', () => {
  const started = sharedApp();

  describe('invalid metadata prevents sign-in until it is valid:', () => {
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

  test('all policies must belong to one tenant, also without a configured tenant ID', async (t) => {
    const app = await startApp(t, {
      faultsAtStart: [{ fault: 'discovery_other_tenant', policy: 'B2C_1_edit_profile' }],
    });
    await app.signedIn();
    const answer = await app.browser().get('/auth/edit_profile');
    assert.equal(answer.status, 502);
  });

  test('the server is ready when metadata and keys of every policy are loaded', async (t) => {
    const app = await startApp(t);
    const browser = app.browser();
    for (let i = 0; i < 100 && (await browser.get('/readyz')).status !== 200; i += 1) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    assert.deepEqual(JSON.parse((await browser.get('/readyz')).body), { status: 'ready' });
  });

  test('unavailable signing keys fail the first sign-in, and the next one works', async (t) => {
    let offset = 0;
    const app = await startApp(t, {
      now: () => Date.now() + offset,
      faultsAtStart: [{ fault: 'keys_500', policy: 'B2C_1_susi' }],
    });
    const { status, location } = await app.browser().get('/auth/sign_in');
    assert.deepEqual([status, location], [503, ''], 'the tenant could not sign the user in');
    await app.control.noFaults();
    offset = 2_000;
    await app.signedIn();
  });

  test('an outage of the keys does not affect sign-ins with a known key', async (t) => {
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

  test('a new signing key is accepted immediately', async (t) => {
    const app = await startApp(t);
    await app.signedIn();
    await app.control.rotateKeys(false);
    await app.signedIn();
    const browser = app.browser();
    const { location } = await browser.get('/auth/sign_in');
    const callback = await app.control.authorize(location, { as: 'alice@example.com' });
    assert.equal((await browser.get(callback)).status, 303);
  });

  test('many unknown keys cause one fetch', async (t) => {
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

  test('fifty sign-ins at start cause one fetch of each document', async (t) => {
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

  describe('a clock difference of', () => {
    for (const seconds of [-50, -31, -29, -10, 10, 29, 31, 50]) {
      test(`${seconds} seconds is accepted`, async () => {
        const app = started();
        await app.control.clock(seconds);
        await app.signedIn();
      });
    }
    for (const seconds of [-7_200, 600]) {
      test(`${seconds} seconds is rejected`, async () => {
        const app = started();
        await app.control.clock(seconds);
        await assert.rejects(app.signedIn(), /502/);
      });
    }
  });

  test('a token endpoint that does not respond fails one sign-in and delays no other request', async (t) => {
    const app = await startApp(t, { providerTimeoutMs: 4_000 });
    const browser = app.browser();
    const { location } = await browser.get('/auth/sign_in');
    const callback = await app.control.authorize(location, { as: 'alice@example.com' });
    await app.control.fault('token_hang', { times: 1 });
    const ended: string[] = [];
    const hanging = browser.get(callback).then((answer) => {
      ended.push('hanging');
      return answer;
    });
    assert.equal((await app.browser().get('/')).status, 200);
    await app.signedIn();
    ended.push('others');
    assert.equal((await hanging).status, 503);
    assert.deepEqual(ended, ['others', 'hanging']);
  });

  test('the log names a policy that the tenant does not have', async (t) => {
    const app = await startApp(t, { config: { policies: { editProfile: 'B2C_1_no_such' } } });
    assert.equal((await app.browser().get('/auth/edit_profile')).status, 502);
    const line = app.log.of('metadata_refused')[0];
    assert.match(String(line?.['detail']), /B2C_1_no_such: does the tenant have this policy\?/);
    await app.signedIn();
  });
});
