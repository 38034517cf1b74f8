import type { PollCommand } from '../../shared/poll-commands.ts';
import type { PollKind, PollSpec } from './events.ts';

/** Suggested options per poll. */
export const MAX_SUGGESTIONS = 100;

/** What a user may choose when creating a poll of a kind. */
type PollSetting =
  | 'options'
  | 'maxChoices'
  | 'resultsVisibility'
  | 'finalVotes'
  | 'showVoters'
  | 'needsApproval';

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
    /** The label of the button that submits one. */
    readonly submit: 'add-word' | 'ask-question';
    /** Whether the poll says how many each user may have. */
    readonly isCounted: boolean;
    /** The text with the number of suggestions. */
    readonly ownCount: 'word-count' | 'question-count';
    /** The text with the number of users who suggested or voted. */
    readonly peopleCount: 'participant-count' | 'voter-count';
    /** A suggestion without votes is not shown. */
    readonly needsVotes: boolean;
  };
  /** The template of its results. */
  readonly view: 'results' | 'word-cloud' | 'q-and-a';
  /** The slash command that creates one, and how many options a user may choose then. */
  readonly command?: { readonly name: PollCommand; readonly maxChoices: number };
}

/** The kinds of polls, in the order in which the form lists them. */
export const POLL_KINDS: Readonly<Record<PollKind, PollTraits>> = {
  choice: {
    options: 'given',
    settings: ['options', 'maxChoices', 'resultsVisibility', 'finalVotes', 'showVoters'],
    maxChoices: (requested, options) => Math.min(requested, options.length),
    isMultiple: true,
    view: 'results',
    command: { name: 'poll', maxChoices: 1 },
  },
  rating: {
    options: ['1', '2', '3', '4', '5'],
    settings: ['resultsVisibility', 'finalVotes', 'showVoters'],
    maxChoices: () => 1,
    isNumeric: true,
    view: 'results',
    command: { name: 'rate', maxChoices: 1 },
  },
  'word-cloud': {
    options: 'suggested',
    settings: ['maxChoices', 'resultsVisibility', 'needsApproval'],
    maxChoices: (requested) => requested,
    suggestions: {
      maxLength: 40,
      label: 'your-word',
      submit: 'add-word',
      isCounted: true,
      ownCount: 'word-count',
      peopleCount: 'participant-count',
      needsVotes: true,
    },
    view: 'word-cloud',
    command: { name: 'words', maxChoices: 3 },
  },
  'q-and-a': {
    options: 'suggested',
    settings: ['showVoters', 'needsApproval'],
    maxChoices: () => MAX_SUGGESTIONS,
    // To vote for a question, users have to see it.
    isAlwaysPublic: true,
    suggestions: {
      maxLength: 280,
      label: 'your-question',
      submit: 'ask-question',
      isCounted: false,
      ownCount: 'question-count',
      peopleCount: 'voter-count',
      needsVotes: false,
    },
    view: 'q-and-a',
    command: { name: 'questions', maxChoices: 1 },
  },
  applause: {
    options: 'given',
    settings: ['options', 'resultsVisibility', 'showVoters'],
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
export function isMultipleChoice({
  kind,
  maxChoices,
}: Pick<PollSpec, 'kind' | 'maxChoices'>): boolean {
  return POLL_KINDS[kind].isMultiple === true && maxChoices > 1;
}
