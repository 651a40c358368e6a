import { z } from 'zod';
import { findContrastIssue, isColor, toAccentColor } from './accent-color.ts';
import { parseImage } from './image.ts';
import { reject } from './issues.ts';
import { references } from './references.ts';

export const DEFAULT_SITE_NAME = 'b2c-signin';

const NAME = 'must be a name of 1 to 60 characters';
const COLOR = 'must be a color, such as "#1c5bb5"';

const logo = z
  .string({ error: 'must be the path of an image' })
  .transform((value, context) => {
    const image = parseImage(value);
    return image && 'problem' in image ? reject(context, image.problem) : image;
  })
  .register(references, { kind: 'image' });

const accentColor = z.string({ error: COLOR }).transform((color, context) => {
  if (!isColor(color)) return reject(context, COLOR);
  const issue = findContrastIssue(color);
  if (!issue) return toAccentColor(color);
  // Rounded down: 4.49 is not enough, and must not read as 4.5.
  const contrast = Math.floor(issue.contrast * 10) / 10;
  const message = `has a contrast of ${contrast}:1 on the pages, and text needs 4.5:1`;
  const fix = `The nearest darker color with enough contrast is "${issue.better}".`;
  context.addIssue({ code: 'custom', message, params: { fix } });
  return z.NEVER;
});

/** The name and appearance of the site on the pages. */
export const siteSchema = z
  .strictObject({
    name: z
      .string({ error: NAME })
      .regex(/^(?=.*\S)[^\p{Cc}\u2028-\u202e\u2066-\u2069]{1,60}$/u, { error: NAME })
      .default(DEFAULT_SITE_NAME)
      .describe('Name of the site, in the title, header and footer of the pages.'),
    logo: logo
      .optional()
      .describe(
        'Image in the header of the pages, and their icon in the browser: the path of a PNG, ' +
          'JPEG, WebP or SVG file of 256 KiB or less, docs/customize-pages.md#name-logo-and-color.',
      ),
    accentColor: accentColor
      .optional()
      .describe(
        'Color of buttons and links: `#rrggbb`, with a contrast of 4.5:1 on the light pages. ' +
          'Dark pages use a lighter shade, docs/customize-pages.md#name-logo-and-color.',
      ),
  })
  .prefault({});
