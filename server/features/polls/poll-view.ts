import type { Message } from '../../core/message.ts';
import type { MessageKey } from '../../shared/i18n.ts';
import { roomPath } from '../../shared/routes.ts';
import { template } from '../../templates.ts';
import { hueOf, inEveryLanguage, shortUid } from '../messages/display-name.ts';
import { toolsHtml } from '../reactions/reactions-view.ts';
import { isGrowing, isPublic, type Poll, readPoll } from './poll.ts';
import { resultsHtml } from './results-view.ts';
import { LONGEST } from './suggestions.ts';

const render = template<{
  readonly message: Message;
  readonly poll: Poll;
  readonly path: string;
  readonly visitor: string;
  readonly hue: number;
  readonly at: string;
  readonly closesAt: string | null;
  readonly isPublic: boolean;
  readonly isMany: boolean;
  readonly isGrowing: boolean;
  /** The longest that people put, in characters. */
  readonly longest: number | undefined;
  readonly results: string;
  readonly tools: string;
  t(key: MessageKey): string;
}>('poll');

/** The fragment of a poll. The counts are in it only where everybody may see them. */
export function pollHtml(message: Message): string {
  const poll = readPoll(message.body);
  return render({
    message,
    poll,
    path: roomPath(message.room),
    visitor: shortUid(message.uid),
    hue: hueOf(message.uid),
    at: new Date(message.at).toISOString(),
    closesAt: poll.closesAt === null ? null : new Date(poll.closesAt).toISOString(),
    isPublic: isPublic(poll),
    isMany: poll.kind === 'choice' && poll.most > 1,
    isGrowing: isGrowing(poll.kind),
    longest: LONGEST[poll.kind],
    results: resultsHtml(message.id, poll, isPublic(poll)),
    tools: toolsHtml(message),
    t: inEveryLanguage,
  });
}

/** The same for programs. */
export function pollJson(message: Message): object {
  const poll = readPoll(message.body);
  const { kind, question, most, mayChange, shows, isAnonymous, isOpen, voters } = poll;
  const closesAt = poll.closesAt === null ? null : new Date(poll.closesAt).toISOString();
  const options = optionsJson(poll, isPublic(poll));
  const asked = { kind, question, most, mayChange, shows, isAnonymous, closesAt };
  return { ...asked, isOpen, voters, options };
}

/** What people put is told where the counts are: it is what they answered. */
export function optionsJson(poll: Poll, isShown: boolean): readonly object[] {
  const { kind, options, counts, names, states, authors, pictures } = poll;
  if (isGrowing(kind)) {
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
