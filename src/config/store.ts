import { z } from 'zod';
import type { settingKinds } from './values.ts';

const count = (otherwise: number, words: string) =>
  z
    .int({ error: 'must be a whole number' })
    .min(1, { error: 'must be 1 or more' })
    .default(otherwise)
    .describe(words);

const kind = <K extends string>(name: K) =>
  z
    .literal(name)
    .describe(
      'where sessions are kept: `memory`, in this process, or `redis`, in Redis or Valkey, ' +
        'docs/configuration.md#many-processes',
    );

const maxPerUser = () =>
  count(
    100,
    'how many sessions one user may have at once; above it, the one of his own unused for ' +
      'longest goes',
  );

const text = (words: string) =>
  z.string({ error: 'must be a text' }).min(1).optional().describe(words);

/** Where sessions are kept: in this process, or in Redis or Valkey. */
export function storeSchema({ file, redisAddress, secret }: ReturnType<typeof settingKinds>) {
  const addresses = z
    .array(redisAddress, { error: 'must be a list of addresses' })
    .min(1, { error: 'must hold at least one address' })
    .refine((list) => new Set(list.map(({ protocol }) => protocol)).size <= 1, {
      error: 'must all begin with redis://, or all with rediss://',
    });
  const memory = z.strictObject({
    kind: kind('memory'),
    maxSessions: count(100_000, 'with `memory`: above it the session unused for longest goes'),
    maxPerUser: maxPerUser(),
  });
  const redis = z
    .strictObject({
      kind: kind('redis'),
      maxPerUser: maxPerUser(),
      url: redisAddress
        .optional()
        .describe(
          'with `redis`: one server, `redis://host:port`, or `rediss://host:port` with TLS',
        ),
      sentinels: addresses.optional().describe('or the addresses of Sentinels'),
      master: z
        .string({ error: 'must be the name that the Sentinels know' })
        .min(1)
        .optional()
        .describe('the name of the master that the Sentinels watch'),
      cluster: addresses.optional().describe('or the addresses of some servers of a cluster'),
      username: text('of an ACL user'),
      password: secret(1)
        .optional()
        .describe('of that user; a password alone is that of the server'),
      sentinelUsername: text('of an ACL user of the Sentinels'),
      sentinelPassword: secret(1).optional().describe('of the Sentinels, if they ask for one'),
      database: z
        .int({ error: 'must be a whole number' })
        .min(0, { error: 'must be 0 or more' })
        .default(0)
        .describe('which of the databases of a server'),
      prefix: z
        .string({ error: 'must be a text' })
        // No braces: in a cluster they would put everything on one server.
        .regex(/^[\w:.-]{1,64}$/, {
          error: 'must be letters, digits, ":", ".", "_" and "-", 64 at most',
        })
        .default('b2c-signin:')
        .describe('what all keys begin with'),
      timeoutMs: z
        .int({ error: 'must be a whole number of milliseconds' })
        .min(50, { error: 'must be 50 or more' })
        .max(30_000, { error: 'must be 30000 at most' })
        .default(1_000)
        .describe('what the store has not answered by then counts as unreachable'),
      caFile: file()
        .optional()
        .describe('a file with the authority that signed the certificates of `rediss://`, in PEM'),
    })
    .superRefine((store, context) => {
      const fault = (setting: string, message: string) =>
        context.addIssue({ code: 'custom', path: [setting], message });
      const { url, sentinels, cluster, master, username, password, caFile, database } = store;
      const ways = [url, sentinels, cluster].filter((way) => way !== undefined);
      if (ways.length !== 1) fault('url', 'give one of "url", "sentinels" and "cluster"');
      if (sentinels && !master) fault('master', 'is needed with "sentinels": what they watch');
      if (master && !sentinels) fault('master', 'goes with "sentinels" alone');
      if (username && !password) fault('password', 'is needed with "username"');
      if (store.sentinelUsername && !store.sentinelPassword) {
        fault('sentinelPassword', 'is needed with "sentinelUsername"');
      }
      if (store.sentinelPassword && !sentinels) {
        fault('sentinelPassword', 'goes with "sentinels" alone');
      }
      if (cluster && database) fault('database', 'must be 0 with "cluster", which has no other');
      const isTls = ways.flat().some((address) => address?.protocol === 'rediss:');
      if (caFile && !isTls) fault('caFile', 'goes with addresses that begin with rediss://');
    });
  return z
    .discriminatedUnion('kind', [memory, redis], {
      error: ({ code }) =>
        code === 'invalid_union'
          ? 'must be "memory" or "redis"'
          : 'must be { "kind": "memory" } or { "kind": "redis" }, with its settings',
    })
    .prefault({ kind: 'memory' });
}
