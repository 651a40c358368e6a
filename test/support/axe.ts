import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';

// Each page compiles it again, and this form is less than half as long.
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const DESK = { width: 1280, height: 900 };
// The narrowest supported width, and what a window of 640 pixels becomes at a zoom of 200 %.
const PHONE = { width: 320, height: 640 };

const LAYOUT_RULES = ['target-size', 'scrollable-region-focusable'];

interface View {
  name: string;
  colorScheme: 'light' | 'dark';
  size: typeof DESK;
  /** The rules whose outcome depends on the view; without them, every rule. */
  rules?: readonly string[];
}

// Neighbors differ in one thing only, which saves time.
const VIEWS: readonly View[] = [
  { name: 'light, on a desk', colorScheme: 'light', size: DESK },
  { name: 'dark, on a desk', colorScheme: 'dark', size: DESK, rules: ['color-contrast'] },
  {
    name: 'dark, on a phone',
    colorScheme: 'dark',
    size: PHONE,
    rules: ['color-contrast', ...LAYOUT_RULES],
  },
  { name: 'light, on a phone', colorScheme: 'light', size: PHONE, rules: ['color-contrast'] },
];

/** For a page that was checked in every view in another language: colors do not depend on it. */
export const OTHER_LANGUAGE: readonly View[] = [
  {
    name: 'light, on a phone',
    colorScheme: 'light',
    size: PHONE,
    rules: [...LAYOUT_RULES, 'html-has-lang', 'html-lang-valid', 'valid-lang', 'document-title'],
  },
];

/** The violations that axe-core reports for the open page, and the views it is too wide for. */
export async function violationsOf(page: Page, views = VIEWS): Promise<string[]> {
  const violations: string[] = [];
  // Evaluated by the browser, so that the content security policy of the page does not apply.
  await page.evaluate(AXE);
  for (const [index, { name, colorScheme, size, rules }] of views.entries()) {
    const previous = views[index - 1];
    // Without motion, because a color in transition is neither of the two.
    if (previous?.colorScheme !== colorScheme)
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    if (previous?.size !== size) await page.setViewportSize(size);
    const [found, tooWide] = await page.evaluate(async (only) => {
      const { axe } = globalThis as unknown as { axe: typeof import('axe-core') };
      const results = await axe.run({
        rules: { 'target-size': { enabled: true } },
        // Only violations are described in full, no selectors are made, and nothing is fetched again.
        resultTypes: ['violations'],
        selectors: false,
        preload: false,
        ...(only ? { runOnly: [...only] } : {}),
      });
      const { scrollWidth, clientWidth } = document.documentElement;
      const texts = results.violations.flatMap(({ id, nodes }) =>
        nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`),
      );
      return [texts, scrollWidth - clientWidth] as const;
    }, rules);
    violations.push(...found.map((violation) => `${name}: ${violation}`));
    if (tooWide) violations.push(`${name}: ${tooWide} pixels wider than the window`);
  }
  return violations;
}
