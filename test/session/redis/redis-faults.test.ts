import assert from 'node:assert/strict';
import { connect, createServer, type Socket } from 'node:net';
import { describe, type TestContext, test } from 'node:test';
import { createRedisClient } from '../../../dist/session/redis/redis-client.js';
import { SESSION_FORMAT, type Session, type SessionStore } from '../../../dist/session/session.js';
import { freePort } from '../../support/free-port.js';
import { recordLog } from '../../support/log.js';
import {
  KEPT,
  openRedisStore,
  skipWithoutRedis,
  startCluster,
  startRedis,
  startSentinels,
  until,
} from '../../support/redis.js';

const skip = skipWithoutRedis();
const PASSWORD = 'the-password-of-a-store-for-tests';

const session = (name: string, revision = 1): Session<string> => ({
  ...{ format: SESSION_FORMAT, revision, content: name, groups: [name], startedAt: Date.now() },
  ...{ idleExpiresAt: Date.now() + 60_000, expiresAt: Date.now() + 600_000 },
});

const unreachable = { code: 'store_unreachable' };

const works = (store: SessionStore<string>) => () =>
  store.save('again', session('Again')).then(
    () => true,
    () => false,
  );

async function withServer(t: TestContext, timeoutMs = 2_000) {
  const server = await startRedis(t, { args: KEPT });
  const log = recordLog();
  const where = { url: new URL(server.url) };
  const { store } = await openRedisStore<string>(t, where, { timeoutMs, log });
  await store.save('a', session('Ada'));
  return { server, store, log };
}

