import { randomUUID } from 'node:crypto';
import type { Config } from '../../config/config.ts';
import { SignInError } from '../../errors.ts';
import { createLog } from '../../log/log.ts';
import { createRedisClient } from '../../session/redis/redis-client.ts';
import type { RedisCommands } from '../../session/redis/redis-store.ts';
import { type Check, createReporter } from '../check.ts';

const LIFETIME_MS = 10_000;
const OLDEST_VERSION = 6;
// As a script: `eval` is the command that the ACL user needs anyway.
const INFO = "return redis.call('INFO')";
const SILENT = createLog({ level: 'silent', write: () => {} });

const { ok, skipped, warn, fail } = createReporter('session.store');

/** Checks the session store with the commands of the server, on one key that is deleted again. */
export async function* storeChecks({ store }: Config['session']): AsyncGenerator<Check> {
  if (store.kind === 'memory') {
    yield ok(
      'store.reachable',
      'in memory: sessions end with the process, and other processes cannot see them',
    );
    return;
  }
  let redis: RedisCommands;
  try {
    redis = await createRedisClient(store, { log: SILENT });
  } catch (error) {
    if (!(error instanceof SignInError)) throw error;
    yield fail('store.reachable', error.message, { fix: 'Run: npm install @redis/client@6' });
    return;
  }
  try {
    yield* redisChecks(redis, store.prefix);
  } finally {
    await redis.close();
  }
}

async function* redisChecks(redis: RedisCommands, prefix: string): AsyncGenerator<Check> {
  const key = `${prefix}doctor:${randomUUID()}`;
  const read = await attempt(redis, () => redis.read(key, 1));
  if ('reason' in read) {
    yield fail('store.reachable', `the store does not respond (${read.reason})`, {
      fix: adviceFor(read.reason),
    });
    return;
  }
  yield ok('store.reachable', 'the store responds');
  const written = await attempt(redis, async () => {
    await redis.set(key, 'doctor', { lifetimeMs: LIFETIME_MS });
    const script = "return redis.call('GETRANGE', KEYS[1], 0, -1)";
    if ((await redis.eval(script, key, [])) !== 'doctor') throw new Error('the value was lost');
    await redis.del(key);
  });
  yield 'reason' in written
    ? fail('store.commands', `a command that sessions need failed (${written.reason})`, {
        fix: adviceFor(written.reason),
      })
    : ok('store.commands', 'a key was written, read by a script and deleted');
  const info = await attempt(redis, () => redis.eval(INFO, key, []));
  if ('reason' in info) {
    const because = `this user is not allowed to run INFO (${info.reason})`;
    yield skipped('store.version', because);
    yield skipped('store.eviction', because);
    return;
  }
  yield* infoChecks(String(info.value));
}

function* infoChecks(info: string): Generator<Check> {
  const valueNamed = (name: string) => new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(info)?.[1] ?? '';
  const valkey = valueNamed('valkey_version');
  const version = valkey || valueNamed('redis_version');
  const name = valkey ? 'Valkey' : 'Redis';
  yield Number.parseInt(version, 10) < OLDEST_VERSION
    ? fail('store.version', `${name} ${version} is too old`, {
        fix: 'Use Redis 6 or later, or Valkey.',
      })
    : ok('store.version', `${name} ${version}`);
  const policy = valueNamed('maxmemory_policy');
  const limit = Number(valueNamed('maxmemory'));
  if (policy === 'noeviction' || limit === 0) {
    const kept =
      valueNamed('aof_enabled') === '1'
        ? ''
        : '; without appendonly, a restart of the store loses some';
    yield ok('store.eviction', `the store does not evict sessions${kept}`);
  } else {
    yield warn(
      'store.eviction',
      `maxmemory-policy is ${policy}: a full store evicts sessions, which signs users out`,
      {
        fix: 'Set maxmemory-policy noeviction. Expired sessions are deleted without it.',
      },
    );
  }
}

async function attempt<Value>(
  redis: RedisCommands,
  command: () => Promise<Value>,
): Promise<{ value: Value } | { reason: string }> {
  try {
    return { value: await command() };
  } catch (error) {
    return { reason: redis.reasonOf(error) };
  }
}

const ADVICE: [reasons: RegExp, advice: string][] = [
  [
    /^(ECONNREFUSED|ClientOfflineError)$/,
    'Start the store, and check host and port in session.store.url.',
  ],
  [/^(ENOTFOUND|EAI_AGAIN)$/, 'Check the spelling of the host in session.store.url.'],
  [/^(NOAUTH|WRONGPASS)$/, 'Check session.store.username and session.store.password.'],
  [/^NOPERM$/, 'Allow the user the commands and keys in docs/configuration.md#many-processes.'],
  [/^READONLY$/, 'The server is a replica. Use the master, or the Sentinels that monitor it.'],
  [/^OOM$/, 'The store is full. Give it more memory.'],
  [
    /CERT|SELF_SIGNED|ISSUER/,
    'Set session.store.caFile to the CA of the store. The certificate has to contain the host.',
  ],
  [/SSL|EPROTO/, 'Check whether the server expects TLS: rediss:// with TLS, redis:// without.'],
];

const adviceFor = (reason: string): string =>
  ADVICE.find(([reasons]) => reasons.test(reason))?.[1] ??
  'Check that the store runs, that a firewall allows this machine, and whether the store expects TLS (rediss://).';
