import type { MessageKey } from '../../../server/shared/i18n.ts';
import { roomPath } from '../../../server/shared/routes.ts';
import { fetchWithTimeout } from '../connection/fetch-with-timeout.ts';
import { parseFragments } from '../lib/dom.ts';
import { t } from '../lib/messages.ts';

/** The last messages before one, or the first since one. */
export type HistoryQuery = `before=${number}` | `since=${number}`;

/** Page size. */
export const PAGE = 50;

interface HistoryLoaderOptions {
  readonly room: string;
  /** Shows what lies beyond. */
  readonly sign: HTMLElement;
  readonly words: {
    readonly loading: MessageKey;
    readonly failed: MessageKey;
    readonly end?: MessageKey;
  };
  /** The next query: nothing if there is no more. */
  readonly next: () => HistoryQuery | undefined;
  /** Whether the reader has scrolled near. */
  readonly isNear: () => boolean;
  readonly take: (articles: readonly HTMLElement[], isLast: boolean) => void;
}

/** One end of the loaded history: more is loaded when the reader scrolls near it. */
export class HistoryLoader {
  readonly #options: HistoryLoaderOptions;
  #isLoading = false;
  /** After a failure the user retries; scrolling alone would request without end. */
  #hasFailed = false;
  #shown: MessageKey | undefined;

  constructor(options: HistoryLoaderOptions) {
    this.#options = options;
  }

  /** Loads more if the reader is near. */
  look(): void {
    const { next, isNear } = this.#options;
    const query = next();
    this.#show(query);
    if (query === undefined || this.#isLoading || this.#hasFailed || !isNear()) return;
    void this.#load(query);
  }

  async #load(query: HistoryQuery): Promise<void> {
    const { room, next, take } = this.#options;
    this.#isLoading = true;
    this.#show(query);
    try {
      const { articles, isLast } = await fetchHistory(room, query, PAGE);
      // After a reset in the meantime these no longer fit.
      if (next() === query) take(articles, isLast);
    } catch {
      this.#hasFailed = true;
    }
    this.#isLoading = false;
    this.look();
  }

  /** Shows what lies beyond. The space above is always there, or the page would jump. */
  #show(query: HistoryQuery | undefined): void {
    const { sign, words } = this.#options;
    let now = query === undefined ? words.end : undefined;
    if (this.#isLoading) now = words.loading;
    if (this.#hasFailed && query !== undefined) now = words.failed;
    if (now === this.#shown) return;
    this.#shown = now;
    sign.replaceChildren(now ? t(now) : '');
    if (now === words.failed) sign.append(this.#retryButton());
  }

  #retryButton(): HTMLElement {
    const retry = document.createElement('button');
    retry.type = 'button';
    retry.className = 'quiet';
    retry.textContent = t('try-again');
    retry.addEventListener('click', () => {
      this.#hasFailed = false;
      this.look();
    });
    return retry;
  }
}

interface HistoryPage {
  readonly articles: readonly HTMLElement[];
  /** Whether there is nothing beyond them. */
  readonly isLast: boolean;
}

/**
 * A page of the history, at most `limit` messages before or since one.
 * @throws if it cannot be loaded
 */
export async function fetchHistory(
  room: string,
  query: HistoryQuery,
  limit: number,
): Promise<HistoryPage> {
  const response = await fetchWithTimeout(`${roomPath(room)}/messages?${query}&limit=${limit}`, {
    headers: { Accept: 'text/html' },
  });
  if (!response.ok) throw new Error(response.statusText);
  // Pages of long messages are shorter: a Link header shows whether there is more (RFC 8288).
  const beyond = query.startsWith('before') ? 'rel="prev"' : 'rel="next"';
  const isLast = !response.headers.get('Link')?.includes(beyond);
  return { articles: parseFragments(await response.text()), isLast };
}
