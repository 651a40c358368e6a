import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createMemoryStore } from '../../dist/session/memory-store.js';
import { createSessions } from '../../dist/session/session.js';
import type { SessionContent } from '../../dist/visitor/browser-sessions.js';
import { createRefreshLock } from '../../dist/visitor/refresh-lock.js';
import { recordLog } from '../support/log.js';

/** A session in which a refresh is in this state, and how often it is loaded. */
async function setUp(refreshState: 'inFlight' | 'unanswered' | undefined) {
  const store = createMemoryStore<SessionContent>({ maxSessions: 10 });
  let loads = 0;
  const sessions = createSessions<SessionContent>({
    store: {
      ...store,
      load(key) {
        loads += 1;
        return store.load(key);
      },
    },
    ...{ log: recordLog(), idleMs: 60_000, absoluteMs: 60_000 },
  });
  const content = { tokens: { refreshState } } as unknown as SessionContent;
  await sessions.start('key', { content, groups: [] });
  const withRefreshLock = createRefreshLock(sessions, { holdMs: 10_000, waitMs: 10 });
  return { store, sessions, withRefreshLock, loads: () => loads };
}

for (const state of [undefined, 'unanswered'] as const) {
  test(`a session whose refresh is ${state ?? 'not started'} is not waited for`, async () => {
    const { withRefreshLock, loads } = await setUp(state);
    await withRefreshLock('key', { operation: '', work: async ({ isHeld }) => String(isHeld) });
    assert.equal(loads(), 1);
  });
}

test('a session with an in-flight refresh of a lost process is waited for until it is stored', async () => {
  const { sessions, withRefreshLock } = await setUp('inFlight');
  const states: unknown[] = [];
  const waiting = withRefreshLock('key', {
    operation: '',
    async work({ session }) {
      states.push(session?.content.tokens.refreshState);
      return '';
    },
  });
  await sessions.update('key', (content) => ({
    ...content,
    tokens: { idToken: 'i', accessTokens: {} },
  }));
  await waiting;
  assert.deepEqual(states, [undefined]);
});

test('concurrent calls for one operation share a result, other operations follow', async () => {
  const { withRefreshLock } = await setUp(undefined);
  const order: string[] = [];
  const call = (operation: string, name: string) =>
    withRefreshLock('key', {
      operation,
      async work() {
        order.push(name);
        return name;
      },
    });
  const results = await Promise.all([call('a', '1'), call('a', '2'), call('b', '3')]);
  assert.deepEqual(results, ['1', '1', '3']);
  assert.deepEqual(order, ['1', '3']);
});

test('a lock of another holder is reported after the waiting time', async () => {
  const { store, withRefreshLock } = await setUp(undefined);
  const release = await store.lock('key', 60_000);
  const work = async ({ isHeld }: { isHeld: boolean }) => String(isHeld);
  assert.equal(await withRefreshLock('key', { operation: '', work }), 'false');
  await release?.();
  assert.equal(await withRefreshLock('key', { operation: '', work }), 'true');
});
