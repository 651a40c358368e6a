import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createFirstTimes } from '../../dist/session/first-times.js';
import { createClock } from '../support/clock.js';

test('a key comes for the first time once in its lifetime', () => {
  const clock = createClock();
  const isFirst = createFirstTimes({ now: clock.now });
  assert.equal(isFirst('a', 60_000), true);
  assert.equal(isFirst('a', 60_000), false);
  assert.equal(isFirst('b', 60_000), true);
  clock.forwardSeconds(59);
  assert.equal(isFirst('a', 60_000), false);
  clock.forwardSeconds(1);
  assert.equal(isFirst('a', 60_000), true);
});

test('above its upper bound the oldest key goes', () => {
  const isFirst = createFirstTimes({ maxKeys: 3, now: createClock().now });
  for (const key of ['a', 'b', 'c', 'd']) assert.equal(isFirst(key, 60_000), true);
  for (const key of ['c', 'd']) assert.equal(isFirst(key, 60_000), false);
  assert.equal(isFirst('a', 60_000), true);
});
