import type { Message } from '../../core/message.ts';
import { type Language, type Translate, translator } from '../../shared/i18n.ts';
import { roomPath } from '../../shared/routes.ts';
import { shortUid } from '../../shared/short-uid.ts';
import { template } from '../../templates.ts';
import { reactionsHtml } from '../reactions/reactions-view.ts';
import { participation } from './participation.ts';
import { isPublic, type Poll, parsePoll } from './poll.ts';
import { acceptsSuggestions, isMultipleChoice, POLL_KINDS } from './poll-kinds.ts';
import { resultsHtml } from './results-view.ts';

const render = template<{
  readonly message: Message;
  readonly poll: Poll;
  readonly path: string;
  readonly shortId: string;
  readonly at: string;
  readonly closesAt: string | null;
  readonly isPublic: boolean;
  /** The options that wait for approval, by their indexes. */
  readonly held: readonly number[];
  readonly isMany: boolean;
  readonly isRepeatable: boolean;
  readonly suggestions: (typeof POLL_KINDS)[Poll['kind']]['suggestions'];
  /** How many took part. */
  readonly participation: ReturnType<typeof participation>;
  readonly results: string;
  readonly reactions: string;
  readonly t: Translate;
}>('poll');

/** The fragment of a poll. It contains the counts only if everybody may see them. */
export function pollHtml(message: Message, language: Language): string {
  const poll = parsePoll(message.body);
  const { isRepeatable, suggestions } = POLL_KINDS[poll.kind];
  return render({
    message,
    poll,
    path: roomPath(message.room),
    shortId: shortUid(message.uid),
    at: new Date(message.at).toISOString(),
    closesAt: poll.closesAt === null ? null : new Date(poll.closesAt).toISOString(),
    isPublic: isPublic(poll),
    held: poll.states.flatMap((state, option) => (state === 'held' ? option : [])),
    isMany: isMultipleChoice(poll),
    isRepeatable: isRepeatable === true,
    suggestions,
    participation: participation(poll),
    results: resultsHtml(message.id, poll, { isShown: isPublic(poll), language }),
    reactions: reactionsHtml(message, language),
    t: translator(language),
  });
}

/** The same as JSON. */
export function pollJson(message: Message): object {
  const poll = parsePoll(message.body);
  const {
    kind,
    question,
    maxChoices,
    canChangeVote,
    resultsVisibility,
    isAnonymous,
    needsApproval = false,
    isByModerator,
    isOpen,
    voters,
  } = poll;
  const closesAt = poll.closesAt === null ? null : new Date(poll.closesAt).toISOString();
  const options = optionsJson(poll, isPublic(poll));
  const spec = {
    kind,
    question,
    maxChoices,
    canChangeVote,
    resultsVisibility,
    isAnonymous,
    needsApproval,
    closesAt,
  };
  return { ...spec, isByModerator, isOpen, voters, options };
}

/** Suggestions are shown only with the counts: they are the answers. */
export function optionsJson(poll: Poll, isShown: boolean): readonly object[] {
  const { kind, options, counts, names, states, authors, pictures } = poll;
  if (acceptsSuggestions(kind)) {
    return isShown
      ? options.map((text, index) => ({
          text,
          count: counts[index] ?? 0,
          state: states[index] ?? 'open',
          author: authors[index] ?? null,
        }))
      : [];
  }
  return options.map((text, index) => {
    const picture = pictures?.[index];
    const option = { text, ...(picture && { picture }) };
    if (!isShown) return option;
    return { ...option, count: counts[index] ?? 0, names: names[index] ?? [] };
  });
}
