import { BASE64 } from './references.ts';

/** An image that the server serves. */
export interface Image {
  contentType: string;
  /** With the dot: `.png`. */
  extension: string;
  body: Buffer;
}

const MAX_BYTES = 256 * 1024;

// The text before the root element: XML declaration, comments, document type.
const SVG =
  /^\uFEFF?\s*(?:<\?(?:(?!\?>)[\s\S])*\?>\s*|<!--(?:(?!-->)[\s\S])*-->\s*|<!DOCTYPE[^>]*>\s*)*<svg[\s/>]/i;

/** By content and not by name: the response has this type with `nosniff`, so browsers accept no other. */
const KINDS: [contentType: string, extension: string, matches: (body: Buffer) => boolean][] = [
  ['image/png', '.png', startsWith('89504e470d0a1a0a')],
  ['image/jpeg', '.jpg', startsWith('ffd8ff')],
  ['image/webp', '.webp', (body) => /^RIFF[\s\S]{4}WEBP/.test(body.toString('latin1', 0, 12))],
  ['image/svg+xml', '.svg', (body) => SVG.test(body.toString('utf8'))],
];

/** The image of a resolved file; a problem; or nothing if the file could not be read, which is an issue already. */
export function parseImage(value: string): Image | { problem: string } | undefined {
  if (!value.startsWith(BASE64)) return undefined;
  const body = Buffer.from(value.slice(BASE64.length), 'base64');
  if (body.length > MAX_BYTES) {
    const size = Math.ceil(body.length / 1024);
    return { problem: `must be a file of ${MAX_BYTES / 1024} KiB or less; it has ${size} KiB` };
  }
  const kind = KINDS.find(([, , matches]) => matches(body));
  if (!kind) return { problem: 'must be a PNG, JPEG, WebP or SVG file' };
  const [contentType, extension] = kind;
  return { contentType, extension, body };
}

function startsWith(hex: string): (body: Buffer) => boolean {
  const signature = Buffer.from(hex, 'hex');
  return (body) => body.subarray(0, signature.length).equals(signature);
}
