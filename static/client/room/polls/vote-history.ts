import { fetchWithTimeout } from '../../connection/fetch-with-timeout.ts';

/** The counts of the options after a vote, and its time in milliseconds since 1970. */
export interface Point {
  readonly at: number;
  readonly counts: readonly number[];
}

export interface VoteHistory {
  readonly options: readonly string[];
  readonly points: readonly Point[];
}

/** The URL of more data about a poll. */
export function pathOfPoll(article: HTMLElement): string {
  const path = article
    .querySelector('form')
    ?.getAttribute('action')
    ?.replace(/commands$/, 'polls/');
  return `${path}${article.id.slice('m-'.length)}`;
}

/** How the votes of a poll came in, from the server. */
export async function fetchVoteHistory(article: HTMLElement): Promise<VoteHistory | undefined> {
  const response = await fetchWithTimeout(`${pathOfPoll(article)}/history`).catch(() => undefined);
  return response?.ok ? response.json() : undefined;
}
