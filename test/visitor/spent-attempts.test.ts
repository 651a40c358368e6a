import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSpentAttempts } from '../../dist/visitor/spent-attempts.js';
import { createClock } from '../support/clock.js';

test('a key comes for the first time once in its lifetime', () => {
  const clock = createClock();
  const first = createSpentAttempts({ lifetimeMs: 60_000, now: clock.now });
  assert.equal(first('a'), true);
  assert.equal(first('a'), false);
  assert.equal(first('b'), true);
  clock.forwardSeconds(59);
  assert.equal(first('a'), false);
  clock.forwardSeconds(1);
  assert.equal(first('a'), true);
});

test('above its upper bound the oldest key goes', () => {
  const first = createSpentAttempts({ lifetimeMs: 60_000, maxKeys: 3, now: createClock().now });
  for (const key of ['a', 'b', 'c', 'd']) assert.equal(first(key), true);
  for (const key of ['c', 'd']) assert.equal(first(key), false);
  assert.equal(first('a'), true);
});
