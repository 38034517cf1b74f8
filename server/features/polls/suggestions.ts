import { createHash } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { type Outcome, rejected } from '../../core/outcome.ts';
import type { OptionState, OptionSuggested, PollKind } from './events.ts';
import { isVisible, NOBODY, type Poll, type Voter, voterOf } from './poll.ts';
import { MAX_SUGGESTIONS, POLL_KINDS } from './poll-kinds.ts';
import { submissions } from './submissions.ts';

/** Different texts that a user may submit to a poll. */
const MAX_OWN_SUGGESTIONS = 10;

/** The options that users suggest in a poll. */
interface AddedAs {
  /** Nobody sees who suggested it: that is not stored. */
  readonly isAnonymous: boolean;
  /** It waits for approval. */
  readonly isHeld: boolean;
}

/** A suggested option that waits for approval. */
export interface HeldSuggestion {
  readonly option: number;
  readonly text: string;
  readonly author: Voter;
}

interface Suggestions {
  /** Why a text can't be an option, if there is a reason: its length, checked first. */
  misfit(event: OptionSuggested, kind: PollKind): Outcome | undefined;
  /** The option of a text: the existing one, or the next. */
  option(event: OptionSuggested): { readonly option: number; readonly isNew: boolean };
  /** Why a user can't submit another text, if there is a reason: the same for every text. */
  hindrance(event: OptionSuggested): Outcome | undefined;
  /** An anonymous poll doesn't store who suggested it first. */
  add(event: OptionSuggested, option: number, how: AddedAs): void;
  /** Whether it exists, perhaps waiting for approval. */
  isThere(poll: number, option: number): boolean;
  /** Whether everybody sees it, and can vote for it. */
  isVisible(poll: number, option: number): boolean;
  /** Those that wait for approval, the oldest first. */
  held(poll: number): readonly HeldSuggestion[];
  /** Sets its state; a removed option loses its text, and no vote for it counts. */
  mark(poll: number, option: number, state: OptionState): void;
  /** All suggestions of a poll, as in its body, which is for everybody: those that are held have no text. */
  all(poll: number, isAnonymous: boolean): Pick<Poll, 'options' | 'states' | 'authors'>;
}

export function suggestions(db: DatabaseSync): Suggestions {
  const find = db.prepare('SELECT option FROM suggestions WHERE poll = ? AND key IN (?, ?)');
  const count = db.prepare('SELECT count(*) AS n FROM suggestions WHERE poll = ?');
  const insert = db.prepare('INSERT INTO suggestions VALUES (?, ?, ?, ?, ?, ?, ?)');
  const one = db.prepare('SELECT state FROM suggestions WHERE poll = ? AND option = ?');
  const state = db.prepare('UPDATE suggestions SET state = ? WHERE poll = ? AND option = ?');
  const keyed = db.prepare('SELECT key FROM suggestions WHERE poll = ? AND option = ?');
  const blank = db.prepare(
    "UPDATE suggestions SET text = '', key = ? WHERE poll = ? AND option = ?",
  );
  const held = db.prepare(
    "SELECT option, text, uid, name FROM suggestions WHERE poll = ? AND state = 'held' ORDER BY option",
  );
  const rows = db.prepare(
    'SELECT text, state, uid, name FROM suggestions WHERE poll = ? ORDER BY option',
  );

  const submitted = submissions(db);

  return {
    misfit({ text }, kind) {
      const max = POLL_KINDS[kind].suggestions?.maxLength;
      if (max === undefined) return rejected('no-such-option');
      return [...text].length > max ? rejected('suggestion-too-long', { max }) : undefined;
    },
    option({ id, key }) {
      const known = find.get(id, key, hashOf(key));
      const option = Number(known?.option ?? count.get(id)?.n);
      return { option, isNew: !known };
    },
    hindrance({ id, who }) {
      const own = submitted.count(id, who.uid);
      if (own >= MAX_OWN_SUGGESTIONS)
        return rejected('too-many-suggestions', { max: MAX_OWN_SUGGESTIONS });
      const isFull = Number(count.get(id)?.n) >= MAX_SUGGESTIONS;
      return isFull ? rejected('poll-full', { max: MAX_SUGGESTIONS }) : undefined;
    },
    add({ id, who, text, key }, option, { isAnonymous, isHeld }) {
      const { uid, name } = isAnonymous ? NOBODY : who;
      insert.run(id, option, key, text, uid, name, isHeld ? 'held' : 'open');
    },
    isThere: (poll, option) => (one.get(poll, option)?.state ?? 'removed') !== 'removed',
    isVisible: (poll, option) =>
      isVisible((one.get(poll, option)?.state ?? 'removed') as OptionState),
    held: (poll) =>
      held.all(poll).map((row) => ({
        option: Number(row.option),
        text: String(row.text),
        author: voterOf(row),
      })),
    mark(poll, option, as) {
      state.run(as, poll, option);
      if (as !== 'removed') return;
      blank.run(hashOf(String(keyed.get(poll, option)?.key)), poll, option);
      submitted.blankAll(poll, option);
    },
    all(poll, isAnonymous) {
      const all = rows.all(poll);
      return {
        options: all.map(({ text, state }) => (state === 'held' ? '' : String(text))),
        states: all.map((row) => row.state as OptionState),
        authors: isAnonymous
          ? []
          : all.map((row) => (row.state === 'held' ? NOBODY : voterOf(row))),
      };
    },
  };
}

/** What is stored of a removed text, to recognize it if it is suggested again. */
export function hashOf(key: string): string {
  return createHash('sha256').update(key).digest('base64url');
}
