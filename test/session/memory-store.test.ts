import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createMemoryStore } from '../../dist/session/memory-store.js';
import { SESSION_FORMAT } from '../../dist/session/session.js';
import { createClock } from '../support/clock.js';
import { storeContract } from './store-contract.js';

storeContract('memory', ({ now }) => createMemoryStore({ maxSessions: 10, now }));

const until = (idleExpiresAt: number, { group = '', revision = 1 } = {}) => ({
  format: SESSION_FORMAT,
  revision,
  content: '',
  groups: [group],
  startedAt: 0,
  idleExpiresAt,
  expiresAt: idleExpiresAt + 60_000,
});

test('above the limit, the least recently used session ends', async () => {
  const { now } = createClock();
  const store = createMemoryStore({ maxSessions: 3, now });
  for (const id of ['a', 'b', 'c']) await store.save(id, until(now() + 1000));
  await store.replace('a', until(now() + 2000, { revision: 2 }));
  await store.save('d', until(now() + 1000));
  assert.equal(await store.load('b'), undefined);
  for (const id of ['a', 'c', 'd']) assert.ok(await store.load(id), id);
});

test('saving a session removes expired ones', async () => {
  const clock = createClock();
  const store = createMemoryStore({ maxSessions: 1000, now: clock.now });
  for (let i = 0; i < 100; i += 1) await store.save(`old-${i}`, until(clock.now() + 1000));
  clock.forwardSeconds(2);
  for (let i = 0; i < 50; i += 1) await store.save(`new-${i}`, until(clock.now() + 1000));
  for (let i = 0; i < 100; i += 1) assert.equal(await store.load(`old-${i}`), undefined);
  for (let i = 0; i < 50; i += 1) assert.ok(await store.load(`new-${i}`));
});

test('above the limit of a group, its least recently used session ends, and none of another group', async () => {
  const { now } = createClock();
  const store = createMemoryStore({ maxSessions: 1000, maxPerGroup: 3, now });
  const save = (id: string, group: string) => store.save(id, until(now() + 1000, { group }));
  await save('bob', 'Bob');
  for (const id of ['a', 'b', 'c']) await save(id, 'Ada');
  await store.replace('a', until(now() + 2000, { group: 'Ada', revision: 2 }));
  for (const id of ['d', 'e']) await save(id, 'Ada');
  for (const id of ['b', 'c']) assert.equal(await store.load(id), undefined, id);
  for (const id of ['bob', 'a', 'd', 'e']) assert.ok(await store.load(id), id);
  await store.destroy('d');
  await save('f', 'Ada');
  for (const id of ['a', 'e', 'f']) assert.ok(await store.load(id), id);
});

test('the CPU time per session does not depend on the number of sessions, of one user or of all', async () => {
  const timePerSession = async (count: number) => {
    const store = createMemoryStore({ maxSessions: count, maxPerGroup: count / 2 });
    const begun = process.cpuUsage();
    for (let i = 0; i < 2 * count; i += 1) {
      await store.save(`${i}`, until(Date.now() + 60_000, { group: i % 3 ? 'Ada' : `user ${i}` }));
    }
    const { user, system } = process.cpuUsage(begun);
    return (user + system) / count;
  };
  await timePerSession(1_000);
  const [few, many] = [await timePerSession(2_000), await timePerSession(50_000)];
  // A search through all of them would take twenty-five times as long.
  assert.ok(many < 10 * few, `${many} against ${few}`);
});
