import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createReplayCache } from '../../dist/session/replay-cache.js';
import { createClock } from '../support/clock.js';

test('a key is accepted once in its lifetime', () => {
  const clock = createClock();
  const claimOnce = createReplayCache({ now: clock.now });
  assert.equal(claimOnce('a', 60_000), true);
  assert.equal(claimOnce('a', 60_000), false);
  assert.equal(claimOnce('b', 60_000), true);
  clock.forwardSeconds(59);
  assert.equal(claimOnce('a', 60_000), false);
  clock.forwardSeconds(1);
  assert.equal(claimOnce('a', 60_000), true);
});

test('above the limit, the oldest key is forgotten', () => {
  const claimOnce = createReplayCache({ maxKeys: 3, now: createClock().now });
  for (const key of ['a', 'b', 'c', 'd']) assert.equal(claimOnce(key, 60_000), true);
  for (const key of ['c', 'd']) assert.equal(claimOnce(key, 60_000), false);
  assert.equal(claimOnce('a', 60_000), true);
});
