import { setTimeout as wait } from 'node:timers/promises';

/** Key names, and their code points in WebDriver (WebDriver, section 15.4.2). */
export const KEYS = {
  Enter: '\uE007',
  Shift: '\uE008',
  Escape: '\uE00C',
  ArrowUp: '\uE013',
  ArrowDown: '\uE015',
} as const;

/** Keys that are held down together, as `Shift+Enter`. */
export type Keys = keyof typeof KEYS | `Shift+${keyof typeof KEYS}`;

/** The timeout for a condition. */
const TIMEOUT_MS = 100_000;
const POLL_MS = 40;

/** A page in its own window. Browsers implement a few primitives; the rest is built on them. */
export abstract class Page {
  /** Navigates to a URL, and waits until its document has been loaded. */
  abstract goto(url: string): Promise<void>;
  abstract reload(): Promise<void>;
  /** Clicks with the mouse, in the middle of the first element. */
  abstract click(selector: string): Promise<void>;
  /** Types into the focused element, one key after the other. */
  abstract type(text: string): Promise<void>;
  abstract press(keys: Keys): Promise<void>;
  /** Picks files in a file field. */
  abstract attach(selector: string, ...paths: string[]): Promise<void>;
  /** @returns a PNG of the viewport */
  abstract screenshot(): Promise<Buffer>;
  abstract resize(width: number, height: number): Promise<void>;
  abstract close(): Promise<void>;

  /** @param script the body of an async function that returns a string */
  protected abstract run(script: string): Promise<string>;

  /** Calls a function in the page. Its arguments and result are passed as JSON. */
  async evaluate<A extends readonly unknown[], T>(
    fn: (...args: A) => T | Promise<T>,
    ...args: A
  ): Promise<T> {
    const call = `(${fn})(...${JSON.stringify(args)})`;
    return JSON.parse(await this.run(`return JSON.stringify((await ${call}) ?? null);`));
  }

  /** Waits until a function in the page returns something truthy, and returns that. */
  async until<A extends readonly unknown[], T>(fn: (...args: A) => T, ...args: A): Promise<T> {
    const end = Date.now() + TIMEOUT_MS;
    let last: unknown;
    while (Date.now() < end) {
      try {
        const value = await this.evaluate(fn, ...args);
        if (value) return value;
        last = value;
      } catch (error) {
        // The document may be unloading.
        last = error;
      }
      await wait(POLL_MS);
    }
    throw new Error(`Timeout while waiting for ${fn} ${JSON.stringify(args)}: ${last}`);
  }

  /** Waits until an element is visible. */
  async waitForVisible(selector: string): Promise<void> {
    await this.until((wanted) => document.querySelector(wanted)?.checkVisibility(), selector);
  }

  /** The texts of all elements that match. */
  texts(selector: string): Promise<string[]> {
    return this.evaluate(
      (wanted) => [...document.querySelectorAll(wanted)].map(({ textContent }) => textContent),
      selector,
    );
  }

  /** The value of a field. */
  value(selector: string): Promise<string | undefined> {
    return this.evaluate(
      (wanted) => document.querySelector<HTMLTextAreaElement>(wanted)?.value,
      selector,
    );
  }

  /** Selects an option. */
  select(selector: string, value: string): Promise<void> {
    return this.evaluate(
      (wanted, option) => {
        const element = document.querySelector<HTMLSelectElement>(wanted);
        if (element) element.value = option;
        element?.dispatchEvent(new Event('change', { bubbles: true }));
      },
      selector,
      value,
    );
  }

  /** Replaces the content of a field. */
  async fill(selector: string, text: string): Promise<void> {
    await this.evaluate((wanted) => {
      const field = document.querySelector<HTMLTextAreaElement>(wanted);
      field?.focus();
      field?.select();
    }, selector);
    await this.type(text);
  }
}

/** The browsers' time zone: not the one in which the server gives its times. */
export const TIME_ZONE = 'Asia/Shanghai';

/** One of the supported browsers. */
export interface Browser {
  /** Opens a page in its own window, so that it is visible whatever else is open. */
  open(url: string): Promise<Page>;
  /** Closes all pages, and clears their storage. Returns the errors that occurred in them. */
  reset(): Promise<readonly string[]>;
  close(): Promise<void>;
}
