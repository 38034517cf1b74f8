import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import type { Actor } from '../../../server/core/actor.ts';
import type { Message } from '../../../server/core/message.ts';
import { appender } from '../../../server/features/appender.ts';
import type { ChatOutcome } from '../../../server/features/change.ts';
import type { Event } from '../../../server/features/events.ts';
import { readQuote } from '../../../server/features/messages/quote.ts';
import { queries } from '../../../server/features/queries.ts';
import { readReactions } from '../../../server/features/reactions/reaction.ts';
import { openDatabase } from '../../../server/features/schema.ts';
import { posted, roomAction, who } from '../../support/events.ts';
import { errorCodeOf, openPoll, ROOM as POLL_ROOM } from '../../support/poll.ts';

const ROOM = 'class';
const ADA = who('ada');
const BEN = who('ben');
const MODERATOR = who('moderator', { isModerator: true });

function openStore() {
  const db = openDatabase(':memory:');
  const append = appender(db);
  const appendOne = (event: Event): ChatOutcome => append([event])[0] as ChatOutcome;
  return {
    db,
    appendOne,
    post(body: string, by: Actor = ADA, reply: number | null = null, cid: string | null = null) {
      const outcome = appendOne({ ...posted(body, cid, by), reply });
      assert.ok('change' in outcome, resultOf(outcome));
      return outcome.change.seq;
    },
    message: (id: number) => queries(db).message(ROOM, id) as Message,
    all: () => queries(db).before(ROOM, Number.MAX_SAFE_INTEGER, 1_000).messages,
    head: () => queries(db).position().head,
    reactions: () => Number(db.prepare('SELECT count(*) AS n FROM reactions').get()?.n),
  };
}

const edit = (id: number, body: string, by: Actor = ADA, at = 5) =>
  ({ kind: 'message-edited', room: ROOM, who: by, id, body, at }) as const;
const remove = (id: number, by: Actor = ADA) =>
  ({ kind: 'message-deleted', room: ROOM, who: by, id, at: 5 }) as const;
const react = (id: number, emoji = '👍', by: Actor = ADA, on: boolean | null = null, at = 5) =>
  ({ kind: 'reaction-toggled', room: ROOM, who: by, id, emoji, enabled: on, at }) as const;

/** Why an event does not count, or whether it is new. */
function resultOf(outcome: ChatOutcome): string {
  if ('refused' in outcome) return outcome.refused;
  return outcome.isNew ? 'new' : 'known';
}

suite('An edit', () => {
  test('is only for the author, of text that exists, and the same edit twice counts once', () => {
    const store = openStore();
    const id = store.post('one');
    store.appendOne(roomAction({ type: 'lock-changed', enabled: false }, MODERATOR));
    const before = store.all();
    assert.equal(resultOf(store.appendOne(edit(id, 'two', BEN))), 'not-author');
    assert.equal(resultOf(store.appendOne(edit(id, 'two', MODERATOR))), 'not-author');
    assert.equal(resultOf(store.appendOne(edit(99, 'two'))), 'no-such-message');
    assert.equal(resultOf(store.appendOne(edit(id + 1, 'two', MODERATOR))), 'not-editable');
    assert.equal(
      resultOf(store.appendOne({ ...edit(id, 'two'), room: 'other' })),
      'no-such-message',
    );
    assert.equal(resultOf(store.appendOne(edit(id, 'one'))), 'known');
    assert.deepEqual(store.all(), before, 'a refusal leaves everything as it was');
    assert.equal(resultOf(store.appendOne(edit(id, 'two', ADA, 7))), 'new');
    assert.equal(resultOf(store.appendOne(edit(id, 'two', ADA, 9))), 'known');
    const { body, edited, seq } = store.message(id);
    assert.deepEqual([body, edited, seq], ['two', 7, id + 2]);
    const poll = openPoll();
    const own = edit(poll.id, 'no poll', who('creator'));
    assert.equal(errorCodeOf(poll.appendOne({ ...own, room: POLL_ROOM })), 'not-editable');
    poll.close();
    store.appendOne(remove(id));
    assert.equal(resultOf(store.appendOne(edit(id, 'three'))), 'message-deleted');
    assert.equal(resultOf(store.appendOne(edit(id, 'three', BEN))), 'not-author');
    store.db.close();
  });

  test('is writing: not for a user who may not write, but it is no new message for slow mode', () => {
    const store = openStore();
    const id = store.post('one');
    store.appendOne(roomAction({ type: 'slow-mode-changed', seconds: 60 }, MODERATOR));
    assert.equal(resultOf(store.appendOne(edit(id, 'two'))), 'new');
    assert.equal(resultOf(store.appendOne(edit(id, 'three'))), 'new');
    store.appendOne(roomAction({ type: 'lock-changed', enabled: true }, MODERATOR));
    assert.equal(resultOf(store.appendOne(edit(id, 'four'))), 'locked');
    assert.equal(resultOf(store.appendOne(react(id))), 'locked');
    store.appendOne(
      roomAction({ type: 'user-muted', whom: ADA, minutes: null, address: null }, MODERATOR),
    );
    assert.equal(resultOf(store.appendOne(edit(id, 'four'))), 'muted');
    assert.equal(resultOf(store.appendOne(react(id))), 'muted');
    store.appendOne(
      roomAction({ type: 'user-banned', whom: ADA, minutes: null, address: null }, MODERATOR),
    );
    assert.equal(resultOf(store.appendOne(edit(id, 'four'))), 'banned');
    assert.equal(resultOf(store.appendOne(react(id))), 'banned');
    assert.equal(store.message(id).body, 'three');
    assert.equal(
      resultOf(store.appendOne(remove(id))),
      'new',
      "one's own may always be taken away",
    );
    store.db.close();
  });

  test('does not make a retry of the original message another message', () => {
    const store = openStore();
    const id = store.post('one', ADA, null, 'cid');
    store.appendOne(edit(id, 'two'));
    assert.equal(resultOf(store.appendOne(posted('one', 'cid', ADA))), 'known');
    assert.equal(store.message(id).body, 'two');
    store.db.close();
  });
});

