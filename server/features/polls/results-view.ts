import type { OptionState, PollKind } from '../../core/event.ts';
import type { MessageKey } from '../../shared/i18n.ts';
import { template } from '../../templates.ts';
import { allLanguages, shortUid } from '../messages/display-name.ts';
import {
  acceptsSuggestions,
  baseOf,
  type Poll,
  type PollPicture,
  share,
  sum,
  type Voter,
  visibleOptions,
} from './poll.ts';
import { type Rating, ratingOf } from './rating.ts';

/** An option with what was counted for it; without, where that is not to be seen. */
interface OptionShown {
  readonly index: number;
  readonly text: string;
  readonly count?: number;
  /** Of all votes, or of all voters where each may choose several, in per cent. */
  readonly share?: number;
  /** In a cloud, from 1 to 6. */
  readonly size?: number;
  readonly state?: OptionState;
  readonly names: readonly string[];
  readonly picture?: PollPicture | undefined;
}

interface ResultsShown {
  readonly id: number;
  readonly options: readonly OptionShown[];
  readonly isOpen: boolean;
  readonly isMany: boolean;
  readonly isRating: boolean;
  readonly rating: Rating | undefined;
  /** Votes; not told where the counts are not. */
  readonly total: number | undefined;
  /** People who voted, where the per cents are of them. */
  readonly voters: number | undefined;
  t(key: MessageKey, values?: Readonly<Record<string, number>>): string;
}

const table = template<ResultsShown>('results');
const cloud = template<ResultsShown>('cloud');
const questions = template<ResultsShown>('questions');
const TEMPLATES: Readonly<Record<PollKind, (shown: ResultsShown) => string>> = {
  choice: table,
  applause: table,
  rating: table,
  words: cloud,
  questions,
};

/** The answers to a poll, with their counts for those who may see them. */
export function resultsHtml(id: number, poll: Poll, isShown: boolean): string {
  const { kind, isOpen, most, counts, voters } = poll;
  const isMany = kind === 'choice' && most > 1;
  return TEMPLATES[kind]({
    id,
    options: acceptsSuggestions(kind)
      ? suggestedOptions(poll, isShown)
      : fixedOptions(poll, isShown),
    isOpen,
    isMany,
    isRating: kind === 'rating',
    rating: isShown && kind === 'rating' ? ratingOf(counts) : undefined,
    total: isShown ? sum(counts) : undefined,
    voters: isShown && isMany ? voters : undefined,
    t: allLanguages,
  });
}

/** The options that were asked with the poll. */
function fixedOptions(poll: Poll, isShown: boolean): OptionShown[] {
  const { options, counts, names, pictures } = poll;
  const base = baseOf(poll);
  return options.map((text, index) => {
    const picture = pictures?.[index];
    if (!isShown) return { index, text, picture, names: [] };
    const count = counts[index] ?? 0;
    const shown = { index, text, picture, count, share: share(count, base) };
    return { ...shown, names: (names[index] ?? []).map(nameOfVoter) };
  });
}

/** What people put, as far as it is there: what most of them chose first, and what is answered last. */
function suggestedOptions(poll: Poll, isShown: boolean): OptionShown[] {
  if (!isShown) return [];
  const { kind, counts, authors } = poll;
  const most = Math.max(1, ...counts);
  const there = visibleOptions(poll).map((answer) => {
    const author = authors[answer.index];
    const size = Math.max(1, Math.ceil((answer.count / most) ** 0.75 * 6));
    return { ...answer, size, names: author ? [nameOfVoter(author)] : [] };
  });
  // A word stands where it stood, or a cloud could not be read; one that nobody chooses is gone.
  if (kind === 'words') return there.filter(({ count }) => count > 0);
  const isAnswered = ({ state }: { state: OptionState }) => Number(state === 'answered');
  return there.sort((a, b) => isAnswered(a) - isAnswered(b) || b.count - a.count);
}

function nameOfVoter({ uid, name }: Voter): string {
  return name ?? shortUid(uid);
}
