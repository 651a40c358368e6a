import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import type { Page } from 'playwright-core';
import { startApp } from './app.js';
import { openChromium } from './chromium.js';

/** Starts a browser and an application for a user without a mouse. */
export async function startWithKeyboard(t: TestContext) {
  const chromium = await openChromium(t);
  if (!chromium) return undefined;
  chromium.page.setDefaultTimeout(60_000);
  return { ...chromium, app: await startApp(t) };
}

interface Focus {
  /** The name that a screen reader reads. */
  name: string;
  isMarked: boolean;
}

/** The element that has the focus: its name, and whether one can see that it has it. */
export const focusOf = (page: Page): Promise<Focus> =>
  page.evaluate(() => {
    const element = document.activeElement as HTMLElement;
    const { outlineStyle, outlineWidth } = getComputedStyle(element);
    const { width, height } = element.getBoundingClientRect();
    const name = element.id || (element.innerText ?? '').split('\n')[0] || element.tagName;
    const isOutlined = outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 2;
    return { name, isMarked: isOutlined && width > 8 && height > 8 };
  });

/** Presses Tab until the focus is on what is called `name`; each stop on the way must be marked. */
export async function tabTo(page: Page, name: string): Promise<void> {
  const passed: string[] = [];
  for (let presses = 0; presses < 40; presses += 1) {
    await page.keyboard.press('Tab');
    const focus = await focusOf(page);
    // Behind the last element the focus leaves the page, and comes back at its beginning.
    if (focus.name !== 'BODY')
      assert.ok(focus.isMarked, `the focus on ${focus.name} is not visible`);
    if (focus.name === name) return;
    passed.push(focus.name);
  }
  assert.fail(`Tab never comes to ${name}, but to ${passed.join(', ')}`);
}
