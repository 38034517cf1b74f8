import type { Message } from '../../server/core/message.ts';
import { render } from '../../server/features/messages/fragment.ts';
import { pollSvg } from '../../server/features/polls/export.ts';
import type { Poll } from '../../server/features/polls/poll.ts';

/*
 * Messages with as much next to their text as the limits of the store allow, of the characters that
 * yield the most HTML, or are widest in an image.
 */

const UID = '0a1b2c3d-0000-4000-8000-000000000000';
const NAME = '"'.repeat(32);
const PERSON = { uid: UID, name: NAME };

const MESSAGE: Message = {
  id: 1,
  seq: 1,
  room: 'a'.repeat(40),
  kind: 'message',
  ...PERSON,
  cid: 'c'.repeat(64),
  body: 'hello',
  files: null,
  at: 0,
  edited: 0,
  reply: null,
  quote: null,
  reactions: null,
};

const POLL: Poll = {
  kind: 'choice',
  question: '"'.repeat(300),
  options: [],
  maxChoices: 5,
  canChangeVote: false,
  resultsVisibility: 'always',
  isAnonymous: false,
  closesAt: 0,
  isByModerator: false,
  isOpen: true,
  isRevealed: false,
  counts: [],
  voters: 100,
  names: [],
  states: [],
  authors: [],
};

function times<T>(count: number, thing: T): readonly T[] {
  return Array.from({ length: count }, () => thing);
}

const choice: Poll = {
  ...POLL,
  options: times(20, '"'.repeat(100)),
  counts: times(20, 100),
  names: times(20, times(30, PERSON)),
};

/** A poll with a hundred suggested questions or words. */
function suggestionPoll(kind: 'word-cloud' | 'q-and-a', text: string): Poll {
  return {
    ...POLL,
    kind,
    options: times(100, text),
    counts: times(100, 100),
    authors: times(100, PERSON),
  };
}

function card(poll: Poll): string {
  return render({ ...MESSAGE, kind: 'poll', body: JSON.stringify(poll) }, 'en');
}

const picture = { type: 'image/jpeg', width: 300, height: 1_000 };
const file = { id: 'x'.repeat(22), name: '"'.repeat(100), size: 1_000_000, picture };
const reaction = { emoji: '🏴󠁧󠁢󠁥󠁮󠁧󠁿', count: 100, people: times(50, PERSON) };
const quote = { id: 1, ...PERSON, text: '"'.repeat(120) };

function message(more: Partial<Message>): string {
  return render({ ...MESSAGE, ...more }, 'en');
}

/** What is rendered into the page. */
export const HOSTILE_MESSAGES: Readonly<Record<string, () => string>> = {
  'a choice with names': () => card(choice),
  'words of a hundred': () => card(suggestionPoll('word-cloud', '"'.repeat(40))),
  'questions of a hundred': () => card(suggestionPoll('q-and-a', '"'.repeat(280))),
  files: () => message({ files: JSON.stringify(times(20, file)) }),
  reactions: () => message({ reactions: JSON.stringify(times(20, reaction)) }),
  'a quote': () => message({ quote: JSON.stringify(quote) }),
};

/** What is rendered for download. */
export const HOSTILE_PICTURES: Readonly<Record<string, () => string>> = Object.fromEntries(
  ['"', 'W', '你', 'a\u0301', '👩\u200d', 'a ', '🌀'].map((unit) => {
    const [...characters] = unit.repeat(280);
    const poll = suggestionPoll('q-and-a', characters.slice(0, 280).join(''));
    return [`a picture of ${JSON.stringify(unit)}`, () => pollSvg(poll)];
  }),
);
