import { pathOf } from '../room-path.ts';
import type { Message } from '../store/message.ts';
import { isPublic, type Poll, readPoll, type Voter } from '../store/poll.ts';
import type { Word } from '../words.ts';
import { template } from './templates.ts';
import { toolsHtml } from './tools.ts';
import { hueOf, inEveryLanguage, shortUid } from './words.ts';

/** An option with what was counted for it; without, where that is not to be seen. */
interface OptionShown {
  readonly index: number;
  readonly text: string;
  readonly count?: number;
  /** Of all votes, in per cent. */
  readonly share?: number;
  readonly names: readonly string[];
}

interface ResultsShown {
  readonly id: number;
  readonly options: readonly OptionShown[];
  readonly isOpen: boolean;
  readonly isMany: boolean;
  /** Votes; not told where the counts are not. */
  readonly total: number | undefined;
  say(word: Word): string;
}

const renderResults = template<ResultsShown>('results');
const renderPoll = template<{
  readonly message: Message;
  readonly poll: Poll;
  readonly path: string;
  readonly visitor: string;
  readonly hue: number;
  readonly at: string;
  readonly closesAt: string | null;
  readonly isPublic: boolean;
  readonly isMany: boolean;
  readonly results: string;
  readonly tools: string;
  say(word: Word): string;
}>('poll');

/** The fragment of a poll. The counts are in it only where everybody may see them. */
export function pollHtml(message: Message): string {
  const poll = readPoll(message.body);
  return renderPoll({
    message,
    poll,
    path: pathOf(message.room),
    visitor: shortUid(message.uid),
    hue: hueOf(message.uid),
    at: new Date(message.at).toISOString(),
    closesAt: poll.closesAt === null ? null : new Date(poll.closesAt).toISOString(),
    isPublic: isPublic(poll),
    isMany: isMany(poll),
    results: resultsHtml(message.id, poll, isPublic(poll)),
    tools: toolsHtml(message),
    say: inEveryLanguage,
  });
}

/** The counts of a poll, for those who may see them. */
export function resultsHtml(id: number, poll: Poll, isShown: boolean): string {
  const total = sum(poll.counts);
  const options = poll.options.map((text, index) => {
    const count = poll.counts[index] ?? 0;
    const names = (poll.names[index] ?? []).map(called);
    if (!isShown) return { index, text, names: [] };
    return {
      index,
      text,
      count,
      share: total === 0 ? 0 : Math.round((count / total) * 100),
      names,
    };
  });
  const { isOpen } = poll;
  return renderResults({
    id,
    options,
    isOpen,
    isMany: isMany(poll),
    total: isShown ? total : undefined,
    say: inEveryLanguage,
  });
}

/** The same for programs. */
export function pollJson(message: Message): object {
  const poll = readPoll(message.body);
  const { question, most, mayChange, shows, isAnonymous, isApplause, isOpen, voters } = poll;
  const closesAt = poll.closesAt === null ? null : new Date(poll.closesAt).toISOString();
  const options = optionsJson(poll, isPublic(poll));
  const asked = { question, most, mayChange, shows, isAnonymous, isApplause, closesAt };
  return { ...asked, isOpen, voters, options };
}

export function optionsJson(poll: Poll, isShown: boolean): readonly object[] {
  return poll.options.map((text, index) =>
    isShown ? { text, count: poll.counts[index] ?? 0, names: poll.names[index] ?? [] } : { text },
  );
}

function isMany({ most, isApplause }: Poll): boolean {
  return most > 1 && !isApplause;
}

function called({ uid, name }: Voter): string {
  return name ?? shortUid(uid);
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}
