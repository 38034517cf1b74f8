import { pathOf } from '../../server/room-path.ts';
import type { Word } from '../../server/words.ts';
import { byId, parseFragments } from './dom.ts';
import type { Timeline } from './timeline.ts';
import { say } from './words.ts';

/** Messages to ask for at once. */
const PAGE = 50;
/** So near to the top of what is there, more is asked for. */
const NEAR_TOP_PX = 600;

/** Brings what is older as one scrolls up. */
export class Older {
  readonly #timeline: Timeline;
  readonly #scroller = byId('timeline');
  readonly #edge = byId('edge');
  #isLoading = false;
  /** One who is told that it failed asks again; scrolling alone would ask without end. */
  #hasFailed = false;
  #shown: Word | undefined;

  constructor(timeline: Timeline) {
    this.#timeline = timeline;
    this.#scroller.addEventListener('scroll', () => this.look(), { passive: true });
  }

  /** Asks for more where the reader is near the top. */
  look(): void {
    const { isWhole, firstId } = this.#timeline;
    this.#show();
    if (isWhole || this.#isLoading || this.#hasFailed || firstId === undefined) return;
    if (this.#scroller.scrollTop < NEAR_TOP_PX) void this.#load(firstId);
  }

  async #load(before: number): Promise<void> {
    this.#isLoading = true;
    this.#show();
    try {
      const path = pathOf(this.#timeline.room);
      const response = await fetch(`${path}/messages?before=${before}&limit=${PAGE}`, {
        headers: { Accept: 'text/html' },
      });
      if (!response.ok) throw new Error(response.statusText);
      const articles = parseFragments(await response.text());
      // A new beginning in the meantime has another place for these.
      if (this.#timeline.firstId === before) {
        this.#timeline.takeOlder(articles);
        this.#timeline.isWhole = articles.length < PAGE;
      }
    } catch {
      this.#hasFailed = true;
    }
    this.#isLoading = false;
    this.look();
  }

  /** Says at the top what lies above. The place for it is always there, or the page would jump. */
  #show(): void {
    const { isWhole } = this.#timeline;
    let now: Word | undefined = isWhole ? 'beginning' : undefined;
    if (this.#isLoading) now = 'loading-older';
    if (this.#hasFailed) now = 'older-failed';
    if (now === this.#shown) return;
    this.#shown = now;
    this.#edge.replaceChildren(now ? say(now) : '');
    if (now === 'older-failed') this.#edge.append(this.#retryButton());
  }

  #retryButton(): HTMLElement {
    const retry = document.createElement('button');
    retry.type = 'button';
    retry.className = 'quiet';
    retry.textContent = say('try-again');
    retry.addEventListener('click', () => {
      this.#hasFailed = false;
      this.look();
    });
    return retry;
  }
}
