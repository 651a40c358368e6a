import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, type TestContext } from 'node:test';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { CHROMIUM_FLAGS, chromiumPath } from './chromium-path.js';
import { emptyFolder } from './folder.js';

/** A real browser with one profile, and everything in it that should not have happened. */
export interface Chromium {
  context: BrowserContext;
  page: Page;
  /** Console errors and requests to hosts other than the two of the demo. */
  complaints: string[];
}

/** Where Chromium is. Skips the test in sight where it is nowhere; with CI=true that is a failure. */
export function findChromium(t: TestContext): string | undefined {
  const executablePath = chromiumPath();
  if (executablePath) return executablePath;
  if (process.env['CI'] === 'true') throw new Error('Chromium is not installed');
  t.skip('Chromium is not installed (set CHROMIUM to its path)');
  return undefined;
}

export async function openChromium(
  t: TestContext,
  {
    thirdPartyCookies = false,
    ...options
  }: {
    javaScriptEnabled?: boolean;
    ignoreHTTPSErrors?: boolean;
    /** Lets frames of other sites have their `SameSite=None` cookies, as older browsers do. */
    thirdPartyCookies?: boolean;
  } = {},
): Promise<Chromium | undefined> {
  const executablePath = findChromium(t);
  if (!executablePath) return undefined;
  const context = await (thirdPartyCookies ? openProfile : openIncognito)(
    t,
    executablePath,
    options,
  );
  const complaints: string[] = [];
  context.on('console', (message) => {
    if (message.type() === 'error') complaints.push(`console: ${message.text()}`);
  });
  context.on('weberror', (error) => complaints.push(`script: ${error.error().message}`));
  context.on('request', (request) => {
    const { hostname, protocol } = new URL(request.url());
    const own = ['localhost', '127.0.0.1'].includes(hostname) || protocol === 'data:';
    if (!own) complaints.push(`request to ${hostname}`);
  });
  return { context, page: await context.newPage(), complaints };
}

type Options = { javaScriptEnabled?: boolean; ignoreHTTPSErrors?: boolean };

/** One for all tests of a file, because its start takes longer than most of them. */
let launched: Promise<Browser> | undefined;
after(async () => (await launched)?.close());

// Cookies, caches and what else a browser remembers are its context's.
async function openIncognito(t: TestContext, executablePath: string, options: Options) {
  launched ??= chromium.launch({ executablePath, args: CHROMIUM_FLAGS });
  const context = await (await launched).newContext(options);
  t.after(() => context.close());
  return context;
}

// Only a profile on the disk has settings.
async function openProfile(t: TestContext, executablePath: string, options: Options) {
  let context: BrowserContext | undefined;
  // Before the folder goes: what is registered first runs first.
  t.after(() => context?.close());
  const folder = emptyFolder(t);
  mkdirSync(path.join(folder, 'Default'));
  const preferences = JSON.stringify({ profile: { cookie_controls_mode: 0 } });
  writeFileSync(path.join(folder, 'Default', 'Preferences'), preferences);
  const given = { executablePath, args: CHROMIUM_FLAGS, ...options };
  context = await chromium.launchPersistentContext(folder, given);
  return context;
}
