import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createCertificate } from '../../../dist/emulator/certificate.js';
import type { RedisConfig } from '../../../dist/session/redis/redis-client.js';
import { SESSION_FORMAT, type Session, type SessionStore } from '../../../dist/session/session.js';
import { createClock } from '../../support/clock.js';
import { recordLog } from '../../support/log.js';
import {
  fileScope,
  openRedisStore,
  type RedisServer,
  skipWithoutRedis,
  startCluster,
  startRedis,
  startSentinels,
  until,
} from '../../support/redis.js';
import { storeContract } from '../store-contract.js';

const skip = skipWithoutRedis();
const file = fileScope();
const PASSWORD = 'the-password-of-a-store-for-tests';

const lazily = <Value>(make: () => Promise<Value>) => {
  let made: Promise<Value> | undefined;
  return () => {
    made ??= make();
    return made;
  };
};

const single = lazily(() => startRedis(file));
const certificate = createCertificate();

// The permissions that docs/configuration.md lists.
const PERMISSIONS = [
  ...['+get', '+set', '+del', '+eval', '+getrange', '+zadd', '+zrem', '+zcard', '+zrange'],
  ...['+zremrangebyscore', '+pttl', '+pexpire'],
];

const topologies: Record<string, () => Promise<Partial<RedisConfig>>> = {
  'a single server': async () => ({ url: new URL((await single()).url) }),
  'a server with a password': lazily(async () => {
    const { url } = await startRedis(file, { password: PASSWORD });
    return { url: new URL(url), password: PASSWORD };
  }),
  'an ACL user with the documented permissions only': lazily(async () => {
    const server = await startRedis(file);
    const user = ['acl', 'setuser', 'sessions', 'on', `>${PASSWORD}`, '~test-*'];
    await server.cli(...user, ...PERMISSIONS);
    await server.cli('acl', 'setuser', 'default', 'off');
    return { url: new URL(server.url), username: 'sessions', password: PASSWORD };
  }),
  'a server with TLS': lazily(async () => {
    const { url } = await startRedis(file, { certificate });
    return { url: new URL(url), caFile: certificate.ca };
  }),
  Sentinels: async () => {
    const { master, sentinels } = (await trio()).settings;
    return { master, sentinels: sentinels.map((url) => new URL(url)), password: PASSWORD };
  },
  'a cluster': async () => ({
    cluster: (await cluster()).map(({ url }) => new URL(url)),
    password: PASSWORD,
  }),
};
const trio = lazily(() => startSentinels(file, PASSWORD));
const cluster = lazily(() => startCluster(file, PASSWORD));

for (const [name, where] of Object.entries(topologies)) {
  storeContract(
    name,
    async ({ now }) => (await openRedisStore<{ name: string }>(file, await where(), { now })).store,
    { skip },
  );
}

const session = (name: string, over: Partial<Session<string>> = {}): Session<string> => ({
  ...{ format: SESSION_FORMAT, revision: 1, content: name, groups: [name], startedAt: Date.now() },
  ...{ idleExpiresAt: Date.now() + 60_000, expiresAt: Date.now() + 600_000 },
  ...over,
});

interface Given {
  server: RedisServer;
  prefix: string;
  store: SessionStore<string>;
}

async function givenStore(options: Parameters<typeof openRedisStore>[2] = {}): Promise<Given> {
  const server = await single();
  const opened = await openRedisStore<string>(file, { url: new URL(server.url) }, options);
  return { server, ...opened };
}

const keysOf = async ({ server, prefix }: Given) =>
  (await server.cli('keys', `${prefix}*`)).split('\n').filter(Boolean).sort();

