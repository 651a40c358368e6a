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

test('fifty who need it at once make one load', async () => {
  const { source, copy } = setUp();
  const values = await Promise.all(Array.from({ length: 50 }, () => copy.get()));
  assert.equal(source.loads, 1);
  assert.deepEqual(new Set(values), new Set(['first']));
});

test('a failed load is tried again, but not within the pause', async () => {
  const { source, copy, clock } = setUp();
  source.fails = true;
  await assert.rejects(copy.get(), { message: 'down' });
  await assert.rejects(copy.get(), { message: 'down' });
  assert.equal(source.loads, 1);
  source.fails = false;
  clock.forwardSeconds(1);
  assert.equal(await copy.get(), 'first');
});

test('an old copy is renewed behind the answer', async () => {
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

test('through an outage of days the last good copy stays', async () => {
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

test('a renewal loads at once the first time, and then once in its period', async () => {
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

test('who asks for a renewal while one is under way gets what it brings', async () => {
  const { source, copy } = setUp();
  await copy.get();
  source.value = 'second';
  const values = await Promise.all(Array.from({ length: 20 }, () => copy.renew()));
  assert.deepEqual(new Set(values), new Set(['second']));
  assert.equal(source.loads, 2);
});

test('an old copy that cannot be renewed is not tried again for a minute', async () => {
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

test('renewing what was never loaded says why it cannot be', async () => {
  const { source, copy } = setUp();
  source.fails = true;
  await assert.rejects(copy.renew(), { message: 'down' });
  assert.equal(copy.peek(), undefined);
});
