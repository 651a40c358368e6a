import { readFileSync } from 'node:fs';

const DOCUMENT = readFileSync(new URL('../../docs/configuration.md', import.meta.url), 'utf8');

/** Every path that the table of routes names, so that a new route is tested without a word. */
export const DOCUMENTED_PATHS = [
  ...(DOCUMENT.split('## Routes')[1] ?? '').matchAll(/`(\/[a-z_/]*)`/g),
].map(([, path = '']) => path);
