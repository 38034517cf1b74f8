import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { Message } from '../../../server/core/message.ts';
import { appender } from '../../../server/features/appender.ts';
import { RenderedMessage } from '../../../server/features/messages/rendered-message.ts';
import type { RoomAction } from '../../../server/features/room-actions.ts';
import { stateTexts } from '../../../server/features/rooms/room-state.ts';
import { openDatabase } from '../../../server/features/schema.ts';
import { tornadoFraming, webSocketFraming } from '../../../server/transports/framing/websocket.ts';
import { posted, roomAction, who } from '../../support/events.ts';

const UID = '0a1b2c3d-0000-4000-8000-000000000000';
const ADA = who(UID, { name: 'Ada' });
const whom = { uid: '9f8e7d6c-0000-4000-8000-000000000000', name: 'Ben' };
const MADE: RoomAction = {
  type: 'room-created',
  title: 'Room',
  topic: 'Fish',
  isListed: true,
  passwordHash: 'salt$hash',
};
/** Pins the first message of the room. */
const PINNED: RoomAction = { type: 'message-pinned', id: 2 };
const sanction = { whom, address: '192.0.2.1' };

/** Every room action, its system message, and a value in it. */
const ACTIONS: readonly (readonly [RoomAction, string, string])[] = [
  [MADE, 'Ada created this room.', 'Ada'],
  [{ type: 'title-changed', text: 'Zoo' }, 'Ada renamed this room to \u2068Zoo\u2069', 'Zoo'],
  [{ type: 'topic-changed', text: 'Birds' }, 'Ada changed the topic to \u2068Birds\u2069', 'Birds'],
  [{ type: 'topic-changed', text: '' }, 'Ada removed the topic.', 'Ada'],
  [{ type: 'listing-changed', enabled: true }, 'Ada listed this room publicly.', 'Ada'],
  [{ type: 'listing-changed', enabled: false }, 'Ada unlisted this room.', 'Ada'],
  [{ type: 'password-changed', passwordHash: 'salt$hash' }, 'Ada set a room password.', 'Ada'],
  [{ type: 'password-changed', passwordHash: null }, 'Ada removed the room password.', 'Ada'],
  [{ type: 'lock-changed', enabled: true }, 'Ada locked this room.', 'Ada'],
  [{ type: 'lock-changed', enabled: false }, 'Ada unlocked this room.', 'Ada'],
  [
    { type: 'name-requirement-changed', enabled: true },
    'Ada required a name for posting and voting.',
    'Ada',
  ],
  [
    { type: 'name-requirement-changed', enabled: false },
    'Ada allowed posting and voting without a name.',
    'Ada',
  ],
  [
    { type: 'slow-mode-changed', seconds: 30 },
    'Ada turned on slow mode (30 s between messages).',
    '30',
  ],
  [{ type: 'slow-mode-changed', seconds: 0 }, 'Ada turned off slow mode.', 'Ada'],
  [{ type: 'history-cleared' }, 'Ada cleared the history.', 'Ada'],
  [{ type: 'room-deleted' }, 'Ada deleted this room.', 'Ada'],
  [PINNED, 'Ada pinned a message.', 'Ada'],
  [{ type: 'message-unpinned', id: 2 }, 'Ada unpinned a message.', 'Ada'],
  [{ type: 'user-muted', minutes: 10, ...sanction }, 'Ada muted Ben for 10 min.', '10'],
  [{ type: 'user-muted', minutes: null, ...sanction }, 'Ada muted Ben.', 'Ben'],
  [{ type: 'user-banned', minutes: 1_440, ...sanction }, 'Ada banned Ben for 1,440 min.', '1,440'],
  [{ type: 'user-banned', minutes: null, ...sanction }, 'Ada banned Ben.', 'Ben'],
  [{ type: 'restrictions-lifted', whom }, 'Ada lifted the restrictions on Ben.', 'Ben'],
  [{ type: 'ownership-transferred', whom }, 'Ada made Ben the owner of this room.', 'Ben'],
];

/** The system message of a room action, as the store appends it. */
function messageOf(action: RoomAction, by = ADA): Message {
  const db = openDatabase(':memory:');
  const before =
    action.type === 'room-created' ? [] : [roomAction(MADE, by), posted('hello', null, by)];
  if (action.type === 'message-unpinned') before.push(roomAction(PINNED, by));
  const [outcome] = appender(db)([...before, roomAction(action, by)]).slice(-1);
  db.close();
  assert.ok(outcome && 'change' in outcome && outcome.change.message);
  return outcome.change.message;
}

/** The sentence of a fragment. */
function sentenceOf(html: string): string {
  return /<p>(.*?) <time/.exec(html)?.[1] ?? '';
}

