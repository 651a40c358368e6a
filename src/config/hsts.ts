import { z } from 'zod';

export const hstsSchema = z
  .union(
    [
      z.literal(false),
      z.strictObject({
        maxAgeSeconds: z
          .int({ error: 'must be a whole number of seconds' })
          .min(0, { error: 'must be 0 or more' })
          .default(31_536_000),
        includeSubDomains: z.boolean({ error: 'must be true or false' }).default(false),
      }),
    ],
    { error: 'must be false or { "maxAgeSeconds", "includeSubDomains" }' },
  )
  .prefault({})
  .describe(
    '`Strict-Transport-Security` of the responses on HTTPS: `{ "maxAgeSeconds": 31536000, ' +
      '"includeSubDomains": false }`, or `false` for no header. With `includeSubDomains`, browsers ' +
      'use HTTPS for every host below the host of `baseUrl`. Responses of the gate never carry the ' +
      'header: they may reach the browser on the hosts of applications.',
  );
