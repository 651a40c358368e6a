import { z } from 'zod';
import { gateSchema } from './gate.ts';
import { operationsSchema } from './operations.ts';
import { providerShape } from './provider.ts';
import { storeSchema } from './store.ts';
import { trustedProxiesSchema } from './trusted-proxies.ts';
import { type ConfigSources, listenShape, settingKinds } from './values.ts';

/**
 * Every setting, with its default, its faults and the words that editors show and that the table of
 * docs/configuration.md consists of.
 */
export function settingsSchema(sources: ConfigSources) {
  const kinds = settingKinds(sources);
  const { baseUrl, file, folder, minutes, path, seconds, secret } = kinds;
  const provider = providerShape(kinds);
  return z.strictObject({
    $schema: z.string().optional().describe('for editors: `./config.schema.json`'),
    baseUrl: baseUrl
      .optional()
      .describe(
        'the public address: scheme, host and port, `https`, or `http` for localhost; without ' +
          'it `http://localhost:<port>`. Redirect and return addresses come from here and from ' +
          'nothing else',
      ),
    listen: z
      .strictObject({
        ...listenShape(3000),
        tls: z
          .strictObject({
            cert: file().describe('a PEM file, to answer https without a proxy in front'),
            key: file({ secret: true }).describe(
              'its key, also a PEM file; needed with `listen.tls.cert`',
            ),
          })
          .optional(),
      })
      .prefault({}),
    ...provider,
    tenants: z
      .record(
        z.string(),
        z.strictObject({
          ...provider,
          label: z
            .string({ error: 'must be a text' })
            .optional()
            .describe('puts a link to its sign-in on the pages for people who are not signed in'),
        }),
        {
          error: 'must be further tenants by name',
        },
      )
      .prefault({})
      .describe('further tenants under names of your own, docs/configuration.md#several-tenants'),
    routes: z
      .strictObject({
        prefix: path('/auth').default('/auth').describe('where the routes are'),
        callback: path('/auth/redirect')
          .optional()
          .describe(
            'the path of the redirect URI, so that one that is registered can be kept; without ' +
              'it `<prefix>/redirect`',
          ),
      })
      .prefault({}),
    session: z
      .strictObject({
        secrets: z
          .array(secret(32), { error: 'must be a list of secrets: the first signs, all verify' })
          .min(1, { error: 'must hold at least one secret' })
          .describe('texts of 32 characters or more: the first signs and seals, all are accepted'),
        idleMinutes: minutes(60).describe(
          'a session ends when it has not been used for so long (to within a twentieth)',
        ),
        absoluteMinutes: minutes(480).describe(
          'a session ends after so long, however much it is used',
        ),
        store: storeSchema(kinds),
      })
      .refine((session) => session.idleMinutes <= session.absoluteMinutes, {
        path: ['idleMinutes'],
        error: 'must not be more than session.absoluteMinutes',
      }),
    stop: z
      .strictObject({
        drainSeconds: seconds({ least: 0, otherwise: 0 }).describe(
          'for so long, when it is to stop, the server says that it is not ready and goes on ' +
            'answering, so that balancers notice, docs/signals.md#stopping',
        ),
        graceSeconds: seconds({ least: 1, otherwise: 10 }).describe(
          'what runs then has so long to finish',
        ),
      })
      .prefault({}),
    signedOutPages: z
      .enum(['401', 'redirect'], { error: 'must be "401" or "redirect"' })
      .default('401')
      .describe(
        'what a protected page does with a visitor who is not signed in: the 401 page, or ' +
          '`"redirect"` to sign-in',
      ),
    operations: operationsSchema(),
    trustedProxies: trustedProxiesSchema,
    gate: gateSchema.optional(),
    templates: folder()
      .optional()
      .describe(
        'a folder whose files replace the built-in `templates/` of the same name, and whose ' +
          '`languages/*.json` replace single texts: docs/templates.md',
      ),
    log: z
      .strictObject({
        level: z
          .enum(['debug', 'info', 'warn', 'error', 'silent'], {
            error: 'must be "debug", "info", "warn", "error" or "silent"',
          })
          .default('info')
          .describe(
            '`debug`, `info`, `warn`, `error` or `silent`. With `debug` error pages tell ' +
              'everybody what the log says of the error: not for production',
          ),
      })
      .prefault({}),
  });
}
