import axe from 'axe-core';
import type { Page } from 'playwright-core';

/** What axe-core finds wrong with the page as it stands, by all its rules or by these. */
export async function findings(page: Page, ...rules: readonly string[]): Promise<string[]> {
  await page.evaluate(axe.source);
  const options = rules.length > 0 ? JSON.stringify({ runOnly: rules }) : '';
  const { violations } = (await page.evaluate(`axe.run(${options})`)) as axe.AxeResults;
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
}

/** Whether nothing is wider than the screen. */
export function fits(page: Page): Promise<boolean> {
  return page.evaluate(() =>
    [document.documentElement, document.querySelector('#timeline')].every(
      (element) => !element || element.scrollWidth <= element.clientWidth,
    ),
  );
}
