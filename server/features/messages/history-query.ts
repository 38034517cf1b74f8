import type { HistoryPage, HistoryPages } from '../../core/history-pages.ts';
import type { Reader } from '../../core/renderer.ts';

/** The number of messages on a page of the history. */
export const PAGE = { default: 50, max: 100 } as const;
export const MAX_ID = Number.MAX_SAFE_INTEGER;

/** A page of messages by id: before or after a message, or around one. */
interface HistoryQuery {
  readonly before?: number | undefined;
  readonly since?: number | undefined;
  readonly at?: number | undefined;
}

/** The messages of a page; without a query, the latest. */
export function loadPage(
  pages: HistoryPages,
  { before, since, at }: HistoryQuery,
  reader: Reader,
): Promise<HistoryPage> {
  if (at !== undefined) return pages.around(at, PAGE.default, reader);
  if (before !== undefined) return pages.before(before, PAGE.max, reader);
  if (since !== undefined) return pages.after(since, PAGE.max, reader);
  return pages.latest(reader);
}
