import { existsSync } from 'node:fs';

// The headless shell is Chromium without its own windows: pages cost a third of the CPU time.
const PATHS = [
  process.env['CHROMIUM'],
  '/usr/bin/chromium-headless-shell',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
];
export const CHROMIUM_FLAGS = [
  ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
  ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
];

export const chromiumPath = (): string | undefined =>
  PATHS.find((path) => path && existsSync(path));
