import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createCachedDocument } from '../../dist/oidc/cached-document.js';
import { createClock } from '../support/clock.js';

function setUp() {
  const clock = createClock();
  const source = { loads: 0, fails: false, value: 'first' };
  const copy = createCachedDocument({
    load: async () => {
      source.loads += 1;
      await new Promise(setImmediate);
      if (source.fails) throw new Error('down');
      return source.value;
    },
    maxAgeMs: 86_400_000,
    retryMs: 1_000,
    renewalMs: 10_000,
    now: clock.now,
  });
  return { clock, source, copy };
}

const settled = async () => {
  for (let turn = 0; turn < 3; turn += 1) await new Promise(setImmediate);
};

test('fifty concurrent callers share one load', async () => {
  const { source, copy } = setUp();
  const values = await Promise.all(Array.from({ length: 50 }, () => copy.get()));
  assert.equal(source.loads, 1);
  assert.deepEqual(new Set(values), new Set(['first']));
});

test('a failed load is retried after the pause', async () => {
  const { source, copy, clock } = setUp();
  source.fails = true;
  await assert.rejects(copy.get(), { message: 'down' });
  await assert.rejects(copy.get(), { message: 'down' });
  assert.equal(source.loads, 1);
  source.fails = false;
  clock.forwardSeconds(1);
  assert.equal(await copy.get(), 'first');
});

test('an old copy is returned at once and reloaded in the background', async () => {
  const { source, copy, clock } = setUp();
  await copy.get();
  source.value = 'second';
  clock.forwardSeconds(86_399);
  assert.equal(await copy.get(), 'first');
  assert.equal(source.loads, 1);
  clock.forwardSeconds(1);
  assert.equal(await copy.get(), 'first');
  await settled();
  assert.equal(await copy.get(), 'second');
});

test('the last good copy stays during an outage of days', async () => {
  const { source, copy, clock } = setUp();
  await copy.get();
  source.fails = true;
  for (let day = 0; day < 5; day += 1) {
    clock.forwardSeconds(86_400);
    assert.equal(await copy.get(), 'first');
    await settled();
    assert.equal(await copy.renew(), 'first');
  }
  assert.equal(copy.peek(), 'first');
});

test('the first renewal loads at once, later ones once per period', async () => {
  const { source, copy, clock } = setUp();
  await copy.get();
  source.value = 'second';
  assert.equal(await copy.renew(), 'second');
  source.value = 'third';
  for (let i = 0; i < 100; i += 1) assert.equal(await copy.renew(), 'second');
  assert.equal(source.loads, 2);
  clock.forwardSeconds(10);
  assert.equal(await copy.renew(), 'third');
});

test('concurrent renewals share one load', async () => {
  const { source, copy } = setUp();
  await copy.get();
  source.value = 'second';
  const values = await Promise.all(Array.from({ length: 20 }, () => copy.renew()));
  assert.deepEqual(new Set(values), new Set(['second']));
  assert.equal(source.loads, 2);
});

test('a failed reload of an old copy is retried after a minute', async () => {
  const { source, copy, clock } = setUp();
  await copy.get();
  source.fails = true;
  clock.forwardSeconds(86_400);
  await copy.get();
  await settled();
  clock.forwardSeconds(59);
  await copy.get();
  assert.equal(source.loads, 2);
  clock.forwardSeconds(1);
  await copy.get();
  assert.equal(source.loads, 3);
});

test('a renewal without a copy throws the error of the load', async () => {
  const { source, copy } = setUp();
  source.fails = true;
  await assert.rejects(copy.renew(), { message: 'down' });
  assert.equal(copy.peek(), undefined);
});
