import { z } from 'zod';

/** Where a configuration's indirect values come from; handed in, so that nothing here touches the system. */
export interface ConfigSources {
  env: Readonly<Record<string, string | undefined>>;
  /**
   * The text of a file; relative paths start at the configuration file. Throws when unreadable. Of a
   * secret, others than this user should not be able to read it.
   */
  readFile: (path: string, options: { secret: boolean }) => string;
  /** The absolute form of a path that starts at the configuration file. */
  resolvePath: (path: string) => string;
  /** Whether there is a folder at an absolute path. */
  isFolder: (path: string) => boolean;
}

const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const POLICY_NAME = /^B2C_1A?_[0-9a-z._-]+$/i;
const PATH = /^(\/[A-Za-z0-9._~-]+)+$/;
// Narrower than what a system allows: a secret that stands in the place of a name is not to be repeated.
const VARIABLE_NAME = /^[A-Z_][A-Z0-9_]*$/;
const UNLIKELY_VARIABLE =
  'must be the name of an environment variable that is set, such as "CLIENT_SECRET"; what stands here is not repeated, because it may be the secret itself';
const PLACEHOLDER = /^(…|\.{3})$/;
/** The names of this very machine, as they stand in addresses. */
export const LOOPBACK_NAMES = ['localhost', '127.0.0.1', '[::1]'];

export const isGuid = (text: string) => GUID.test(text);

/** Whether an address is on this very machine, where plain http cannot be listened to. */
export const isLoopback = (url: URL) => LOOPBACK_NAMES.includes(url.hostname);

/** An address to listen on. */
export const listenShape = (port: number) => ({
  host: z
    .string({ error: 'must be an address or a host name' })
    .default('127.0.0.1')
    .describe('the address to listen on'),
  port: z
    .int({ error: 'must be a port number' })
    .min(1, { error: 'must be 1 or more' })
    .max(65_535, { error: 'must be 65535 at most' })
    .default(port)
    .describe('the port to listen on'),
});

/** The kinds of values that settings have, each with a sentence for what is wrong with it. */
export function settingKinds(sources: ConfigSources) {
  const file = ({ secret = false } = {}) =>
    z.string({ error: 'must be the path of a file' }).transform((path, context) => {
      try {
        return sources.readFile(path, { secret }).replace(/\r?\n$/, '');
      } catch {
        return refuse(context, 'names a file that cannot be read');
      }
    });
  const fromEnvironment = z.string().transform((name, context) => {
    const value = Object.hasOwn(sources.env, name) && sources.env[name];
    if (value) return value;
    return VARIABLE_NAME.test(name)
      ? refuse(context, `the environment variable ${name} is not set`)
      : refuse(context, UNLIKELY_VARIABLE);
  });
  const secret = (minLength: number) =>
    z
      .union(
        [
          z.string(),
          z.strictObject({ env: fromEnvironment }).transform(({ env }) => env),
          z.strictObject({ file: file({ secret: true }) }).transform((from) => from.file),
        ],
        { error: 'must be a text, { "env": NAME } or { "file": PATH }' },
      )
      .refine((value) => value.length >= minLength, {
        error: `must have at least ${minLength} characters`,
      })
      .refine((value) => value === value.trim(), {
        error: 'must not begin or end with white space',
      })
      .refine((value) => !PLACEHOLDER.test(value), {
        error: 'is the placeholder of an example: the secret itself goes in its place',
      })
      // JSON Schema's word for what is given and never told: by it secrets are found in a file.
      .meta({ writeOnly: true });

  const policy = z
    .union(
      [
        z.string(),
        z.strictObject({
          name: z.string({ error: 'must be the name of a policy, such as "B2C_1_susi"' }),
          signsIn: z.boolean({ error: 'must be true or false' }).optional(),
          label: z.string({ error: 'must be a text' }).optional(),
        }),
      ],
      { error: 'must be the name of a policy, or { "name", "signsIn", "label" }' },
    )
    .transform((value) => (typeof value === 'string' ? { name: value } : value))
    .refine(({ name }) => POLICY_NAME.test(name), {
      error: 'must be the name of a user flow (B2C_1_…) or of a custom policy (B2C_1A_…)',
    });

  const baseUrl = z
    .string({ error: 'must be the public address of this application' })
    .transform((text, context) => {
      const url = parseUrl(text);
      if (!url) return refuse(context, 'must be an address, such as "https://app.example.com"');
      if (url.pathname !== '/' || url.search || url.hash || url.username) {
        return refuse(context, 'must be scheme, host and port alone, without a path');
      }
      return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url))
        ? url
        : refuse(context, 'must begin with https:// (http:// is for localhost alone)');
    });

  const address = z
    .string({ error: 'must be an address' })
    .refine((text) => parseAddress(text) !== undefined, {
      error: 'must be an address, such as "https://login.example.com", without a query',
    });

  const minutes = (otherwise: number) =>
    z
      .number({ error: 'must be a number of minutes' })
      .positive({ error: 'must be more than 0' })
      .max(525_600, { error: 'must be a year at most' })
      .default(otherwise);

  const seconds = ({ least, otherwise }: { least: number; otherwise: number }) =>
    z
      .number({ error: 'must be a number of seconds' })
      .min(least, { error: `must be ${least} or more` })
      .max(600, { error: 'must be 600 at most' })
      .default(otherwise);

  const guid = (what: string) =>
    z
      .string({ error: `must be ${what}` })
      .regex(GUID, { error: `must be ${what}, in the form 11111111-1111-1111-1111-111111111111` })
      .transform((id) => id.toLowerCase());

  const path = (example: string) =>
    z
      .string({ error: 'must be a path' })
      .regex(PATH, { error: `must be a path, such as "${example}"` });

  const folder = () =>
    z
      .string({ error: 'must be the path of a folder' })
      .transform((path) => sources.resolvePath(path))
      .refine((path) => sources.isFolder(path), { error: 'is no folder' });

  const redisAddress = z
    .string({ error: 'must be an address, such as "rediss://redis.example.com:6380"' })
    .transform((text, context) => {
      const url = parseUrl(text);
      if (!url?.hostname || !/^rediss?:$/.test(url.protocol)) {
        return refuse(context, 'must begin with redis:// or rediss:// (with TLS), and name a host');
      }
      if (url.username || url.password) {
        return refuse(context, 'must not hold a password: session.store.password is for it');
      }
      return /^\/?$/.test(url.pathname) && !url.search && !url.hash
        ? url
        : refuse(context, 'must be scheme, host and port alone');
    });

  return {
    address,
    baseUrl,
    file,
    folder,
    guid,
    minutes,
    path,
    policy,
    redisAddress,
    seconds,
    secret,
  };
}

function refuse(context: z.RefinementCtx, message: string): never {
  context.addIssue({ code: 'custom', message });
  return z.NEVER;
}

/** An address of http or https, without query, fragment and user. */
export function parseAddress(text: unknown): URL | undefined {
  const url = typeof text === 'string' ? parseUrl(text) : undefined;
  return url && /^https?:$/.test(url.protocol) && !url.search && !url.hash && !url.username
    ? url
    : undefined;
}

// The parser of addresses drops white space without a word; who wrote it meant something else.
const parseUrl = (text: string) =>
  URL.canParse(text) && !/\s/.test(text) ? new URL(text) : undefined;
