import { createCertificate } from '../../dist/emulator/certificate.js';
import { createRedisClient, type RedisConfig } from '../../dist/redis-client.js';
import { createRedisStore, type RedisStoreOptions } from '../../dist/session/redis-store.js';
import type { SessionStore } from '../../dist/session/session.js';
import { recordLog } from '../support/log.js';
import {
  fileScope,
  skipWithoutRedis,
  startCluster,
  startRedis,
  startSentinels,
} from '../support/redis.js';
import { storeContract } from './store-contract.js';

const skip = skipWithoutRedis();
const file = fileScope();
const SECRET = 'a-secret-of-at-least-32-characters';
const PASSWORD = 'the-password-of-a-store-for-tests';

let stores = 0;

interface StoreOptions extends Partial<RedisStoreOptions> {
  timeoutMs?: number;
}

/** An empty store; its connection ends with the file. */
async function openStore<Content>(
  where: Partial<RedisConfig>,
  { timeoutMs = 2_000, ...options }: StoreOptions = {},
): Promise<SessionStore<Content>> {
  stores += 1;
  const prefix = `test-${stores}:`;
  const config: RedisConfig = {
    ...{ kind: 'redis', maxPerUser: 100, database: 0, timeoutMs, prefix },
    ...where,
  };
  const log = options.log ?? recordLog();
  const redis = await createRedisClient(config, { log });
  file.after(() => redis.close());
  const store = createRedisStore<Content>({
    ...{ redis, log, prefix, secrets: [SECRET], maxPerGroup: 100, now: Date.now },
    ...options,
  });
  for (let i = 0; i < 100 && !(await store.isReachable()); i += 1) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return store;
}

const lazily = <Value>(make: () => Promise<Value>) => {
  let made: Promise<Value> | undefined;
  return () => {
    made ??= make();
    return made;
  };
};

const single = lazily(() => startRedis(file));
const certificate = createCertificate();

// What docs/configuration.md names.
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
  'an ACL user that may do no more than is documented': lazily(async () => {
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
  storeContract(name, async ({ now }) => openStore(await where(), { now }), { skip });
}
