// Mistakes in the session store.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import type { Check } from '../../dist/doctor/check.js';
import { freePort } from '../support/free-port.js';
import { type RedisServer, skipWithoutRedis, startRedis } from '../support/redis.js';
import { assertReported, emulator, type Plant, port, type Row, scope } from './mistakes.js';
import { examined, goodConfig, type TestConfig, withStatus } from './support.js';

describe('the session store', { skip: skipWithoutRedis() }, () => {
  let redis: RedisServer;
  before(async () => {
    redis = await startRedis(scope, { password: 'the-password-of-the-store' });
  });
  const store =
    (more: () => object): Plant =>
    (config) => {
      const password = 'the-password-of-the-store';
      config.session = {
        ...config.session,
        store: { kind: 'redis', url: redis.url, password, timeoutMs: 3_000, ...more() },
      };
    };
  const rows: Row[] = [
    {
      mistake: 'nothing listens there',
      plant: async (config, world) => {
        const url = `redis://127.0.0.1:${await freePort()}`;
        await store(() => ({ url }))(config, world);
      },
      id: 'store.reachable',
      says: /ECONNREFUSED.*Start the store/,
    },
    {
      mistake: 'a wrong password',
      plant: store(() => ({ password: 'another-one' })),
      id: 'store.reachable',
      says: /WRONGPASS.*session\.store\.password/,
    },
    {
      mistake: 'no password although one is required',
      plant: store(() => ({ password: undefined })),
      id: 'store.reachable',
      says: /NOAUTH/,
    },
    {
      mistake: 'a user without permission to run scripts',
      async plant(config, world) {
        await redis.cli(
          'acl',
          'setuser',
          'small',
          'on',
          '>the-password-of-the-store',
          '~*',
          '+getrange',
          '+set',
          '+del',
        );
        await store(() => ({ username: 'small' }))(config, world);
      },
      id: 'store.commands',
      says: /NOPERM.*docs\/configuration\.md/,
    },
    {
      mistake: 'a read-only replica',
      async plant(config, world) {
        await redis.cli('replicaof', '127.0.0.1', '1');
        world.t.after(() => redis.cli('replicaof', 'no', 'one'));
        await store(() => ({}))(config, world);
      },
      id: 'store.commands',
      says: /READONLY|MASTERDOWN/,
    },
    {
      mistake: 'a store that evicts sessions',
      async plant(config, world) {
        await redis.cli('config', 'set', 'maxmemory', '100mb');
        await redis.cli('config', 'set', 'maxmemory-policy', 'allkeys-lru');
        world.t.after(() => redis.cli('config', 'set', 'maxmemory-policy', 'noeviction'));
        await store(() => ({}))(config, world);
      },
      id: 'store.eviction',
      status: 'warn',
      says: /allkeys-lru.*noeviction/,
    },
  ];
  for (const row of rows) test(row.mistake, (t) => assertReported(t, row));

  test('a correct store passes, and no key stays in it', async (t) => {
    const config: TestConfig = goodConfig(emulator, port);
    await store(() => ({ prefix: 'only-here:' }))(config, { t, more: {} });
    const checks = await examined(t, config);
    const storeChecks = checks.filter(({ id }: Check) => id.startsWith('store.'));
    assert.equal(storeChecks.length, 4);
    assert.deepEqual(withStatus(storeChecks, 'ok'), storeChecks);
    assert.equal(await redis.cli('keys', 'only-here:*'), '');
  });
});
