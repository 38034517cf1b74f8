import type { MessageKey } from '../../shared/i18n.ts';
import { isPublic, type Poll, visibleOptions } from './poll.ts';
import { POLL_KINDS } from './poll-kinds.ts';

/** A number, and the text that says of what. */
interface Counted {
  readonly key: MessageKey;
  readonly count: number;
}

/** How many took part in a poll, after what they suggested, if everybody may see that. */
export function participation(poll: Poll): readonly Counted[] {
  const { suggestions } = POLL_KINDS[poll.kind];
  if (!suggestions) return [{ key: 'vote-count', count: poll.voters }];
  const people = { key: suggestions.peopleCount, count: poll.voters };
  if (!isPublic(poll)) return [people];
  const shown = visibleOptions(poll).filter(({ count }) => !suggestions.needsVotes || count > 0);
  return [{ key: suggestions.ownCount, count: shown.length }, people];
}
