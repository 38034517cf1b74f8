import axe from 'axe-core';
import type { Page } from 'playwright-core';

/** The violations that axe-core finds on the page, by all its rules or by these. */
export async function accessibilityViolations(page: Page, ...rules: string[]): Promise<string[]> {
  await page.waitForLoadState();
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe.source);
  // Passed checks are neither described nor transferred.
  const options: axe.RunOptions = { resultTypes: ['violations'] };
  if (rules.length > 0) options.runOnly = rules;
  return page.evaluate(async (what) => {
    const { run } = (window as unknown as { readonly axe: typeof axe }).axe;
    const { violations } = await run(what);
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
  }, options);
}

/** Whether nothing is wider than the screen. */
export function fits(page: Page): Promise<boolean> {
  return page.evaluate(() =>
    [document.documentElement, document.querySelector('#timeline')].every(
      (element) => !element || element.scrollWidth <= element.clientWidth,
    ),
  );
}
