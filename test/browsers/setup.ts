import type { TestContext } from 'node:test';
import type { Browser, Page } from '../support/browsers/page.ts';

export type Case = (place: Place, t: TestContext) => Promise<void>;

/** A room that a test has for itself, in the browser that it is tried in. */
export class Place {
  readonly #browser: Browser;
  readonly #origin: string;
  readonly room: string;

  constructor(browser: Browser, origin: string, room: string) {
    this.#browser = browser;
    this.#origin = origin;
    this.room = room;
  }

  get url(): string {
    return new URL(`/rooms/${this.room}`, this.#origin).href;
  }

  /** Where the server listens. */
  get port(): number {
    return Number(new URL(this.#origin).port);
  }

  /** The same room at another address. */
  at(origin: string): Place {
    return new Place(this.#browser, origin, this.room);
  }

  /** Opens a page of the room, and waits until it is connected. */
  async open(): Promise<Page> {
    const page = await this.#browser.open(this.url);
    await isLive(page);
    return page;
  }

  /** Opens what the projector shows of the room. */
  openProjector(): Promise<Page> {
    return this.#browser.open(`${this.url}/present`);
  }
}

/** Waits until the page is connected: by any transport, or by this one. */
export function isLive(page: Page, transport?: string): Promise<void> {
  const selector = transport ? `[data-transport=${transport}]` : '';
  return page.waitForVisible(`#state[data-state=live]${selector}`);
}

export async function postMessage(page: Page, text: string): Promise<void> {
  await page.fill('#message', text);
  await page.press('Enter');
}

/** Waits until the last message of the page is this one. */
export async function waitForMessage(page: Page, text: string): Promise<void> {
  await page.until((last) => {
    const bodies = document.querySelectorAll('.message:not(.pending) > .body');
    return [...bodies].at(-1)?.textContent === last;
  }, text);
}

/** The messages that the page shows. */
export function messagesOn(page: Page): Promise<string[]> {
  return page.texts('.message:not(.pending) > .body');
}
