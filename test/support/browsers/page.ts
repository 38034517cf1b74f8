import { setTimeout as wait } from 'node:timers/promises';

/** The keys that are pressed by name, and how WebDriver writes them (WebDriver, section 15.4.2). */
export const KEYS = {
  Enter: '\uE007',
  Shift: '\uE008',
  Escape: '\uE00C',
  ArrowUp: '\uE013',
  ArrowDown: '\uE015',
} as const;

/** Keys that are held down together, as `Shift+Enter`. */
export type Keys = keyof typeof KEYS | `Shift+${keyof typeof KEYS}`;

/** What a condition is awaited for at most. */
const TIMEOUT_MS = 30_000;
const POLL_MS = 40;

/** A page in a window of its own. Each browser does a few things in its way; the rest is built on them. */
export abstract class Page {
  /** Leads to an address, and waits until its document has been loaded. */
  abstract goto(url: string): Promise<void>;
  abstract reload(): Promise<void>;
  /** Clicks with the mouse, in the middle of the first element. */
  abstract click(selector: string): Promise<void>;
  /** Types where the focus is, one key after the other. */
  abstract type(text: string): Promise<void>;
  abstract press(keys: Keys): Promise<void>;
  /** Picks files in a file field. */
  abstract attach(selector: string, ...paths: string[]): Promise<void>;
  /** @returns a PNG of what is in view */
  abstract screenshot(): Promise<Buffer>;
  abstract resize(width: number, height: number): Promise<void>;
  abstract close(): Promise<void>;

  /** @param script the body of an async function that returns a string */
  protected abstract run(script: string): Promise<string>;

  /** Calls a function in the page. What goes in and what comes back is JSON. */
  async evaluate<A extends readonly unknown[], T>(
    fn: (...args: A) => T | Promise<T>,
    ...args: A
  ): Promise<T> {
    const call = `(${fn})(...${JSON.stringify(args)})`;
    return JSON.parse(await this.run(`return JSON.stringify((await ${call}) ?? null);`));
  }

  /** Waits until a function in the page gives something else than nothing, and gives that. */
  async until<A extends readonly unknown[], T>(fn: (...args: A) => T, ...args: A): Promise<T> {
    const end = Date.now() + TIMEOUT_MS;
    let last: unknown;
    while (Date.now() < end) {
      try {
        const value = await this.evaluate(fn, ...args);
        if (value) return value;
        last = value;
      } catch (error) {
        // The document may be on its way out.
        last = error;
      }
      await wait(POLL_MS);
    }
    throw new Error(`Waited in vain for ${fn} ${JSON.stringify(args)}: ${last}`);
  }

  /** Waits for an element that is to be seen. */
  async sees(selector: string): Promise<void> {
    await this.until((wanted) => document.querySelector(wanted)?.checkVisibility(), selector);
  }

  /** The texts of all elements that match. */
  texts(selector: string): Promise<string[]> {
    return this.evaluate(
      (wanted) => [...document.querySelectorAll(wanted)].map(({ textContent }) => textContent),
      selector,
    );
  }

  /** What is in a field. */
  value(selector: string): Promise<string | undefined> {
    return this.evaluate(
      (wanted) => document.querySelector<HTMLTextAreaElement>(wanted)?.value,
      selector,
    );
  }

  /** Takes one of the options of a selector. */
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

  /** Writes into a field, in place of what is in it. */
  async fill(selector: string, text: string): Promise<void> {
    await this.evaluate((wanted) => {
      const field = document.querySelector<HTMLTextAreaElement>(wanted);
      field?.focus();
      field?.select();
    }, selector);
    await this.type(text);
  }
}

/** Where the browsers take themselves to be: not where a server says its times. */
export const TIME_ZONE = 'Asia/Shanghai';

/** One of the browsers that the page is for. */
export interface Browser {
  /** Opens a page in a window of its own, so that it is in view whatever else is open. */
  open(url: string): Promise<Page>;
  /** Closes all pages, and forgets what they have stored. Gives what went wrong in them. */
  reset(): Promise<readonly string[]>;
  close(): Promise<void>;
}
