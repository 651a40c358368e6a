import { z } from 'zod';
import { addIssues, type PathIssue } from './issues.ts';
import { redisUrl } from './urls.ts';
import { file, secret } from './values.ts';

const count = (defaultValue: number, description: string) =>
  z
    .int({ error: 'must be a whole number' })
    .min(1, { error: 'must be 1 or more' })
    .default(defaultValue)
    .describe(description);

const kind = <K extends string>(name: K) =>
  z
    .literal(name)
    .describe(
      'Where sessions are kept: `memory` (in this process) or `redis` (Redis or Valkey), ' +
        'docs/configuration.md#many-processes.',
    );

const maxPerUser = () =>
  count(
    100,
    "Maximum number of sessions per user. Above it, the user's least recently used session ends.",
  );

const text = (description: string) =>
  z.string({ error: 'must be a string' }).min(1).optional().describe(description);

const urls = z
  .array(redisUrl, { error: 'must be a list of URLs' })
  .min(1, { error: 'must contain at least one URL' })
  .refine((list) => new Set(list.map(({ protocol }) => protocol)).size <= 1, {
    error: 'must all begin with redis://, or all with rediss://',
  });

const memory = z.strictObject({
  kind: kind('memory'),
  maxSessions: count(
    100_000,
    'For `memory`: maximum number of sessions. Above it, the least recently used session ends.',
  ),
  maxPerUser: maxPerUser(),
});

const redisSettings = z.strictObject({
  kind: kind('redis'),
  maxPerUser: maxPerUser(),
  url: redisUrl
    .optional()
    .describe(
      'For `redis` with one server: URL of the server, `redis://host:port`, or ' +
        '`rediss://host:port` for TLS.',
    ),
  sentinels: urls.optional().describe('For `redis` with Sentinels: URLs of the Sentinels.'),
  master: z
    .string({ error: 'must be the name of the master that the Sentinels monitor' })
    .min(1)
    .optional()
    .describe('Name of the master that the Sentinels monitor. Required with `sentinels`.'),
  cluster: urls
    .optional()
    .describe('For `redis` with a cluster: URLs of some servers of the cluster.'),
  username: text('User name for Redis ACL authentication.'),
  password: secret(1)
    .optional()
    .describe('Password of the Redis user, or of the server if `username` is not set.'),
  sentinelUsername: text('User name for ACL authentication at the Sentinels.'),
  sentinelPassword: secret(1).optional().describe('Password for the Sentinels.'),
  database: z
    .int({ error: 'must be a whole number' })
    .min(0, { error: 'must be 0 or more' })
    .default(0)
    .describe('Number of the Redis database. Must be 0 for a cluster.'),
  prefix: z
    .string({ error: 'must be a string' })
    // No braces: in a cluster, a hash tag would put every key on one server.
    .regex(/^[\w:.-]{1,64}$/, {
      error: 'must consist of letters, digits, ":", ".", "_" and "-", at most 64 characters',
    })
    .default('b2c-signin:')
    .describe('Prefix of all Redis keys.'),
  timeoutMs: z
    .int({ error: 'must be a whole number of milliseconds' })
    .min(50, { error: 'must be 50 or more' })
    .max(30_000, { error: 'must be 30000 or less' })
    .default(1_000)
    .describe(
      'Timeout of a Redis command in milliseconds. After it, the store counts as unreachable.',
    ),
  caFile: file()
    .optional()
    .describe('PEM file with the CA that signed the certificates of `rediss://` servers.'),
});

function* findRedisIssues({
  url,
  sentinels,
  cluster,
  master,
  username,
  password,
  sentinelUsername,
  sentinelPassword,
  caFile,
  database,
}: z.output<typeof redisSettings>): Generator<PathIssue> {
  const at = (setting: string, problem: string): PathIssue => ({ path: [setting], problem });
  const servers = [url, sentinels, cluster].filter((value) => value !== undefined);
  if (servers.length !== 1) yield at('url', 'give one of "url", "sentinels" and "cluster"');
  if (sentinels && !master) yield at('master', 'is required with "sentinels"');
  if (master && !sentinels) yield at('master', 'is allowed with "sentinels" only');
  if (username && !password) yield at('password', 'is required with "username"');
  if (sentinelUsername && !sentinelPassword) {
    yield at('sentinelPassword', 'is required with "sentinelUsername"');
  }
  if (sentinelPassword && !sentinels) {
    yield at('sentinelPassword', 'is allowed with "sentinels" only');
  }
  if (cluster && database) yield at('database', 'must be 0 with "cluster"');
  const isTls = servers.flat().some(({ protocol }) => protocol === 'rediss:');
  if (caFile && !isTls) yield at('caFile', 'is allowed with rediss:// URLs only');
}

/** Where sessions are kept: in this process, or in Redis or Valkey. */
export const storeSchema = z
  .discriminatedUnion('kind', [memory, redisSettings.superRefine(addIssues(findRedisIssues))], {
    error: ({ code }) =>
      code === 'invalid_union'
        ? 'must be "memory" or "redis"'
        : 'must be { "kind": "memory" } or { "kind": "redis" }, with the settings of that kind',
  })
  .prefault({ kind: 'memory' });
