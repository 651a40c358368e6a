import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createMemoryStore } from '../../dist/session/memory-store.js';
import { createSessions, hashSessionId, SESSION_FORMAT } from '../../dist/session/session.js';
import { createClock } from '../support/clock.js';
import { recordLog } from '../support/log.js';

const HOUR = 3600;

function setUp() {
  const clock = createClock();
  const log = recordLog();
  const store = createMemoryStore<string>({ maxSessions: 20_000, now: clock.now });
  let writes = 0;
  const counted = {
    ...store,
    load: (id: string) => store.load(id),
    save: (...args: Parameters<typeof store.save>) => {
      writes += 1;
      return store.save(...args);
    },
    replace: (...args: Parameters<typeof store.replace>) => {
      writes += 1;
      return store.replace(...args);
    },
  };
  const times = { idleMs: HOUR * 1000, absoluteMs: 8 * HOUR * 1000, now: clock.now };
  const sessions = createSessions<string>({ store: counted, log, ...times });
  let started = 0;
  const start = async (content: string, groups = [content]) => {
    started += 1;
    const key = `key-of-session-${started}`;
    await sessions.start(key, { content, groups });
    return key;
  };
  return { clock, log, store, sessions, start, writes: () => writes };
}

test('a session is found by its key, and by no other', async () => {
  const { sessions, start } = setUp();
  const id = await start('Ada');
  assert.equal((await sessions.find(id))?.content, 'Ada');
  assert.equal(await sessions.find(`${id}x`), undefined);
  assert.equal(await sessions.find(''), undefined);
});

test('a session expires after the idle timeout', async () => {
  const { sessions, start, clock, log } = setUp();
  const id = await start('Ada');
  clock.forwardSeconds(HOUR - 1);
  assert.ok(await sessions.find(id, { slide: false }));
  clock.forwardSeconds(1);
  assert.equal(await sessions.find(id), undefined);
  assert.deepEqual(log.of('session_expired')[0]?.['session'], hashSessionId(id));
});

test('use extends the idle timeout, up to the absolute timeout', async () => {
  const { sessions, start, clock } = setUp();
  const id = await start('Ada');
  for (let minutes = 0; minutes < 8 * 60 - 30; minutes += 30) {
    assert.ok(await sessions.find(id), `after ${minutes} minutes`);
    clock.forwardSeconds(HOUR / 2);
  }
  assert.ok(await sessions.find(id));
  clock.forwardSeconds(HOUR / 2);
  assert.equal(await sessions.find(id), undefined);
});

test('finding a session without sliding does not extend it', async () => {
  const { sessions, start, clock } = setUp();
  const id = await start('Ada');
  clock.forwardSeconds(HOUR / 2);
  await sessions.find(id, { slide: false });
  clock.forwardSeconds(HOUR / 2);
  assert.equal(await sessions.find(id), undefined);
});

test('a session in constant use is not written at each request', async () => {
  const { sessions, start, clock, writes } = setUp();
  const id = await start('Ada');
  for (let second = 0; second < HOUR; second += 1) {
    clock.forwardSeconds(1);
    await sessions.find(id);
  }
  assert.equal(writes(), 1 + 20);
});

test('a change of a session keeps its timeouts', async () => {
  const { sessions, start } = setUp();
  const id = await start('Ada');
  const before = await sessions.find(id);
  const changed = await sessions.update(id, (name) => `${name} Lovelace`);
  assert.deepEqual(changed, { ...before, content: 'Ada Lovelace', revision: 2 });
  assert.deepEqual(await sessions.find(id), changed);
});

test('a late change does not restore a session that has ended or expired', async () => {
  const { sessions, start, clock } = setUp();
  const ended = await start('Ada');
  await sessions.end(ended);
  assert.equal(await sessions.update(ended, String), undefined);
  const expired = await start('Ada');
  clock.forwardSeconds(HOUR);
  assert.equal(await sessions.update(expired, String), undefined);
  assert.equal(await sessions.find(expired), undefined);
});

test('concurrent changes are all kept, also with requests that extend the session', async () => {
  const { sessions, start, clock } = setUp();
  const id = await start('Ada');
  clock.forwardSeconds(HOUR / 2);
  await Promise.all(
    Array.from({ length: 40 }, async (_, i) => {
      await sessions.update(id, (content) => `${content}<${i}>`);
      await sessions.find(id);
    }),
  );
  const content = (await sessions.find(id))?.content ?? '';
  for (let i = 0; i < 40; i += 1) assert.match(content, new RegExp(`<${i}>`));
});

test('the sessions of a group are found, without those that have ended or expired', async () => {
  const { sessions, start, clock } = setUp();
  const expiring = await start('Ada');
  clock.forwardSeconds(HOUR / 2);
  const [ended, lasting] = [await start('Ada'), await start('Ada', ['Ada', 'both'])];
  await start('Bob');
  await sessions.end(ended);
  const keys = async (group: string) => (await sessions.findAll(group)).map(({ key }) => key);
  assert.deepEqual(await keys('Ada'), [expiring, lasting]);
  clock.forwardSeconds(HOUR / 2);
  assert.deepEqual(await keys('Ada'), [lasting]);
  assert.deepEqual(await keys('both'), [lasting]);
  assert.deepEqual(await keys('nobody'), []);
});

test('guessing ids finds nothing and writes nothing', async () => {
  const { sessions, start, writes } = setUp();
  const id = await start('Ada');
  for (let i = 0; i < 1_000; i += 1) {
    assert.equal(await sessions.find(`${id.slice(0, -4)}${1000 + i}`), undefined);
  }
  assert.equal(writes(), 1);
});

describe('an entry of another version is ignored', () => {
  const rows: [string, (whole: object) => unknown, number][] = [
    ['of another format', (whole) => ({ ...whole, format: SESSION_FORMAT + 1 }), 0],
    ['without a format', (whole) => ({ ...whole, format: undefined }), 0],
    ['without content', (whole) => ({ ...whole, content: undefined }), 1],
    ['without an expiry time', (whole) => ({ ...whole, idleExpiresAt: undefined }), 1],
    [
      'with an expiry time that is not a number',
      (whole) => ({ ...whole, idleExpiresAt: Number.NaN }),
      1,
    ],
    ['that is a string', () => 'text', 0],
    ['that is empty', () => ({}), 0],
    ['that is null', () => null, 0],
  ];
  for (const [name, change, logged] of rows) {
    test(name, async () => {
      const { sessions, start, store, log } = setUp();
      const id = await start('Ada');
      const entry = change((await store.load(id)) ?? {}) as undefined;
      store.load = async () => entry;
      assert.equal(await sessions.find(id), undefined);
      assert.equal(await sessions.update(id, String), undefined);
      // Corrupt entries are deleted. Those of another version stay.
      assert.equal(log.of('session_expired').length, 2 * logged);
    });
  }
});
