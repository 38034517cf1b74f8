import type { TextType } from '../../core/fragment.ts';
import { signal } from '../../templates.ts';
import type { Poll } from './poll.ts';
import { optionsJson } from './poll-view.ts';
import { resultsHtml } from './results-view.ts';
import type { Vote } from './vote.ts';

/** A user's own vote in a poll, for them alone. */
export function voteText({ poll, round, options, texts }: Vote, type: TextType): string {
  if (type === 'json') return JSON.stringify({ type: 'vote', poll, options, texts, round });
  const data = {
    poll,
    round: round ?? null,
    options: options.join(' '),
    texts: texts ? JSON.stringify(texts) : null,
  };
  return signal({ name: `vote-${poll}`, data });
}

/** The results of a poll, for users who see them before others do. */
export function resultsText(id: number, poll: Poll, type: TextType): string {
  if (type !== 'json') return resultsHtml(id, poll, { isShown: true, language: type });
  return JSON.stringify({ type: 'results', poll: id, options: optionsJson(poll, true) });
}
