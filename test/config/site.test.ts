// The settings of `site`, and the colors that follow from the accent.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import {
  contrastOf,
  DARK_BACKGROUND,
  findContrastIssue,
  LIGHT_BACKGROUND,
  toAccentColor,
} from '../../dist/config/accent-color.js';
import { parseConfig } from '../../dist/config/parse-config.js';
import { SignInError } from '../../dist/errors.js';

const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);
const FILES: Record<string, Buffer> = {
  'logo.png': PNG,
  'logo.jpg': Buffer.from('ffd8ffe000104a464946', 'hex'),
  'logo.webp': Buffer.from('RIFF\0\0\0\0WEBPVP8 ', 'latin1'),
  'logo.svg': Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'),
  'drawn.svg': Buffer.from(
    '\uFEFF<?xml version="1.0"?>\n<!-- > a -- tool -->\n<!DOCTYPE svg>\n<svg\nwidth="1"></svg>\n',
  ),
  'page.svg': Buffer.from('<html><svg></svg></html>'),
  'comment.svg': Buffer.from(`${'<!-- -->'.repeat(10_000)}<html>`),
  'empty.png': Buffer.alloc(0),
  'large.png': Buffer.concat([PNG, Buffer.alloc(256 * 1024)]),
};

function parse(site: unknown) {
  const config = {
    tenant: { authority: 'https://contoso.b2clogin.com/contoso.onmicrosoft.com' },
    client: { id: '11111111-1111-1111-1111-111111111111', secret: 'client-secret' },
    policies: { signIn: 'B2C_1_susi' },
    session: { secrets: ['a-secret-of-at-least-32-characters'] },
    ...(site === undefined ? {} : { site }),
  };
  return parseConfig(config, {
    env: {},
    resolvePath: String,
    isFolder: () => true,
    readFile(path, { encoding = 'utf8' }) {
      const file = FILES[path];
      if (!file) throw new Error('ENOENT');
      return file.toString(encoding);
    },
  }).site;
}

function errorsIn(site: unknown): string[] {
  try {
    parse(site);
  } catch (error) {
    assert.ok(error instanceof SignInError);
    return error.message.split('\n');
  }
  return [];
}

test('without the settings, pages have the name and the color of the product', () => {
  assert.deepEqual(parse(undefined), { name: 'b2c-signin' });
});

test('the type of a logo comes from its content', () => {
  const rows: [string, string, string][] = [
    ['logo.png', 'image/png', '.png'],
    ['logo.jpg', 'image/jpeg', '.jpg'],
    ['logo.webp', 'image/webp', '.webp'],
    ['logo.svg', 'image/svg+xml', '.svg'],
    ['drawn.svg', 'image/svg+xml', '.svg'],
  ];
  for (const [file, contentType, extension] of rows) {
    assert.deepEqual(parse({ logo: file }).logo, { contentType, extension, body: FILES[file] });
  }
});

describe('each invalid setting is named', () => {
  const rows: [string, unknown, RegExp][] = [
    ['an empty name', { name: ' ' }, /^site\.name: must be a name of 1 to 60 characters$/],
    ['a long name', { name: 'x'.repeat(61) }, /^site\.name: must be a name of 1 to 60 char/],
    ['a name of two lines', { name: 'a\nb' }, /^site\.name: /],
    ['a name that turns the text around', { name: 'a\u202eb' }, /^site\.name: /],
    ['a missing logo', { logo: 'none.png' }, /^site\.logo: names a file that cannot be read$/],
    ['a logo on the web', { logo: 'https://x/logo.png' }, /^site\.logo: names a file that cannot/],
    ['an empty logo', { logo: 'empty.png' }, /^site\.logo: must be a PNG, JPEG, WebP or SVG file$/],
    ['HTML as a logo', { logo: 'page.svg' }, /^site\.logo: must be a PNG/],
    ['comments as a logo', { logo: 'comment.svg' }, /^site\.logo: must be a PNG/],
    [
      'a large logo',
      { logo: 'large.png' },
      /^site\.logo: must be .* 256 KiB or less; it has 257 KiB$/,
    ],
    ['no path', { logo: 7 }, /^site\.logo: must be the path of an image$/],
    ['the name of a color', { accentColor: 'red' }, /^site\.accentColor: must be a color, such as/],
    ['no color', { accentColor: 7 }, /^site\.accentColor: must be a color, such as/],
    [
      'a color without contrast',
      { accentColor: '#ff8800' },
      /^site\.accentColor: has a contrast of 2\.1:1 on the pages, and text needs 4\.5:1\. The nearest darker color with enough contrast is "#a85a00"\.$/,
    ],
    ['an unknown setting', { color: '#000000' }, /^site\.color: unknown setting/],
  ];
  for (const [name, site, expected] of rows) {
    test(name, () => {
      const errors = errorsIn(site);
      assert.equal(errors.length, 1, errors.join('\n'));
      assert.match(errors[0] ?? '', expected);
    });
  }
});

const color = fc
  .integer({ min: 0, max: 0xffffff })
  .map((number) => `#${number.toString(16).padStart(6, '0')}`);

test('the contrast of two colors is that of WCAG', () => {
  assert.equal(contrastOf('#000000', '#ffffff'), 21);
  assert.equal(contrastOf('#777777', '#777777'), 1);
  assert.equal(contrastOf('#ffffff', '#777777').toFixed(2), '4.48');
});

test('every accepted color, and every suggested one, has enough contrast in both color schemes', () => {
  fc.assert(
    fc.property(color, (given) => {
      const accepted = findContrastIssue(given)?.better ?? given;
      assert.equal(findContrastIssue(accepted), undefined);
      const { light, dark } = toAccentColor(accepted);
      for (const shade of [light.accent, light.strong]) {
        assert.ok(contrastOf(shade, LIGHT_BACKGROUND) >= 4.5, shade);
        assert.ok(contrastOf(shade, '#ffffff') >= 4.5, 'text of buttons');
      }
      for (const shade of [dark.accent, dark.strong]) {
        assert.ok(contrastOf(shade, DARK_BACKGROUND) >= 4.5, shade);
        assert.ok(contrastOf(shade, '#0b1a30') >= 4.5, 'text of buttons');
      }
    }),
  );
});

test('the checked backgrounds are those of the style sheet with the least contrast', () => {
  const style = readFileSync(new URL('../../templates/style.css', import.meta.url), 'utf8');
  const [light = '', dark = ''] = style.split('prefers-color-scheme: dark');
  const colorsOf = (part: string, ...names: string[]) =>
    names.map((name) => {
      const [, value = ''] = new RegExp(`--${name}: (#[0-9a-f]+);`).exec(part) ?? [];
      return value.length === 4 ? value.replace(/[0-9a-f]/g, '$&$&') : value;
    });
  const least = (colors: string[], accent: string) =>
    colors.sort((a, b) => contrastOf(a, accent) - contrastOf(b, accent))[0];
  const names = ['page', 'surface', 'tint'];
  assert.equal(least(colorsOf(light, ...names), '#000000'), LIGHT_BACKGROUND);
  assert.equal(least(colorsOf(dark, ...names), '#ffffff'), DARK_BACKGROUND);
  assert.deepEqual(colorsOf(light, 'on-accent'), ['#ffffff']);
  assert.deepEqual(colorsOf(dark, 'on-accent'), ['#0b1a30']);
});
