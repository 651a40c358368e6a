import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SESSION_FORMAT, type Session, type SessionStore } from '../../dist/session/session.js';
import { type Clock, createClock } from '../support/clock.js';

type Content = { name: string };

/** What every store of sessions has to do; `create` makes an empty one that goes by `clock`. */
export function storeContract(
  kind: string,
  create: (clock: Clock) => Promise<SessionStore<Content>> | SessionStore<Content>,
): void {
  const setUp = async () => {
    const clock = createClock();
    const session = (name: string, idleMs = 60_000): Session<Content> => ({
      format: SESSION_FORMAT,
      content: { name },
      idleExpiresAt: clock.now() + idleMs,
      expiresAt: clock.now() + 600_000,
    });
    return { clock, session, store: await create(clock) };
  };

  test(`${kind}: what was saved is loaded, under its own id alone`, async () => {
    const { store, session } = await setUp();
    await store.save('a', session('Ada'));
    await store.save('b', session('Bob'));
    assert.deepEqual(await store.load('a'), session('Ada'));
    assert.deepEqual(await store.load('b'), session('Bob'));
    for (const id of ['c', '', '__proto__', 'a ']) assert.equal(await store.load(id), undefined);
  });

  test(`${kind}: a session that is still there can be replaced`, async () => {
    const { store, session } = await setUp();
    await store.save('a', session('Ada'));
    assert.equal(await store.replace('a', session('Ada Lovelace')), true);
    assert.deepEqual((await store.load('a'))?.content, { name: 'Ada Lovelace' });
  });

  test(`${kind}: a session that has ended is not revived by a late writer`, async () => {
    const { store, session } = await setUp();
    await store.save('a', session('Ada'));
    await store.destroy('a');
    assert.equal(await store.replace('a', session('Ada')), false);
    assert.equal(await store.load('a'), undefined);
  });

  test(`${kind}: destroying twice, or what never was, is no error`, async () => {
    const { store, session } = await setUp();
    await store.save('a', session('Ada'));
    await store.destroy('a');
    await store.destroy('a');
    await store.destroy('never');
    assert.equal(await store.load('a'), undefined);
  });
}
