import axe from 'axe-core';
import type { Page } from 'playwright-core';

const DESK = { width: 1280, height: 900 };
// The narrowest there is, and what a window of 640 pixels becomes at a zoom of 200 %.
const PHONE = { width: 320, height: 640 };

// Neighbours differ in one thing only, which saves time.
const VIEWS = [
  { name: 'light, on a desk', colorScheme: 'light', size: DESK },
  { name: 'dark, on a desk', colorScheme: 'dark', size: DESK },
  { name: 'dark, on a phone', colorScheme: 'dark', size: PHONE },
  { name: 'light, on a phone', colorScheme: 'light', size: PHONE },
] as const;

/** For what has been seen in every view already, in another language say. */
export const NARROW = VIEWS.slice(-1);

// With all other rules once for each page: these depend on the view.
const OF_THE_VIEW = ['color-contrast', 'target-size', 'scrollable-region-focusable'];

/** What axe-core has against the page that is open, in both colour schemes, on a desk and on a phone. */
export async function violationsOf(
  page: Page,
  views: readonly (typeof VIEWS)[number][] = VIEWS,
): Promise<string[]> {
  const found: string[] = [];
  // In the page, but not of it: its content security policy has no say in this.
  await page.evaluate(axe.source);
  for (const [index, { name, colorScheme, size }] of views.entries()) {
    const before = views[index - 1];
    // A colour on its way to another one is neither.
    if (before?.colorScheme !== colorScheme)
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    if (before?.size !== size) await page.setViewportSize(size);
    const rules = index === 0 ? undefined : OF_THE_VIEW;
    const violations = await page.evaluate(async (only) => {
      const { axe } = globalThis as unknown as { axe: typeof import('axe-core') };
      const rules = { 'target-size': { enabled: true } };
      const results = await axe.run({ rules, ...(only ? { runOnly: only } : {}) });
      return results.violations.flatMap(({ id, nodes }) =>
        nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`),
      );
    }, rules);
    found.push(...violations.map((violation) => `${name}: ${violation}`));
    const tooWide = await page.evaluate(
      'document.documentElement.scrollWidth - document.documentElement.clientWidth',
    );
    if (tooWide) found.push(`${name}: ${tooWide} pixels wider than the window`);
  }
  return found;
}
