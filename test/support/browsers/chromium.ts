import {
  type BrowserContext,
  type Browser as Chrome,
  chromium,
  type Page as Tab,
} from 'playwright-core';
import { browserPath } from '../../../scripts/browsers.ts';
import { type Browser, type Keys, Page, TIME_ZONE } from './page.ts';

/** Chromium, driven over its DevTools protocol. */
export class Chromium implements Browser {
  readonly #chrome: Chrome;
  #context: BrowserContext | undefined;
  #errors: string[] = [];

  private constructor(chrome: Chrome) {
    this.#chrome = chrome;
  }

  static async start(): Promise<Chromium> {
    const args = ['--no-sandbox', '--disable-gpu'];
    return new Chromium(await chromium.launch({ executablePath: browserPath(), args }));
  }

  async open(url: string): Promise<Page> {
    this.#context ??= await this.#chrome.newContext({ locale: 'en-US', timezoneId: TIME_ZONE });
    const tab = await this.#context.newPage();
    tab.on('pageerror', ({ message }) => this.#errors.push(message));
    tab.on('console', (entry) => {
      if (entry.text().includes('Content Security Policy')) this.#errors.push(entry.text());
    });
    const page = new ChromiumPage(tab);
    await page.goto(url);
    return page;
  }

  async reset(): Promise<readonly string[]> {
    await this.#context?.close();
    this.#context = undefined;
    return this.#errors.splice(0);
  }

  close(): Promise<void> {
    return this.#chrome.close();
  }
}

class ChromiumPage extends Page {
  readonly #tab: Tab;

  constructor(tab: Tab) {
    super();
    this.#tab = tab;
  }

  async goto(url: string): Promise<void> {
    await this.#tab.goto(url);
  }

  async reload(): Promise<void> {
    await this.#tab.reload();
  }

  click(selector: string): Promise<void> {
    return this.#tab.locator(selector).first().click();
  }

  type(text: string): Promise<void> {
    return this.#tab.keyboard.type(text);
  }

  press(keys: Keys): Promise<void> {
    return this.#tab.keyboard.press(keys);
  }

  attach(selector: string, ...paths: string[]): Promise<void> {
    return this.#tab.setInputFiles(selector, paths);
  }

  screenshot(): Promise<Buffer> {
    return this.#tab.screenshot();
  }

  resize(width: number, height: number): Promise<void> {
    return this.#tab.setViewportSize({ width, height });
  }

  close(): Promise<void> {
    return this.#tab.close();
  }

  protected run(script: string): Promise<string> {
    return this.#tab.evaluate(`(async () => { ${script} })()`);
  }
}
