import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SESSION_FORMAT, type Session, type SessionStore } from '../../dist/session/session.js';
import { type Clock, createClock } from '../support/clock.js';
import { until } from '../support/redis.js';

type Content = { name: string };

/** The tests that every session store passes. `create` makes an empty store that uses `clock`. */
export function storeContract(
  kind: string,
  create: (clock: Clock) => Promise<SessionStore<Content>> | SessionStore<Content>,
  options: { skip?: string | false } = {},
): void {
  const must = (what: string, run: () => Promise<void>) => test(`${kind}: ${what}`, options, run);
  const setUp = async () => {
    const clock = createClock();
    const session = (name: string, revision = 1, groups = [name]): Session<Content> => ({
      format: SESSION_FORMAT,
      revision,
      content: { name },
      groups,
      startedAt: clock.now(),
      idleExpiresAt: clock.now() + 60_000,
      expiresAt: clock.now() + 600_000,
    });
    return { clock, session, store: await create(clock) };
  };

  must('a saved session is loaded with its key, and with no other', async () => {
    const { store, session } = await setUp();
    await store.save('a', session('Ada'));
    await store.save('b', session('Bob'));
    assert.deepEqual(await store.load('a'), session('Ada'));
    assert.deepEqual(await store.load('b'), session('Bob'));
    for (const id of ['c', '', '__proto__', 'a ']) assert.equal(await store.load(id), undefined);
  });

  must('a session is replaced by its next revision', async () => {
    const { store, session } = await setUp();
    await store.save('a', session('Ada'));
    assert.equal(await store.replace('a', session('Ada Lovelace', 2)), true);
    assert.deepEqual((await store.load('a'))?.content, { name: 'Ada Lovelace' });
  });

  must('a writer that has not seen a change does not undo it', async () => {
    const { store, session } = await setUp();
    await store.save('a', session('Ada'));
    assert.equal(await store.replace('a', session('Ada Lovelace', 2)), true);
    assert.equal(await store.replace('a', session('Ada Byron', 2)), false);
    assert.deepEqual((await store.load('a'))?.content, { name: 'Ada Lovelace' });
  });

  must('a late writer does not restore a session that has ended', async () => {
    const { store, session } = await setUp();
    await store.save('a', session('Ada'));
    await store.destroy('a');
    for (const revision of [1, 2]) {
      assert.equal(await store.replace('a', session('Ada', revision)), false);
    }
    assert.equal(await store.load('a'), undefined);
  });

  must('destroying a session twice, or one that never existed, is not an error', async () => {
    const { store, session } = await setUp();
    await store.save('a', session('Ada'));
    await store.destroy('a');
    await store.destroy('a');
    await store.destroy('never');
    assert.equal(await store.load('a'), undefined);
  });

  must('the sessions of a group are listed until they end', async () => {
    const { store, session } = await setUp();
    await store.save('a', session('Ada', 1, ['Ada', 'both']));
    await store.save('b', session('Bob', 1, ['Bob', 'both']));
    await store.save('c', session('Ada'));
    const keysOf = async (group: string) => (await store.keysOf(group)).sort();
    assert.deepEqual(await keysOf('Ada'), ['a', 'c']);
    assert.deepEqual(await keysOf('both'), ['a', 'b']);
    await store.replace('a', session('Ada', 2, ['Ada', 'both']));
    assert.deepEqual(await keysOf('Ada'), ['a', 'c']);
    await store.destroy('a');
    assert.deepEqual(await keysOf('Ada'), ['c']);
    assert.deepEqual(await keysOf('both'), ['b']);
    for (const group of ['nobody', '', '__proto__']) assert.deepEqual(await keysOf(group), []);
  });

  must('one holder at a time has a lock, and can release it', async () => {
    const { store } = await setUp();
    const release = await store.lock('a', 60_000);
    assert.ok(release);
    assert.equal(await store.lock('a', 60_000), undefined);
    assert.ok(await store.lock('b', 60_000), 'another one is free');
    await release();
    assert.ok(await store.lock('a', 60_000));
    await release();
    assert.equal(await store.lock('a', 60_000), undefined, 'a holder releases only its own lock');
  });

  must('the lock of a holder that has died expires', async () => {
    const { store, clock } = await setUp();
    assert.ok(await store.lock('a', 2_000));
    assert.equal(await store.lock('a', 2_000), undefined);
    clock.forwardSeconds(2);
    await until(async () => (await store.lock('a', 2_000)) !== undefined);
  });

  must('of concurrent changes of one revision, one succeeds', async () => {
    const { store, session } = await setUp();
    await store.save('a', session('Ada'));
    const names = Array.from({ length: 20 }, (_, i) => `Ada ${i}`);
    const outcomes = await Promise.all(names.map((name) => store.replace('a', session(name, 2))));
    assert.equal(outcomes.filter(Boolean).length, 1);
    const winner = names[outcomes.indexOf(true)];
    assert.deepEqual((await store.load('a'))?.content, { name: winner });
  });

  must('a key is claimed once in its lifetime', async () => {
    const { store, clock } = await setUp();
    const claim = () => store.claimOnce('a', 60_000);
    const outcomes = await Promise.all(Array.from({ length: 20 }, claim));
    assert.equal(outcomes.filter(Boolean).length, 1);
    assert.equal(await store.claimOnce('b', 100), true);
    clock.forwardSeconds(0.1);
    await new Promise((resolve) => setTimeout(resolve, 150));
    assert.equal(await claim(), false);
    assert.equal(await store.claimOnce('b', 100), true);
  });

  must('it is reachable', async () => {
    const { store } = await setUp();
    assert.equal(await store.isReachable(), true);
  });
}
