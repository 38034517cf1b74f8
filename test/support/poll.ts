import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import type { Actor } from '../../server/core/actor.ts';
import { appender } from '../../server/features/appender.ts';
import type { OptionState, PreparedSpec } from '../../server/features/polls/events.ts';
import { type Poll, parsePoll } from '../../server/features/polls/poll.ts';
import { queries } from '../../server/features/queries.ts';
import { openDatabase } from '../../server/features/schema.ts';
import { foldWord } from '../../server/shared/fold.ts';
import { who } from './events.ts';

export const ROOM = 'class';
export const SPEC: PreparedSpec = {
  question: 'Which?',
  options: ['a', 'b', 'c'],
  maxChoices: 2,
  canChangeVote: true,
  resultsVisibility: 'always',
  isAnonymous: true,
  kind: 'choice',
  minutes: null,
};

/** Somebody suggests an option. */
export function suggested(by: Actor, id: number, text: string, at = 1) {
  const kind = 'option-suggested' as const;
  return { kind, room: ROOM, who: by, id, text, key: foldWord(text), enabled: true, at };
}

/** A poll in its own store, and its operations. */
export function openPoll(spec: Partial<PreparedSpec> = {}, creator = who('creator')) {
  const db = openDatabase(':memory:');
  const append = appender(db);
  const appendOne = (event: Parameters<typeof append>[0][number]) => {
    const [outcome] = append([event]);
    assert.ok(outcome);
    return outcome;
  };
  const room = ROOM;
  const poll = { ...SPEC, ...spec };
  const created = appendOne({
    kind: 'poll-created',
    room,
    who: creator,
    cid: null,
    poll,
    files: [],
    at: 0,
  });
  assert.ok('change' in created);
  const id = created.change.seq;
  const vote = (uid: string, options: readonly number[], at = 1) =>
    appendOne({ kind: 'votes-set', room, who: who(uid), id, options, at });
  const suggest = (uid: string, text: string, enabled = true) =>
    appendOne({ ...suggested(who(uid), id, text), enabled });
  const choose = (uid: string, option: number, enabled = true) =>
    appendOne({ kind: 'vote-toggled', room, who: who(uid), id, option, enabled, at: 1 });
  const moderate = (option: number, state: OptionState, by = 'creator') =>
    appendOne({ kind: 'option-moderated', room, who: who(by), id, option, state, at: 1 });
  const count = (at = 1): Poll => {
    const outcome = appendOne({ kind: 'poll-tallied', room, id, at });
    assert.ok('change' in outcome && outcome.change.message);
    return parsePoll(outcome.change.message.body);
  };
  const change = (
    action: 'closed' | 'reopened' | 'reset' | 'revealed' | 'hidden',
    by = 'creator',
  ) => appendOne({ kind: 'poll-changed', room, who: who(by), id, action, at: 1 });
  const { votesOf, voteHistory, heldSuggestions } = queries(db);
  const dump = (...tables: readonly string[]) =>
    tables.flatMap((table) => db.prepare(`SELECT * FROM ${table}`).all());
  const rows = (table: string) => db.prepare(`SELECT * FROM ${table}`).all().length;
  return {
    id,
    append,
    appendOne,
    rows,
    dump,
    held: () => heldSuggestions(id).map(({ option, text }) => [option, text]),
    history: () => voteHistory(id, count()),
    votesOf: (uid: string) => votesOf(room, [uid], 50).map(({ vote }) => vote),
    vote,
    suggest,
    choose,
    moderate,
    count,
    change,
    close: () => db.close(),
  };
}

/** A poll, closed at the end of the test, in which users vote with browsers. */
export function openBallot(t: TestContext, spec: Partial<PreparedSpec> = {}) {
  const poll = openPoll(spec);
  t.after(() => poll.close());
  const room = ROOM;
  const { id } = poll;
  const vote = (by: Actor, ...options: readonly number[]) =>
    poll.appendOne({ kind: 'votes-set', room, who: by, id, options, at: 1 });
  const suggest = (by: Actor, text: string) => poll.appendOne(suggested(by, id, text));
  const results = () => {
    const { counts, voters } = poll.count();
    return { counts, voters };
  };
  return { ...poll, vote, suggest, results };
}

export const errorCodeOf = (outcome: object) =>
  'refused' in outcome ? outcome.refused : undefined;