describe('in Redis', { skip }, () => {
  test('the server deletes expired sessions and the indexes of their groups', async () => {
    // Long before the time of the server's clock: only lifetimes matter.
    const clock = createClock();
    const given = await givenStore({ now: clock.now, clockToleranceMs: 100 });
    const now = clock.now();
    const soon = now + 200_000;
    await given.store.save('a', session('Ada', { idleExpiresAt: soon }));
    await given.store.save('b', session('Bob', { idleExpiresAt: now + 9e6, expiresAt: soon }));
    const keys = await keysOf(given);
    assert.equal(keys.length, 4);
    for (const key of keys) {
      const leftMs = Number(await given.server.cli('pttl', key));
      assert.ok(leftMs > 0 && leftMs <= 200_100, `${key}: ${leftMs}`);
    }
  });

  test('the data contains no name, no claim and no group in clear text', async () => {
    const given = await givenStore();
    await given.store.save('key', session('Ada', { groups: ['sub 4711', 'sid 0815'] }));
    const keys = await keysOf(given);
    assert.equal(keys.length, 3);
    for (const key of keys) {
      const type = await given.server.cli('type', key);
      const read = type === 'string' ? ['get', key] : ['zrange', key, '0', '-1'];
      const text = key + (await given.server.cli(...read));
      assert.doesNotMatch(text, /Ada|4711|0815|content|format/, type);
    }
  });

  test('records of an older secret can be read; records of an unknown secret are ignored and stay', async () => {
    const [older, newer] = [
      'the-older-secret-of-32-characters-',
      'the-newer-secret-of-32-characters-',
    ];
    const first = await givenStore({ secrets: [older] });
    const { prefix } = first;
    await first.store.save('a', session('Ada'));
    const both = await givenStore({ secrets: [newer, older], prefix });
    assert.equal((await both.store.load('a'))?.content, 'Ada');
    assert.equal(await both.store.replace('a', session('Ada', { revision: 2 })), true);
    assert.equal(await first.store.load('a'), undefined);
    assert.equal((await both.store.load('a'))?.content, 'Ada', 'nobody has deleted it');
    const last = await givenStore({ secrets: [newer], prefix });
    assert.equal((await last.store.load('a'))?.content, 'Ada');
  });

  describe('a corrupt record is not a session, is deleted, and is logged once:', () => {
    const rows: [string, (given: Given, key: string, record: string) => Promise<unknown>][] = [
      ['a modified character', ({ server }, key, r) => server.cli('set', key, flip(r))],
      [
        'a truncated record',
        ({ server }, key, record) => server.cli('set', key, record.slice(0, 40)),
      ],
      [
        'the record of another session',
        ({ server, prefix }, key) => server.cli('copy', `${prefix}session:b`, key, 'replace'),
      ],
      ['another string', ({ server }, key) => server.cli('set', key, 'hello')],
      ['an empty string', ({ server }, key) => server.cli('set', key, '')],
      ['JSON of an older version', ({ server }, key) => server.cli('set', key, '{"user":"Ada"}')],
      ['two million characters', ({ server }, key) => server.cli('setrange', key, '2000000', 'x')],
      [
        'a list',
        async ({ server }, key) => {
          await server.cli('del', key);
          await server.cli('rpush', key, 'a');
        },
      ],
    ];
    for (const [what, damage] of rows) {
      test(what, async () => {
        const log = recordLog();
        const given = await givenStore({ log });
        await given.store.save('a', session('Ada'));
        await given.store.save('b', session('Bob'));
        const key = `${given.prefix}session:a`;
        await damage(given, key, await given.server.cli('get', key));
        assert.equal(await given.store.load('a'), undefined);
        assert.equal(await given.store.load('a'), undefined);
        assert.equal(await given.server.cli('exists', key), '0');
        assert.equal(log.of('session_corrupt').length, 1);
        assert.equal((await given.store.load('b'))?.content, 'Bob');
      });
    }
  });

  describe('another program has written', () => {
    const indexOf = async (given: Given) =>
      (await keysOf(given)).find((key) => key.includes('group:')) ?? '';

    test('an index of another type: it is replaced, and the user can sign in', async () => {
      const log = recordLog();
      const given = await givenStore({ log });
      await given.store.save('a', session('Ada'));
      const index = await indexOf(given);
      await given.server.cli('set', index, 'not an index');
      assert.deepEqual(await given.store.keysOf('Ada'), []);
      await given.server.cli('set', index, 'not an index');
      await given.store.save('b', session('Ada'));
      assert.equal(await given.store.replace('a', session('Ada', { revision: 2 })), true);
      assert.deepEqual((await given.store.keysOf('Ada')).sort(), ['a', 'b']);
      await given.server.cli('set', index, 'not an index');
      await given.store.destroy('a');
      assert.equal(await given.store.load('a'), undefined);
      assert.equal(log.of('session_corrupt').length, 2);
    });

    test('an index of 200,000 members: few commands are sent, and it is replaced', async () => {
      const log = recordLog();
      const given = await givenStore({ log });
      await given.store.save('a', session('Ada'));
      const index = await indexOf(given);
      const fill = `for i = 1, 200000 do redis.call('ZADD', KEYS[1], 9e15, 'member' .. i) end`;
      await given.server.cli('eval', fill, '1', index);
      assert.equal((await given.store.keysOf('Ada')).length, 1_000);
      const counted = await givenStore({ log, prefix: given.prefix, diesAfter: 10 });
      await counted.store.save('b', session('Ada'));
      assert.deepEqual(await given.store.keysOf('Ada'), ['b']);
      assert.equal(log.of('session_corrupt').length, 1);
    });

    test('an index of 5,000 members: each sign-in removes at most 100 of them', async () => {
      const given = await givenStore();
      await given.store.save('a', session('Ada'));
      const index = await indexOf(given);
      const fill = `for i = 1, 5000 do redis.call('ZADD', KEYS[1], 9e15, 'member' .. i) end`;
      await given.server.cli('eval', fill, '1', index);
      await given.store.save('b', session('Ada'));
      assert.equal(await given.server.cli('zcard', index), '4902');
    });

    test('a record of 20 MB: only its beginning is read, and it is deleted', async () => {
      const log = recordLog();
      const given = await givenStore({ log });
      const key = `${given.prefix}session:a`;
      const sentBytes = async () =>
        Number(/total_net_output_bytes:(\d+)/.exec(await given.server.cli('info', 'stats'))?.[1]);
      await given.server.cli('setrange', key, '20000000', 'x');
      const before = await sentBytes();
      assert.equal(await given.store.load('a'), undefined);
      assert.ok((await sentBytes()) - before < 2_000_000);
      assert.equal(await given.server.cli('exists', key), '0');
      assert.equal(log.of('session_corrupt').length, 1);
    });

    test('a lock that never expires: it is removed, and the next attempt acquires it', async () => {
      const given = await givenStore();
      await given.server.cli('set', `${given.prefix}lock:a`, 'forever');
      await given.server.cli('rpush', `${given.prefix}lock:b`, 'a list');
      for (const key of ['a', 'b']) {
        assert.equal(await given.store.lock(key, 60_000), undefined);
        const release = await given.store.lock(key, 60_000);
        assert.ok(release, key);
        assert.equal(await given.store.lock(key, 60_000), undefined, 'a lock that is held stays');
        await release();
      }
    });
  });

  test('a process that dies during any operation leaves no session without its index entries', async () => {
    const works: [string, (store: SessionStore<string>) => Promise<unknown>][] = [
      ['save', (store) => store.save('new', session('Ada', { groups: ['Ada', 'sid'] }))],
      [
        'replace',
        (store) => store.replace('old', session('Ada', { revision: 2, groups: ['Ada', 'sid'] })),
      ],
      ['destroy', (store) => store.destroy('old')],
    ];
    for (const [what, work] of works) {
      for (let steps = 0, done = false; !done; steps += 1) {
        const given = await givenStore({ maxPerGroup: 1 });
        await given.store.save('old', session('Ada', { groups: ['Ada', 'sid'] }));
        const dying = await givenStore({ maxPerGroup: 1, prefix: given.prefix, diesAfter: steps });
        done = await work(dying.store).then(
          () => true,
          () => false,
        );
        for (const key of ['old', 'new']) {
          if (!(await given.store.load(key))) continue;
          for (const group of ['Ada', 'sid']) {
            const listed = await given.store.keysOf(group);
            assert.ok(listed.includes(key), `${what}, after ${steps} steps: ${key} in ${group}`);
          }
        }
        assert.ok(steps < 20);
      }
    }
  });

  test('saving a session removes the entries of expired ones', async () => {
    const clock = createClock();
    const given = await givenStore({ now: clock.now, clockToleranceMs: 1_000 });
    const lasting = (seconds: number) =>
      session('Ada', { idleExpiresAt: clock.now() + seconds * 1000, expiresAt: clock.now() + 9e6 });
    await given.store.save('a', lasting(60));
    await given.store.save('b', lasting(600));
    clock.forwardSeconds(62);
    await given.store.save('c', lasting(60));
    assert.deepEqual(await given.store.keysOf('Ada'), ['c', 'b']);
  });

  test('a change after the end of a session leaves no entry', async () => {
    const given = await givenStore();
    await given.store.save('a', session('Ada'));
    await given.store.destroy('a');
    assert.equal(await given.store.replace('a', session('Ada', { revision: 2 })), false);
    assert.deepEqual(await keysOf(given), []);
  });

  test('a lock lasts as long as its holder lives, up to its limit', async () => {
    const [leaseMs, limitMs] = [2_000, 4_000];
    const first = await givenStore({ leaseMs });
    const other = await givenStore({ leaseMs, prefix: first.prefix });
    const dying = await givenStore({ leaseMs, prefix: first.prefix, diesAfter: 1 });
    const start = performance.now();
    const release = await first.store.lock('living', 60_000);
    assert.ok(await first.store.lock('limited', limitMs));
    assert.ok(await dying.store.lock('dead', 60_000));
    /** Waits for the lock; returns how long it was held, which may be longer on a slow machine. */
    const heldMs = async (key: string) => {
      await until(async () => (await other.store.lock(key, 60_000)) !== undefined);
      return performance.now() - start;
    };
    // Redis counts in whole milliseconds of another clock.
    assert.ok((await heldMs('dead')) > leaseMs - 50);
    assert.ok((await heldMs('limited')) > limitMs - 50);
    assert.equal(await other.store.lock('living', 60_000), undefined);
    await release?.();
    assert.ok(await other.store.lock('living', 60_000));
  });

  for (const [name, where] of Object.entries({
    'one server': topologies['a single server'],
    'a cluster': topologies['a cluster'],
  })) {
    test(`above the limit of a group, its least recently used sessions end, also with concurrent sign-ins: ${name}`, async () => {
      if (!where) throw new RangeError('no such topology');
      const { store } = await openRedisStore<string>(file, await where(), { maxPerGroup: 3 });
      const ends = (seconds: number) => ({ idleExpiresAt: Date.now() + seconds * 1000 });
      await store.save('bob', session('Bob'));
      for (const key of ['a', 'b', 'c']) await store.save(key, session('Ada', ends(60)));
      await store.replace('a', session('Ada', { revision: 2, ...ends(90) }));
      await store.save('d', session('Ada', ends(80)));
      assert.equal(await store.load('b'), undefined);
      assert.deepEqual(await store.keysOf('Ada'), ['c', 'd', 'a']);
      const many = Array.from({ length: 20 }, (_, i) => `many-${i}`);
      await Promise.all(many.map((key) => store.save(key, session('Ada', ends(100)))));
      const left = await store.keysOf('Ada');
      assert.equal(left.length, 3);
      for (const key of left) assert.ok(await store.load(key), key);
      for (const key of ['a', 'c', 'd', ...many]) {
        assert.equal((await store.load(key)) !== undefined, left.includes(key), key);
      }
      assert.ok(await store.load('bob'));
    });
  }
});

const flip = (record: string) => {
  const at = record.length - 30;
  return record.slice(0, at) + (record[at] === 'A' ? 'B' : 'A') + record.slice(at + 1);
};