describe('a store that', { skip }, () => {
  test('crashes fails at once, and is reconnected with the data it had stored', async (t) => {
    // With a time limit longer than a test may take, only an immediate failure ends them.
    const { server, store, log } = await withServer(t, 3_600_000);
    await server.kill();
    for (const work of [store.load('a'), store.destroy('a'), store.save('b', session('Bob'))]) {
      await assert.rejects(work, unreachable);
    }
    assert.equal(await store.isReachable(), false);
    await server.start();
    await until(works(store));
    assert.equal((await store.load('a'))?.content, 'Ada');
    assert.equal(log.of('store_unreachable').length, 1, 'once, however many ask');
    assert.equal(log.of('store_connected').length, 2);
  });

  test('does not respond fails within the time limit, and works again afterwards', async (t) => {
    const { server, store } = await withServer(t, 200);
    process.kill(server.pid(), 'SIGSTOP');
    const begun = performance.now();
    await assert.rejects(store.load('a'), unreachable);
    assert.equal(await store.isReachable(), false);
    const waited = performance.now() - begun;
    assert.ok(waited > 350, `${waited} ms: less than two deadlines`);
    process.kill(server.pid(), 'SIGCONT');
    await until(() => store.isReachable());
    assert.equal((await store.load('a'))?.content, 'Ada');
  });

  test('is full rejects new sessions, returns existing ones, and lets them end', async (t) => {
    const { server, store } = await withServer(t);
    await server.cli('config', 'set', 'maxmemory', '1');
    await assert.rejects(store.save('b', session('Bob')), { ...unreachable, message: /OOM$/ });
    await assert.rejects(store.replace('a', session('Ada', 2)), unreachable);
    assert.equal((await store.load('a'))?.content, 'Ada');
    assert.equal(await store.isReachable(), true);
    await store.destroy('a');
    assert.equal(await store.load('a'), undefined);
    await server.cli('config', 'set', 'maxmemory', '0');
    assert.equal(await works(store)(), true);
  });

  test('is read-only returns its sessions, and accepts new ones when it is the master again', async (t) => {
    const { server, store } = await withServer(t);
    await server.cli('replicaof', '127.0.0.1', `${await freePort()}`);
    await assert.rejects(store.save('b', session('Bob')), { message: /READONLY$/ });
    await until(() => store.isReachable());
    assert.equal((await store.load('a'))?.content, 'Ada');
    await assert.rejects(store.destroy('a'), unreachable);
    await server.cli('replicaof', 'no', 'one');
    await until(works(store));
  });

  test('is down at the start is connected when it starts', async (t) => {
    const server = await startRedis(t);
    await server.kill();
    const log = recordLog();
    const redis = await createRedisClient(
      {
        ...{ kind: 'redis', maxPerUser: 1, database: 0, timeoutMs: 500, prefix: 'x:' },
        url: new URL(server.url),
      },
      { log },
    );
    t.after(() => redis.close());
    await assert.rejects(redis.read('x:', 1));
    assert.equal(log.of('store_unreachable')[0]?.['detail'], 'ECONNREFUSED');
    await server.start();
    await until(async () => (await redis.read('x:', 1).catch(() => 'down')) === '');
  });

  test('requires another password is unreachable, and the log names the reason without the password', async (t) => {
    const { url } = await startRedis(t, { password: PASSWORD });
    const log = recordLog();
    const redis = await createRedisClient(
      {
        ...{ kind: 'redis', maxPerUser: 1, database: 0, timeoutMs: 500, prefix: 'x:' },
        ...{ url: new URL(url), password: 'not-the-password' },
      },
      { log },
    );
    t.after(() => redis.close());
    await until(async () => log.of('store_unreachable').length > 0);
    assert.equal(log.of('store_unreachable')[0]?.['detail'], 'WRONGPASS');
    assert.doesNotMatch(log.lines.join(), /password/);
  });

  test('disappeared without closing a connection is reconnected', async (t) => {
    const server = await startRedis(t);
    const way = await startWay(t, server.port);
    const where = { url: new URL(`redis://127.0.0.1:${way.port}`) };
    const { store } = await openRedisStore<string>(t, where, { timeoutMs: 500 });
    assert.equal(await works(store)(), true);
    way.swallow();
    await assert.rejects(store.load('a'), unreachable);
    await until(works(store), 10);
  });

  test('is another machine behind the same name after a failover is found there', async (t) => {
    const [first, second] = [await startRedis(t), await startRedis(t)];
    const way = await startWay(t, first.port);
    const where = { url: new URL(`redis://127.0.0.1:${way.port}`) };
    const { store } = await openRedisStore<string>(t, where, { timeoutMs: 500 });
    assert.equal(await works(store)(), true);
    // The old master continues as a replica, and keeps all connections.
    await first.cli('replicaof', '127.0.0.1', `${second.port}`);
    way.leadTo(second.port);
    await until(works(store), 10);
  });

  test('Sentinels monitor is found again after a failover, with its sessions', async (t) => {
    const trio = await startSentinels(t, PASSWORD);
    const { sentinels, master } = trio.settings;
    const addresses = sentinels.map((url) => new URL(url));
    const where = { sentinels: addresses, master, password: PASSWORD };
    const { store } = await openRedisStore<string>(t, where);
    await store.save('a', session('Ada'));
    const first = await trio.master();
    await first.cli('wait', '1', '2000');
    await first.kill();
    await trio.sentinels[0]?.kill();
    await until(works(store), 30);
    assert.equal((await store.load('a'))?.content, 'Ada');
    assert.equal(await store.replace('a', session('Ada', 2)), true);
  });

  test('is a cluster with one server down serves the sessions on the other servers', async (t) => {
    const nodes = await startCluster(t, PASSWORD);
    for (const node of nodes) {
      await node.cli('config', 'set', 'cluster-require-full-coverage', 'no');
    }
    const where = { cluster: nodes.map(({ url }) => new URL(url)), password: PASSWORD };
    const { store } = await openRedisStore<string>(t, where, { timeoutMs: 500 });
    const keys = Array.from({ length: 30 }, (_, i) => `key-${i}`);
    for (const key of keys) await store.save(key, session(key));
    await nodes[1]?.kill();
    const loaded = () => Promise.allSettled(keys.map((key) => store.load(key)));
    const found = (await loaded()).filter(({ status }) => status === 'fulfilled').length;
    assert.ok(found > 5 && found < 30, `${found} of 30`);
    await nodes[1]?.start();
    await until(async () => (await loaded()).every(({ status }) => status === 'fulfilled'));
    for (const key of keys) assert.equal((await store.load(key))?.content, key);
  });
});

/** A TCP proxy that can drop its connections silently, and change its target. */
async function startWay(t: TestContext, port: number) {
  const state = { port };
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    const there = connect(state.port, '127.0.0.1');
    for (const end of [socket, there]) {
      open.add(end);
      end.on('error', () => {});
    }
    socket.pipe(there).pipe(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    for (const end of open) end.destroy();
    server.close();
  });
  return {
    port: (server.address() as { port: number }).port,
    /** Stops forwarding on the current connections, without closing them. */
    swallow() {
      for (const end of open) end.unpipe().pause();
    },
    leadTo(other: number) {
      state.port = other;
    },
  };
}
