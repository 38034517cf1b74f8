import { roomPath } from '../../../server/shared/routes.ts';
import { fetchWithTimeout } from '../connection/fetch-with-timeout.ts';
import { parseFragments } from '../lib/dom.ts';
import type { HistoryPage, HistoryQuery } from './history-loader.ts';

/**
 * A page of the history, at most `limit` messages before or since a message.
 * @throws if it cannot be loaded
 */
export async function fetchHistory(
  room: string,
  query: HistoryQuery,
  limit: number,
): Promise<HistoryPage<HTMLElement>> {
  const response = await fetchWithTimeout(`${roomPath(room)}/messages?${query}&limit=${limit}`, {
    headers: { Accept: 'text/html' },
  });
  if (!response.ok) throw new Error(response.statusText);
  // Pages of long messages are shorter: a Link header shows whether there is more (RFC 8288).
  const beyond = query.startsWith('before') ? 'rel="prev"' : 'rel="next"';
  const isLast = !response.headers.get('Link')?.includes(beyond);
  return { messages: parseFragments(await response.text()), isLast };
}
