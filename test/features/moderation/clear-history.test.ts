import assert from 'node:assert/strict';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { suite, test } from 'node:test';
import { START } from '../../../server/core/cursor.ts';
import { appender } from '../../../server/features/appender.ts';
import type { Event } from '../../../server/features/events.ts';
import { historyClearing } from '../../../server/features/moderation/clear-history.ts';
import { queries } from '../../../server/features/queries.ts';
import { openDatabase } from '../../../server/features/schema.ts';
import { Store } from '../../../server/features/store.ts';
import { openDataDir } from '../../../server/storage/data-dir.ts';
import { posted, roomAction, who } from '../../support/events.ts';
import { failOnError } from '../../support/observer.ts';
import { SPEC } from '../../support/poll.ts';
import { temporaryFolder } from '../../support/server.ts';
import { waitWhile } from '../../support/wait-while.ts';

const MAX_ID = Number.MAX_SAFE_INTEGER;
const ROOM = 'class';
const moderator = who('moderator', { isModerator: true });
const CLEAR = roomAction({ type: 'history-cleared' }, moderator);

/** More messages than are deleted at once, each with a client id, and a poll with a vote. */
function many(count = 1_000): readonly Event[] {
  const poll = {
    kind: 'poll-created' as const,
    room: ROOM,
    who: moderator,
    cid: null,
    poll: SPEC,
    files: [],
    at: 0,
  };
  const vote = {
    kind: 'votes-set' as const,
    room: ROOM,
    who: who('a'),
    id: 1,
    options: [0],
    at: 0,
  };
  const react = {
    kind: 'reaction-toggled' as const,
    room: ROOM,
    who: who('a'),
    id: 700,
    emoji: '👍',
    enabled: true,
    at: 0,
  };
  const posts = Array.from({ length: count }, (_, n) => posted(`number ${n}`, `c${n}`));
  return [poll, vote, ...posts, react];
}

function openStore(...events: readonly Event[]) {
  const db = openDatabase(':memory:');
  const append = appender(db);
  append(events);
  const all = queries(db);
  /** What can be read of the room. */
  const read = () => [
    all.before(ROOM, MAX_ID, 100).messages,
    all.after(ROOM, 0, 100).messages,
    all.latest(ROOM, 100).messages,
    all.changedSince(ROOM, START, 0, 64).messages,
    all.postedAfter(ROOM, 0, 64).messages,
    all.polls(ROOM, MAX_ID, 50).messages,
    all.votesOf(ROOM, ['a'], 50),
    all.countSince(ROOM, START, 1_001),
    all.countAfter(ROOM, 0, '', 100).count,
    [1, 5, 700].map((id) => all.message(ROOM, id)),
  ];
  const bodies = () => all.before(ROOM, MAX_ID, 100).messages.map(({ body }) => body);
  const rows = (table: string) => Number(db.prepare(`SELECT count(*) AS n FROM ${table}`).get()?.n);
  return { append, read, bodies, rows, clear: historyClearing(db) };
}

suite('A room whose history is cleared', () => {
  test('is empty at once for all queries, and is deleted in batches', () => {
    const { append, read, bodies, rows, clear } = openStore(...many(), {
      ...posted('elsewhere'),
      room: 'b',
    });
    append([CLEAR, posted('after it')]);
    const left = rows('messages');
    assert.ok(left > 500 && left < 1_000, `${left} are still to be removed`);
    const now = read();
    assert.deepEqual(bodies(), ['{"action":"history-cleared"}', 'after it']);
    let pieces = 0;
    for (; clear.removePiece(); pieces += 1) assert.deepEqual(read(), now);
    assert.ok(pieces >= 3, `${pieces}`);
    assert.deepEqual(
      ['messages', 'votes', 'tallies', 'reactions', 'cleared'].map(rows),
      [3, 0, 0, 0, 0],
    );
  });

  test('rejects events about messages that were in it', () => {
    const { append } = openStore(...many());
    append([CLEAR]);
    const room = ROOM;
    const id = 700;
    const outcomes = append([
      { kind: 'message-edited', room, who: who('me'), id, body: 'x', at: 0 },
      { kind: 'message-deleted', room, who: moderator, id, at: 0 },
      { kind: 'reaction-toggled', room, who: who('me'), id, emoji: '👍', enabled: true, at: 0 },
      { ...posted('a reply'), reply: id },
      roomAction({ type: 'message-pinned', id }, moderator),
    ]);
    for (const outcome of outcomes)
      assert.deepEqual(outcome, { refused: 'no-such-message', details: {} });
  });

  test('accepts a message under a client id that was used before', () => {
    const { append, bodies, clear } = openStore(...many());
    append([CLEAR]);
    const [again] = append([posted('number 900', 'c900')]);
    assert.ok(again && 'change' in again && again.isNew);
    while (clear.removePiece());
    assert.equal(bodies().at(-1), 'number 900');
  });
});

test('A store deletes cleared messages by itself, also those left when it was closed', async (t) => {
  const data = temporaryFolder(t);
  const open = async () => {
    const folder = openDataDir(data);
    const store = await Store.open(folder, failOnError);
    return {
      store,
      close: async () => {
        await store.close();
        folder.release();
      },
    };
  };
  const first = await open();
  await first.store.append(many(3_000), 0);
  await first.store.append([CLEAR], 0);
  await first.close();
  const second = await open();
  const db = new DatabaseSync(join(data, 'chat.sqlite'), { readOnly: true });
  const left = () => Number(db.prepare('SELECT count(*) AS n FROM messages').get()?.n);
  await waitWhile(() => left() > 1);
  db.close();
  await second.close();
});