suite('A reply', () => {
  test('quotes the text it answers, until that is edited or deleted', () => {
    for (const change of [edit(1, 'changed'), remove(1)]) {
      const store = openStore();
      store.post('the  words\nof Ada');
      const ids = [store.post('yes', BEN, 1), store.post('no', MODERATOR, 1), store.post('else')];
      const quote = { id: 1, uid: 'ada', name: null, text: 'the words of Ada' };
      assert.deepEqual(readQuote(store.message(2)), quote);
      assert.equal(readQuote(store.message(4)), undefined);
      const outcome = store.appendOne(change);
      assert.ok('change' in outcome);
      const { others = [], message, seq } = outcome.change;
      assert.deepEqual(
        [message, ...others].map((changed) => [changed?.id, changed?.seq]),
        [
          [1, 5],
          [2, 5],
          [3, 5],
        ],
      );
      assert.deepEqual([seq, store.head()], [5, 5], 'one event has one number');
      for (const id of ids.slice(0, 2)) {
        assert.deepEqual(readQuote(store.message(id)), { ...quote, text: null });
      }
      assert.ok(!JSON.stringify(store.all()).includes('words'));
      const again = store.appendOne(edit(1, 'changed once more'));
      if ('change' in again) assert.deepEqual(again.change.others, [], 'each changes once');
      store.db.close();
    }
  });

  test('is to an existing message of this room that is no system message', () => {
    const store = openStore();
    store.appendOne(roomAction({ type: 'lock-changed', enabled: false }, MODERATOR));
    const id = store.post('one');
    store.appendOne(remove(id));
    const before = store.head();
    const answer = (reply: number, room = ROOM) =>
      resultOf(store.appendOne({ ...posted('two', null, BEN), reply, room }));
    assert.equal(answer(1), 'no-such-message');
    assert.equal(answer(99), 'no-such-message');
    assert.equal(answer(id, 'other'), 'no-such-message');
    assert.equal(answer(id), 'message-deleted');
    assert.equal(store.head(), before);
    store.db.close();
  });

  test('beyond two hundred links to the message without its text', () => {
    const store = openStore();
    store.post('words');
    const ids = Array.from({ length: 201 }, () => store.post('yes', BEN, 1));
    const texts = ids.map((id) => readQuote(store.message(id))?.text);
    assert.deepEqual([texts[0], texts[199], texts[200]], ['words', 'words', null]);
    store.db.close();
  });
});

suite('A reaction', () => {
  test('is of at most twenty kinds, on existing messages, and is deleted with the message and the history', () => {
    const store = openStore();
    const id = store.post('one');
    for (let n = 0; n < 20; n += 1) {
      assert.equal(resultOf(store.appendOne(react(id, String.fromCodePoint(0x1f600 + n)))), 'new');
    }
    assert.equal(resultOf(store.appendOne(react(id, '👍'))), 'too-many-reactions');
    assert.equal(resultOf(store.appendOne(react(id, '😀', BEN))), 'new');
    assert.equal(resultOf(store.appendOne(react(99))), 'no-such-message');
    store.appendOne(remove(id));
    assert.deepEqual([store.reactions(), store.message(id).reactions], [0, null]);
    assert.equal(resultOf(store.appendOne(react(id))), 'message-deleted');
    store.appendOne(react(store.post('two')));
    store.appendOne(roomAction({ type: 'history-cleared' }, MODERATOR));
    assert.equal(store.reactions(), 0);
    store.db.close();
  });

  test('of many users is counted completely, and names some', () => {
    const store = openStore();
    const id = store.post('one');
    for (let n = 0; n < 120; n += 1)
      store.appendOne(react(id, '👍', who(`u${n}`, { name: `N${n}` })));
    const [reaction] = readReactions(store.message(id));
    assert.equal(reaction?.count, 120);
    assert.equal(reaction?.people.length, 50);
    store.db.close();
  });
});

