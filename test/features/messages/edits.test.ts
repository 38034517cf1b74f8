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

const ROOM = 'class';
const ADA = who('ada');
const BEN = who('ben');
const MODERATOR = who('moderator', { isModerator: true });

function openStore() {
  const db = openDatabase(':memory:');
  const append = appender(db);
  const one = (event: Event): ChatOutcome => append([event])[0] as ChatOutcome;
  return {
    db,
    one,
    say(body: string, by: Actor = ADA, reply: number | null = null, cid: string | null = null) {
      const outcome = one({ ...posted(body, cid, by), reply });
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
    const id = store.say('one');
    store.one(roomAction({ type: 'lock-changed', enabled: false }, MODERATOR));
    const before = store.all();
    assert.equal(resultOf(store.one(edit(id, 'two', BEN))), 'not-author');
    assert.equal(resultOf(store.one(edit(id, 'two', MODERATOR))), 'not-author');
    assert.equal(resultOf(store.one(edit(99, 'two'))), 'no-such-message');
    assert.equal(resultOf(store.one(edit(id + 1, 'two', MODERATOR))), 'not-editable');
    assert.equal(resultOf(store.one({ ...edit(id, 'two'), room: 'other' })), 'no-such-message');
    assert.equal(resultOf(store.one(edit(id, 'one'))), 'known');
    assert.deepEqual(store.all(), before, 'a refusal leaves everything as it was');
    assert.equal(resultOf(store.one(edit(id, 'two', ADA, 7))), 'new');
    assert.equal(resultOf(store.one(edit(id, 'two', ADA, 9))), 'known');
    const { body, edited, seq } = store.message(id);
    assert.deepEqual([body, edited, seq], ['two', 7, id + 2]);
    store.one(remove(id));
    assert.equal(resultOf(store.one(edit(id, 'three'))), 'message-deleted');
    assert.equal(resultOf(store.one(edit(id, 'three', BEN))), 'not-author');
    store.db.close();
  });

  test('is writing: not for a user who may not write, but it is no new message for slow mode', () => {
    const store = openStore();
    const id = store.say('one');
    store.one(roomAction({ type: 'slow-mode-changed', seconds: 60 }, MODERATOR));
    assert.equal(resultOf(store.one(edit(id, 'two'))), 'new');
    assert.equal(resultOf(store.one(edit(id, 'three'))), 'new');
    store.one(roomAction({ type: 'lock-changed', enabled: true }, MODERATOR));
    assert.equal(resultOf(store.one(edit(id, 'four'))), 'locked');
    assert.equal(resultOf(store.one(react(id))), 'locked');
    store.one(
      roomAction({ type: 'user-muted', whom: ADA, minutes: null, address: null }, MODERATOR),
    );
    assert.equal(resultOf(store.one(edit(id, 'four'))), 'muted');
    assert.equal(resultOf(store.one(react(id))), 'muted');
    store.one(
      roomAction({ type: 'user-banned', whom: ADA, minutes: null, address: null }, MODERATOR),
    );
    assert.equal(resultOf(store.one(edit(id, 'four'))), 'banned');
    assert.equal(resultOf(store.one(react(id))), 'banned');
    assert.equal(store.message(id).body, 'three');
    assert.equal(resultOf(store.one(remove(id))), 'new', "one's own may always be taken away");
    store.db.close();
  });

  test('does not make a retry of the original message another message', () => {
    const store = openStore();
    const id = store.say('one', ADA, null, 'cid');
    store.one(edit(id, 'two'));
    assert.equal(resultOf(store.one(posted('one', 'cid', ADA))), 'known');
    assert.equal(store.message(id).body, 'two');
    store.db.close();
  });
});

