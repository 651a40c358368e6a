import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createMemoryStore } from '../../dist/session/memory-store.js';
import { createClock } from '../support/clock.js';
import { storeContract } from './store-contract.js';

storeContract('memory', ({ now }) => createMemoryStore({ maxSessions: 10, now }));

const until = (idleExpiresAt: number) => ({
  content: {},
  idleExpiresAt,
  expiresAt: idleExpiresAt + 60_000,
});

test('above its upper bound the session unused for longest goes', async () => {
  const { now } = createClock();
  const store = createMemoryStore({ maxSessions: 3, now });
  for (const id of ['a', 'b', 'c']) await store.save(id, until(now() + 1000));
  await store.replace('a', until(now() + 2000));
  await store.save('d', until(now() + 1000));
  assert.equal(await store.load('b'), undefined);
  for (const id of ['a', 'c', 'd']) assert.ok(await store.load(id), id);
});

test('expired sessions go as new ones come', async () => {
  const clock = createClock();
  const store = createMemoryStore({ maxSessions: 1000, now: clock.now });
  for (let i = 0; i < 100; i += 1) await store.save(`old-${i}`, until(clock.now() + 1000));
  clock.forwardSeconds(2);
  for (let i = 0; i < 50; i += 1) await store.save(`new-${i}`, until(clock.now() + 1000));
  for (let i = 0; i < 100; i += 1) assert.equal(await store.load(`old-${i}`), undefined);
  for (let i = 0; i < 50; i += 1) assert.ok(await store.load(`new-${i}`));
});