const user = fc.constantFrom(ADA, BEN, MODERATOR);
const which = fc.nat(4);
const emoji = fc.constantFrom('👍', '❤️', '😂');
const anyStep = fc.oneof(
  fc.record({ type: fc.constant('post' as const), by: user, which: fc.option(which) }),
  fc.record({
    type: fc.constant('edit' as const),
    by: user,
    which,
    body: fc.constantFrom('a', 'b'),
  }),
  fc.record({ type: fc.constant('delete' as const), by: user, which }),
  fc.record({
    type: fc.constant('react' as const),
    by: user,
    which,
    emoji,
    enabled: fc.constantFrom(true, false, null),
  }),
);

interface Known {
  readonly author: string;
  body: string | null;
  isEdited: boolean;
  /** The message that it answers, and whether its text is still quoted. */
  quote: { of: number; isQuoted: boolean } | undefined;
  readonly reactions: Map<string, Set<string>>;
}

suite('Any order of messages, replies, edits, deletions and reactions, by any user', () => {
  test('results in the same state as in a model', () => {
    fc.assert(
      fc.property(fc.array(anyStep, { maxLength: 40 }), (steps) => {
        const store = openStore();
        const model = new Map<number, Known>();
        const endQuotes = (id: number) => {
          for (const { quote } of model.values()) if (quote?.of === id) quote.isQuoted = false;
        };
        for (const [at, step] of steps.entries()) {
          const ids = [...model.keys()];
          const id = step.which === null ? null : (ids[step.which % (ids.length + 1)] ?? 999);
          const target = id === null ? undefined : model.get(id);
          const head = store.head();
          if (step.type === 'post') {
            const outcome = store.appendOne({ ...posted('a', null, step.by), reply: id });
            const isFine = id === null || (target && target.body !== null);
            assert.equal('change' in outcome, !!isFine);
            if (!('change' in outcome)) continue;
            const quote = id === null ? undefined : { of: id, isQuoted: true };
            const known = { author: step.by.uid, body: 'a', isEdited: false, quote };
            model.set(outcome.change.seq, { ...known, reactions: new Map() });
          } else if (step.type === 'edit') {
            const result = resultOf(store.appendOne(edit(id ?? 0, step.body, step.by, at + 1)));
            if (!target) assert.equal(result, 'no-such-message');
            else if (target.author !== step.by.uid) assert.equal(result, 'not-author');
            else if (target.body === null) assert.equal(result, 'message-deleted');
            else if (target.body === step.body) assert.equal(result, 'known');
            else {
              assert.equal(result, 'new');
              target.body = step.body;
              target.isEdited = true;
              endQuotes(id ?? 0);
            }
          } else if (step.type === 'delete') {
            const result = resultOf(store.appendOne(remove(id ?? 0, step.by)));
            const isAllowed = target?.author === step.by.uid || step.by.isModerator;
            if (!target) assert.equal(result, 'no-such-message');
            else if (!isAllowed) assert.equal(result, 'not-moderator');
            else if (target.body === null) assert.equal(result, 'known');
            else {
              assert.equal(result, 'new');
              Object.assign(target, { body: null, isEdited: false, quote: undefined });
              target.reactions.clear();
              endQuotes(id ?? 0);
            }
          } else {
            const event = react(id ?? 0, step.emoji, step.by, step.enabled, at);
            const result = resultOf(store.appendOne(event));
            if (!target) assert.equal(result, 'no-such-message');
            else if (target.body === null) assert.equal(result, 'message-deleted');
            else {
              const users = target.reactions.get(step.emoji) ?? new Set();
              target.reactions.set(step.emoji, users);
              const on = step.enabled ?? !users.has(step.by.uid);
              assert.equal(result, on === users.has(step.by.uid) ? 'known' : 'new');
              if (on) users.add(step.by.uid);
              else users.delete(step.by.uid);
            }
          }
          if (store.head() === head) continue;
          assert.equal(store.head(), head + 1, 'one event has one number');
          const last = store.all().filter(({ seq }) => seq === store.head());
          const [first] = last;
          // An event that posts a message changes no other: see formatCursor.
          if (first?.id === first?.seq) assert.equal(last.length, 1);
          else assert.ok(last.every(({ id, reply }) => id === first?.id || reply === first?.id));
        }
        const stored = store.all().map((message) => {
          const { id, uid, kind, body, edited } = message;
          const quote = readQuote(message);
          const reactions = readReactions(message).map(({ emoji, count, people }) => {
            assert.equal(count, people.length);
            return [emoji, people.map(({ uid }) => uid).toSorted()] as const;
          });
          return {
            ...{ id, author: uid, body: kind === 'deleted' ? null : body },
            isEdited: edited !== null,
            quote: quote && { of: quote.id, isQuoted: quote.text !== null },
            reactions: new Map(reactions),
          };
        });
        const expected = [...model].map(([id, known]) => ({
          ...{ id, ...known },
          reactions: new Map(
            [...known.reactions]
              .filter(([, users]) => users.size > 0)
              .map(([emoji, users]) => [emoji, [...users].toSorted()]),
          ),
        }));
        assert.deepEqual(stored, expected);
        store.db.close();
      }),
      { numRuns: 150 },
    );
  });
});