suite('A reply', () => {
  test('quotes the text it answers, until that is edited or deleted', () => {
    for (const change of [edit(1, 'changed'), remove(1)]) {
      const store = openStore();
      store.say('the  words\nof Ada');
      const ids = [store.say('yes', BEN, 1), store.say('no', MODERATOR, 1), store.say('else')];
      const quote = { id: 1, uid: 'ada', name: null, text: 'the words of Ada' };
      assert.deepEqual(readQuote(store.message(2)), quote);
      assert.equal(readQuote(store.message(4)), undefined);
      const outcome = store.one(change);
      assert.ok('change' in outcome);
      const { others = [], message, seq } = outcome.change;
      assert.deepEqual(
        [message, ...others].map((one) => [one?.id, one?.seq]),
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
      const again = store.one(edit(1, 'changed once more'));
      if ('change' in again) assert.deepEqual(again.change.others, [], 'each changes once');
      store.db.close();
    }
  });

  test('is to an existing message of this room that is no system message', () => {
    const store = openStore();
    store.one(roomAction({ type: 'lock-changed', enabled: false }, MODERATOR));
    const id = store.say('one');
    store.one(remove(id));
    const before = store.head();
    const answer = (reply: number, room = ROOM) =>
      resultOf(store.one({ ...posted('two', null, BEN), reply, room }));
    assert.equal(answer(1), 'no-such-message');
    assert.equal(answer(99), 'no-such-message');
    assert.equal(answer(id, 'other'), 'no-such-message');
    assert.equal(answer(id), 'message-deleted');
    assert.equal(store.head(), before);
    store.db.close();
  });

  test('beyond two hundred links to the message without its text', () => {
    const store = openStore();
    store.say('words');
    const ids = Array.from({ length: 201 }, () => store.say('yes', BEN, 1));
    const texts = ids.map((id) => readQuote(store.message(id))?.text);
    assert.deepEqual([texts[0], texts[199], texts[200]], ['words', 'words', null]);
    store.db.close();
  });
});

suite('A reaction', () => {
  test('is of at most twenty kinds, on existing messages, and is deleted with the message and the history', () => {
    const store = openStore();
    const id = store.say('one');
    for (let n = 0; n < 20; n += 1) {
      assert.equal(resultOf(store.one(react(id, String.fromCodePoint(0x1f600 + n)))), 'new');
    }
    assert.equal(resultOf(store.one(react(id, '👍'))), 'too-many-reactions');
    assert.equal(resultOf(store.one(react(id, '😀', BEN))), 'new');
    assert.equal(resultOf(store.one(react(99))), 'no-such-message');
    store.one(remove(id));
    assert.deepEqual([store.reactions(), store.message(id).reactions], [0, null]);
    assert.equal(resultOf(store.one(react(id))), 'message-deleted');
    store.one(react(store.say('two')));
    store.one(roomAction({ type: 'history-cleared' }, MODERATOR));
    assert.equal(store.reactions(), 0);
    store.db.close();
  });

  test('of many users is counted completely, and names some', () => {
    const store = openStore();
    const id = store.say('one');
    for (let n = 0; n < 120; n += 1) store.one(react(id, '👍', who(`u${n}`, { name: `N${n}` })));
    const [one] = readReactions(store.message(id));
    assert.equal(one?.count, 120);
    assert.equal(one?.people.length, 50);
    store.db.close();
  });
});

const person = fc.constantFrom(ADA, BEN, MODERATOR);
const which = fc.nat(4);
const emoji = fc.constantFrom('👍', '❤️', '😂');
const step = fc.oneof(
  fc.record({ type: fc.constant('say' as const), by: person, which: fc.option(which) }),
  fc.record({
    type: fc.constant('edit' as const),
    by: person,
    which,
    body: fc.constantFrom('a', 'b'),
  }),
  fc.record({ type: fc.constant('delete' as const), by: person, which }),
  fc.record({
    type: fc.constant('react' as const),
    by: person,
    which,
    emoji,
    enabled: fc.constantFrom(true, false, null),
  }),
);

interface Known {
  readonly author: string;
  body: string | null;
  isEdited: boolean;
  /** The message it answers, and whether its words still stand. */
  quote: { of: number; stands: boolean } | undefined;
  readonly reactions: Map<string, Set<string>>;
}

suite('Any order of messages, replies, edits, deletions and reactions, by any user', () => {
  test('results in the same state as in a model', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const store = openStore();
        const model = new Map<number, Known>();
        const withdraw = (id: number) => {
          for (const { quote } of model.values()) if (quote?.of === id) quote.stands = false;
        };
        for (const [at, one] of steps.entries()) {
          const ids = [...model.keys()];
          const id = one.which === null ? null : (ids[one.which % (ids.length + 1)] ?? 999);
          const target = id === null ? undefined : model.get(id);
          const head = store.head();
          if (one.type === 'say') {
            const outcome = store.one({ ...posted('a', null, one.by), reply: id });
            const isFine = id === null || (target && target.body !== null);
            assert.equal('change' in outcome, !!isFine);
            if (!('change' in outcome)) continue;
            const quote = id === null ? undefined : { of: id, stands: true };
            const known = { author: one.by.uid, body: 'a', isEdited: false, quote };
            model.set(outcome.change.seq, { ...known, reactions: new Map() });
          } else if (one.type === 'edit') {
            const result = resultOf(store.one(edit(id ?? 0, one.body, one.by, at + 1)));
            if (!target) assert.equal(result, 'no-such-message');
            else if (target.author !== one.by.uid) assert.equal(result, 'not-author');
            else if (target.body === null) assert.equal(result, 'message-deleted');
            else if (target.body === one.body) assert.equal(result, 'known');
            else {
              assert.equal(result, 'new');
              target.body = one.body;
              target.isEdited = true;
              withdraw(id ?? 0);
            }
          } else if (one.type === 'delete') {
            const result = resultOf(store.one(remove(id ?? 0, one.by)));
            const isAllowed = target?.author === one.by.uid || one.by.isModerator;
            if (!target) assert.equal(result, 'no-such-message');
            else if (!isAllowed) assert.equal(result, 'not-moderator');
            else if (target.body === null) assert.equal(result, 'known');
            else {
              assert.equal(result, 'new');
              Object.assign(target, { body: null, isEdited: false, quote: undefined });
              target.reactions.clear();
              withdraw(id ?? 0);
            }
          } else {
            const event = react(id ?? 0, one.emoji, one.by, one.enabled, at);
            const result = resultOf(store.one(event));
            if (!target) assert.equal(result, 'no-such-message');
            else if (target.body === null) assert.equal(result, 'message-deleted');
            else {
              const people = target.reactions.get(one.emoji) ?? new Set();
              target.reactions.set(one.emoji, people);
              const on = one.enabled ?? !people.has(one.by.uid);
              assert.equal(result, on === people.has(one.by.uid) ? 'known' : 'new');
              if (on) people.add(one.by.uid);
              else people.delete(one.by.uid);
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
            return [emoji, people.map((one) => one.uid).toSorted()] as const;
          });
          return {
            ...{ id, author: uid, body: kind === 'deleted' ? null : body },
            isEdited: edited !== null,
            quote: quote && { of: quote.id, stands: quote.text !== null },
            reactions: new Map(reactions),
          };
        });
        const expected = [...model].map(([id, known]) => ({
          ...{ id, ...known },
          reactions: new Map(
            [...known.reactions]
              .filter(([, people]) => people.size > 0)
              .map(([emoji, people]) => [emoji, [...people].toSorted()]),
          ),
        }));
        assert.deepEqual(stored, expected);
        store.db.close();
      }),
      { numRuns: 150 },
    );
  });
});
