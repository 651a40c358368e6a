import axe from 'axe-core';
import type { Page } from 'playwright-core';

/** Two ways to look at a page, which between them have both colour schemes and both widths. */
const VIEWS = [
  { name: 'light, on a desk', colorScheme: 'light', width: 1280, height: 900 },
  { name: 'dark, on a phone', colorScheme: 'dark', width: 360, height: 740 },
] as const;

// With all other rules once for each page: these depend on the view.
const OF_THE_VIEW = ['color-contrast', 'target-size', 'scrollable-region-focusable'];

/** What axe-core has against the page that is open, in both colour schemes, on a desk and on a phone. */
export async function violationsOf(page: Page): Promise<string[]> {
  const found: string[] = [];
  // In the page, but not of it: its content security policy has no say in this.
  await page.evaluate(axe.source);
  for (const [index, { name, colorScheme, width, height }] of VIEWS.entries()) {
    // A colour on its way to another one is neither.
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await page.setViewportSize({ width, height });
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
