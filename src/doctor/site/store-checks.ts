import { randomUUID } from 'node:crypto';
import type { Config } from '../../config/config.ts';
import { SignInError } from '../../errors.ts';
import { createLog } from '../../log/log.ts';
import { createRedisClient } from '../../session/redis/redis-client.ts';
import type { RedisCommands } from '../../session/redis/redis-store.ts';
import { type Check, checksAbout } from '../check.ts';

const LIFETIME_MS = 10_000;
const OLDEST_VERSION = 6;
// As a script, because those are what the user of the store may run in any case.
const INFO = "return redis.call('INFO')";
const SILENT = createLog({ level: 'silent', write: () => {} });

const { ok, skipped, warn, mend } = checksAbout('session.store');

/** The store of sessions: what the server does with it, on a key of its own that goes again. */
export async function* storeChecks({ store }: Config['session']): AsyncGenerator<Check> {
  if (store.kind === 'memory') {
    yield ok(
      'store.reachable',
      'in this process: sessions end with it, and a second process would know none of them',
    );
    return;
  }
  let redis: RedisCommands;
  try {
    redis = await createRedisClient(store, { log: SILENT });
  } catch (error) {
    if (!(error instanceof SignInError)) throw error;
    yield mend('store.reachable', error.message, { mend: 'npm install @redis/client@6' });
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
  const read = await attempt(redis, () => redis.get(key));
  if ('reason' in read) {
    yield mend('store.reachable', `the store gives no answer (${read.reason})`, {
      mend: adviceFor(read.reason),
    });
    return;
  }
  yield ok('store.reachable', 'it answers');
  const written = await attempt(redis, async () => {
    await redis.set(key, 'doctor', { lifetimeMs: LIFETIME_MS });
    const script = "return redis.call('GETRANGE', KEYS[1], 0, -1)";
    if ((await redis.eval(script, key, [])) !== 'doctor') throw new Error('it keeps nothing');
    await redis.del(key);
  });
  yield 'reason' in written
    ? mend('store.commands', `it does not do what sessions need (${written.reason})`, {
        mend: adviceFor(written.reason),
      })
    : ok(
        'store.commands',
        'written, read by a script and deleted, under the prefix of the sessions',
      );
  const info = await attempt(redis, () => redis.eval(INFO, key, []));
  if ('reason' in info) {
    const because = `this user may not ask for it (${info.reason})`;
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
    ? mend('store.version', `${name} ${version} is too old`, {
        mend: 'Use Redis 6 or later, or Valkey.',
      })
    : ok('store.version', `${name} ${version}`);
  const policy = valueNamed('maxmemory_policy');
  const limit = Number(valueNamed('maxmemory'));
  if (policy === 'noeviction' || limit === 0) {
    const kept =
      valueNamed('aof_enabled') === '1' ? '' : '; without appendonly a restart of it loses some';
    yield ok('store.eviction', `it throws no session away to make room${kept}`);
  } else {
    yield warn(
      'store.eviction',
      `maxmemory-policy is ${policy}: when it is full it signs people out`,
      {
        mend: 'Set maxmemory-policy noeviction: what has expired goes by itself.',
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
    'Start it, and compare host and port of session.store.url.',
  ],
  [/^(ENOTFOUND|EAI_AGAIN)$/, 'Compare the host in session.store.url letter by letter.'],
  [
    /^(NOAUTH|WRONGPASS)$/,
    'Compare session.store.username and session.store.password with the server.',
  ],
  [/^NOPERM$/, 'Give the user the commands and keys that docs/configuration.md lists.'],
  [/^READONLY$/, 'It is a replica: name the master, or Sentinels that know it.'],
  [/^OOM$/, 'It is full: give it more memory.'],
  [
    /CERT|SELF_SIGNED|ISSUER/,
    'Give its authority in session.store.caFile; its certificate has to name the host.',
  ],
  [/SSL|EPROTO/, 'Compare redis:// and rediss:// (with TLS) with what the server speaks.'],
];

const adviceFor = (reason: string): string =>
  ADVICE.find(([reasons]) => reasons.test(reason))?.[1] ??
  'See that the server runs, that a firewall lets this machine in, and whether it speaks TLS (rediss://).';
