import type { PollKind, PollSpec } from '../../core/event.ts';
import type { PollCommand } from '../../shared/poll-commands.ts';

/** Suggested options per poll. */
export const MAX_SUGGESTIONS = 100;

/** What a user may choose when creating a poll of a kind. */
type PollSetting = 'options' | 'most' | 'shows' | 'fixed' | 'named';

/** All that depends on the kind of a poll. */
interface PollTraits {
  /** Where its options come from: its creator, a scale, or its users. */
  readonly options: 'given' | 'suggested' | readonly string[];
  /** What can be set in the form that creates one, besides the question and when it closes. */
  readonly settings: readonly PollSetting[];
  /** How many options a user may choose. */
  readonly maxChoices: (requested: number, options: readonly string[]) => number;
  /** Several options are chosen together, and the per cents are of the voters. */
  readonly isMultiple?: true;
  /** Each vote counts, however many a user has, and none is taken back. */
  readonly isRepeatable?: true;
  /** The results are always public. */
  readonly isAlwaysPublic?: true;
  /** The options are numbers, of which a mean makes sense. */
  readonly isNumeric?: true;
  readonly suggestions?: {
    /** In Unicode characters. */
    readonly maxLength: number;
    /** The label of the field for one. */
    readonly label: 'your-word' | 'your-question';
    /** Whether the poll says how many each user may have. */
    readonly isCounted: boolean;
  };
  /** The template of its results. */
  readonly view: 'results' | 'cloud' | 'questions';
  /** The slash command that creates one, and how many options a user may choose then. */
  readonly command?: { readonly name: PollCommand; readonly most: number };
}

/** The kinds of polls, in the order in which the form lists them. */
export const POLL_KINDS: Readonly<Record<PollKind, PollTraits>> = {
  choice: {
    options: 'given',
    settings: ['options', 'most', 'shows', 'fixed', 'named'],
    maxChoices: (requested, options) => Math.min(requested, options.length),
    isMultiple: true,
    view: 'results',
    command: { name: 'poll', most: 1 },
  },
  rating: {
    options: ['1', '2', '3', '4', '5'],
    settings: ['shows', 'fixed', 'named'],
    maxChoices: () => 1,
    isNumeric: true,
    view: 'results',
    command: { name: 'rate', most: 1 },
  },
  words: {
    options: 'suggested',
    settings: ['most', 'shows'],
    maxChoices: (requested) => requested,
    suggestions: { maxLength: 40, label: 'your-word', isCounted: true },
    view: 'cloud',
    command: { name: 'words', most: 3 },
  },
  questions: {
    options: 'suggested',
    settings: ['named'],
    maxChoices: () => MAX_SUGGESTIONS,
    // To vote for a question, users have to see it.
    isAlwaysPublic: true,
    suggestions: { maxLength: 280, label: 'your-question', isCounted: false },
    view: 'questions',
    command: { name: 'questions', most: 1 },
  },
  applause: {
    options: 'given',
    settings: ['options', 'shows', 'named'],
    maxChoices: () => 1,
    isRepeatable: true,
    view: 'results',
  },
};

export const pollKinds = Object.keys(POLL_KINDS) as readonly PollKind[];

/** The kinds whose form has a setting, separated by spaces. */
export function kindsWith(setting: PollSetting): string {
  return pollKinds.filter((kind) => POLL_KINDS[kind].settings.includes(setting)).join(' ');
}

/** The kind that a slash command creates. */
export function kindOfCommand(command: string): PollKind | undefined {
  return pollKinds.find((kind) => POLL_KINDS[kind].command?.name === command);
}

/** The options of a new poll. @param given those of its creator */
export function initialOptions(kind: PollKind, given: readonly string[]): readonly string[] {
  const { options } = POLL_KINDS[kind];
  if (options === 'suggested') return [];
  return options === 'given' ? given : options;
}

/** Whether its creator gives the options. */
export function hasGivenOptions(kind: PollKind): boolean {
  return POLL_KINDS[kind].options === 'given';
}

/** Whether users suggest the options themselves. */
export function acceptsSuggestions(kind: PollKind): boolean {
  return POLL_KINDS[kind].options === 'suggested';
}

/** Whether each user may choose several options together. */
export function isMultipleChoice({ kind, most }: Pick<PollSpec, 'kind' | 'most'>): boolean {
  return POLL_KINDS[kind].isMultiple === true && most > 1;
}
