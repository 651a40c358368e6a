import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createExpiringMap } from '../../dist/emulator/state/expiring-map.js';

test('expired entries are removed, and the oldest ones above the limit', () => {
  let time = 0;
  const map = createExpiringMap<number>({ lifetimeMs: 10, maxEntries: 3, now: () => time });
  for (const key of ['a', 'b', 'c', 'd']) map.set(key, time);
  assert.equal(map.size(), 3);
  assert.equal(map.get('a'), undefined);
  time = 9;
  map.set('b', time);
  time = 10;
  assert.equal(map.size(), 1);
  assert.equal(map.get('b'), 9);
});
