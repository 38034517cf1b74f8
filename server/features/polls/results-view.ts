import { type Language, type Translate, translator } from '../../shared/i18n.ts';
import { shortUid } from '../../shared/short-uid.ts';
import { template } from '../../templates.ts';
import type { OptionState } from './events.ts';
import {
  baseOf,
  type Poll,
  type PollPicture,
  share,
  sum,
  type Voter,
  visibleOptions,
} from './poll.ts';
import { acceptsSuggestions, isMultipleChoice, POLL_KINDS } from './poll-kinds.ts';
import { type Rating, ratingOf } from './rating.ts';

/** An option with its results; without them if they are hidden. */
interface OptionShown {
  readonly index: number;
  readonly text: string;
  readonly count?: number;
  /** Per cent of all votes, or of all voters if each may choose several. */
  readonly share?: number;
  /** In a word cloud, from 1 to 6. */
  readonly size?: number;
  readonly state?: OptionState;
  readonly names: readonly string[];
  readonly picture?: PollPicture | null | undefined;
}

interface ResultsShown {
  readonly id: number;
  readonly options: readonly OptionShown[];
  readonly isOpen: boolean;
  readonly isMany: boolean;
  readonly isRating: boolean;
  readonly rating: Rating | undefined;
  /** The number of votes; `undefined` if the counts are hidden. */
  readonly total: number | undefined;
  /** The number of voters, if the per cents are of them. */
  readonly voters: number | undefined;
  readonly t: Translate;
}

const VIEWS = {
  results: template<ResultsShown>('results'),
  'word-cloud': template<ResultsShown>('word-cloud'),
  'q-and-a': template<ResultsShown>('q-and-a'),
} as const;

/** For whom results are rendered. */
interface ResultsViewer {
  /** Whether they may see the counts. */
  readonly isShown: boolean;
  readonly language: Language;
}

/** The options of a poll, with their counts for users who may see them. */
export function resultsHtml(id: number, poll: Poll, { isShown, language }: ResultsViewer): string {
  const { kind, isOpen, counts, voters } = poll;
  const { view, isNumeric = false } = POLL_KINDS[kind];
  const isMany = isMultipleChoice(poll);
  return VIEWS[view]({
    id,
    options: acceptsSuggestions(kind)
      ? suggestedOptions(poll, isShown)
      : fixedOptions(poll, isShown),
    isOpen,
    isMany,
    isRating: isNumeric,
    rating: isShown && isNumeric ? ratingOf(counts) : undefined,
    total: isShown ? sum(counts) : undefined,
    voters: isShown && isMany ? voters : undefined,
    t: translator(language),
  });
}

/** The options that the poll was created with. */
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

/** Suggested options that are not removed: most votes first, and answered ones last. */
function suggestedOptions(poll: Poll, isShown: boolean): OptionShown[] {
  if (!isShown) return [];
  const { kind, counts, authors } = poll;
  const most = Math.max(1, ...counts);
  const there = visibleOptions(poll).map((answer) => {
    const author = authors[answer.index];
    const size = Math.max(1, Math.ceil((answer.count / most) ** 0.75 * 6));
    return { ...answer, size, names: author ? [nameOfVoter(author)] : [] };
  });
  // Words keep their place, so that a cloud is readable; words without votes are not shown.
  if (POLL_KINDS[kind].suggestions?.needsVotes) return there.filter(({ count }) => count > 0);
  const isAnswered = ({ state }: { state: OptionState }) => Number(state === 'answered');
  return there.sort((a, b) => isAnswered(a) - isAnswered(b) || b.count - a.count);
}

function nameOfVoter({ uid, name }: Voter): string {
  return name ?? shortUid(uid);
}
