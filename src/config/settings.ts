import { z } from 'zod';
import { gateSchema } from './gate.ts';
import { hstsSchema } from './hsts.ts';
import { operationsSchema } from './operations.ts';
import { responseModeSchema } from './response-mode.ts';
import { siteSchema } from './site.ts';
import { storeSchema } from './store.ts';
import { tenantShape } from './tenant-settings.ts';
import { trustedProxiesSchema } from './trusted-proxies.ts';
import { baseUrl } from './urls.ts';
import {
  callbackPath,
  file,
  folder,
  listenShape,
  minutes,
  path,
  seconds,
  secret,
  secretFile,
} from './values.ts';

const listen = listenShape(3000);

/**
 * Every setting, with its default, its limits, and the description that editors and the table in
 * docs/configuration.md show. References to files and environment variables are resolved before.
 */
export const settings = z.strictObject({
  $schema: z
    .string()
    .optional()
    .describe('JSON Schema for editors: `./config.schema.json`. The server ignores it.'),
  baseUrl: baseUrl
    .optional()
    .describe(
      'Public URL: scheme, host and port. `https`, or `http` for localhost. Default: ' +
        '`http://localhost:<port>`, or `https` with `listen.tls`. Redirect URIs and return URLs ' +
        'are built from this setting only.',
    ),
  listen: z
    .strictObject({
      host: listen.host.describe('IP address or host name to listen on.'),
      port: listen.port.describe('Port to listen on.'),
      tls: z
        .strictObject({
          cert: file().describe(
            'PEM file with the certificate, for HTTPS without a reverse proxy.',
          ),
          key: secretFile().describe(
            'PEM file with the private key. Required with `listen.tls.cert`.',
          ),
        })
        .optional(),
    })
    .prefault({}),
  ...tenantShape,
  tenants: z
    .record(
      z.string(),
      z.strictObject({
        ...tenantShape,
        label: z
          .string({ error: 'must be a string' })
          .optional()
          .describe('Text of a link to this sign-in, on the pages for visitors.'),
      }),
      { error: 'must be additional tenants by name' },
    )
    .prefault({})
    .describe(
      'Additional tenants, under names that you choose, docs/configuration.md#several-tenants.',
    ),
  routes: z
    .strictObject({
      prefix: path('/auth').default('/auth').describe('Prefix of the routes of b2c-signin.'),
      callback: callbackPath('/auth/redirect')
        .optional()
        .describe(
          'Path of the redirect URI, for an application that is registered with another one. A trailing slash is ' +
            'part of it. ' +
            'Default: `<prefix>/redirect`.',
        ),
    })
    .prefault({}),
  session: z
    .strictObject({
      secrets: z
        .array(secret(32), {
          error:
            'must be a list of secrets of 32 characters or more: the first one signs, all are accepted',
        })
        .min(1, { error: 'must contain at least one secret' })
        .describe(
          'Secrets of 32 characters or more, docs/configuration.md#secrets. The first one signs ' +
            'and encrypts; all are accepted.',
        ),
      idleMinutes: minutes(60).describe(
        'Idle timeout in minutes. A session expires after this time without requests. The ' +
          'timeout is extended in steps of 5 %, so a session may expire up to 5 % early.',
      ),
      absoluteMinutes: minutes(480).describe(
        'Absolute timeout in minutes. A session expires this long after sign-in, even if it is ' +
          'in use.',
      ),
      reauthenticateAfterIdle: z
        .boolean({ error: 'must be true or false' })
        .default(false)
        .describe(
          'Whether the next sign-in asks for credentials (`prompt=login`) after a session has ' +
            'expired. Without it, the session of the tenant signs the user in again without a ' +
            'password, docs/configuration.md#sign-in-after-a-timeout.',
        ),
      store: storeSchema,
    })
    .refine((session) => session.idleMinutes <= session.absoluteMinutes, {
      path: ['idleMinutes'],
      error: 'must not be more than session.absoluteMinutes',
    }),
  stop: z
    .strictObject({
      drainSeconds: seconds({ min: 0, defaultValue: 0 }).describe(
        'Seconds to keep serving on shutdown while `/readyz` already returns 503, so that load ' +
          'balancers can remove the instance, docs/reload-and-shutdown.md#stopping.',
      ),
      graceSeconds: seconds({ min: 1, defaultValue: 10 }).describe(
        'Seconds for in-flight requests to finish on shutdown, after `stop.drainSeconds`.',
      ),
    })
    .prefault({}),
  responseMode: responseModeSchema,
  signedOutPages: z
    .enum(['401', 'redirect'], { error: 'must be "401" or "redirect"' })
    .default('401')
    .describe(
      'Response to an unauthenticated page navigation to a protected page: `"401"` (the 401 ' +
        'page) or `"redirect"` (to sign-in).',
    ),
  hsts: hstsSchema,
  operations: operationsSchema,
  trustedProxies: trustedProxiesSchema,
  gate: gateSchema.optional(),
  site: siteSchema,
  templates: folder()
    .optional()
    .describe(
      'Folder with templates. Each file replaces the built-in one with the same name; ' +
        '`languages/*.json` replaces single texts, docs/customize-pages.md.',
    ),
  log: z
    .strictObject({
      level: z
        .enum(['debug', 'info', 'warn', 'error', 'silent'], {
          error: 'must be "debug", "info", "warn", "error" or "silent"',
        })
        .default('info')
        .describe(
          'Log level: `debug`, `info`, `warn`, `error` or `silent`. With `debug`, error pages ' +
            'show the log details to every visitor; do not use it in production.',
        ),
    })
    .prefault({}),
});

/** The content of a configuration file, for editors of TypeScript. */
export type SignInConfig = z.input<typeof settings>;

/** Valid settings. */
export type Settings = z.output<typeof settings>;