/** A message in all its types. */
function textsOf(message: Message) {
  const rendered = new RenderedMessage(message);
  const [en, zh, json] = (['en', 'zh', 'json'] as const).map((type) => rendered.text(type));
  assert.ok(en !== undefined && zh !== undefined && json !== undefined);
  return { en, zh, json, isNew: rendered.isNew };
}

/** Isolates names from the direction of the text around them (UAX 9). */
const isolated = (text: string) => text.replace(/Ada|Ben/g, (name) => `\u2068${name}\u2069`);

suite('A system message', () => {
  for (const [action, english, value] of ACTIONS) {
    test(`is shown in the language of the reader: ${english}`, () => {
      const { en, zh, json, isNew } = textsOf(messageOf(action));
      assert.match(
        en,
        /^<article class="system-message" id="m-\d+" data-seq="\d+" data-uid="0a1b2c3d-/,
      );
      assert.equal(sentenceOf(en), isolated(english));
      const chinese = sentenceOf(zh);
      assert.match(chinese, /\p{Script=Han}/u);
      assert.ok(chinese.includes(isolated(value)), chinese);
      for (const text of [en, zh, json]) {
        assert.doesNotMatch(text, /\{\w+\}|undefined|NaN|\u2068\u2069/);
        for (const secret of ['salt', 'hash', '192.0.2.1']) assert.ok(!text.includes(secret));
      }
      const parsed = JSON.parse(json);
      assert.deepEqual([parsed.type, parsed.action, parsed.uid], ['system', action.type, UID]);
      assert.ok(zh.includes(`id="m-${parsed.id}"`));
      assert.equal(isNew, false, 'clients that only append ignore it');
    });
  }

  test('calls a guest by a short id', () => {
    const nobody = { uid: whom.uid, name: null };
    const { en, zh } = textsOf(messageOf({ type: 'restrictions-lifted', whom: nobody }, who(UID)));
    assert.equal(
      sentenceOf(en),
      '\u2068guest 0a1b2c\u2069 lifted the restrictions on \u2068guest 9f8e7d\u2069.',
    );
    assert.ok(sentenceOf(zh).includes('\u2068访客 0a1b2c\u2069'));
  });

  for (const text of [
    '<img src=x onerror=alert(1)>',
    '{who}{text}',
    '$&$1',
    '"\'&amp;',
    '\u202eabc',
  ]) {
    test(`is shown as it was written: ${JSON.stringify(text)}`, () => {
      const { en, json } = textsOf(
        messageOf({ type: 'topic-changed', text }, who(UID, { name: text })),
      );
      const escaped = text
        .replaceAll('&', '&amp;')
        .replaceAll('<', '&lt;')
        .replaceAll('>', '&gt;')
        .replaceAll('"', '&#34;')
        .replaceAll("'", '&#39;');
      const english = `\u2068${escaped}\u2069 changed the topic to \u2068${escaped}\u2069`;
      assert.equal(sentenceOf(en), english);
      assert.deepEqual([JSON.parse(json).text, JSON.parse(json).name], [text, text]);
    });
  }
});

const tornado = tornadoFraming('en');

suite("Tornado's clients", () => {
  test('receive neither system messages nor changes of old messages', () => {
    const db = openDatabase(':memory:');
    const outcomes = appender(db)([
      roomAction(MADE, ADA),
      posted('bad', null, ADA),
      posted('good', null, ADA),
      { kind: 'message-deleted', room: 'class', who: ADA, id: 2, at: 0 },
      roomAction({ type: 'lock-changed', enabled: true }, ADA),
    ]);
    db.close();
    const fragments = outcomes.map((outcome) => {
      assert.ok('change' in outcome && outcome.change.message);
      return new RenderedMessage(outcome.change.message);
    });
    const [made, bad, good, deleted, locked] = fragments;
    assert.ok(made && bad && good && deleted && locked);
    for (const isReset of [false, true]) {
      assert.equal(tornado.messages([made, deleted, locked], 'epoch', isReset).length, 0);
      assert.deepEqual(
        tornado.messages([made, good, deleted, locked], 'epoch', isReset),
        webSocketFraming('en').messages([good], 'epoch', false),
      );
    }
  });

  test('receive no reset, no cursor, and nothing ephemeral', () => {
    const presence = {
      people: [{ uid: UID, name: 'Ada', state: 'online' as const, isTyping: true }],
      count: 1,
      isWhole: false,
    };
    for (const frames of [
      tornado.reset(),
      tornado.synced('epoch.1'),
      tornado.ephemeral((type) => stateTexts(presence, type)),
    ]) {
      assert.equal(frames.length, 0);
    }
  });
});
