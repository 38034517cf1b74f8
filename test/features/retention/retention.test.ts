import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import type { Accepted } from '../../../server/core/outcome.ts';
import { appender } from '../../../server/features/appender.ts';
import type { ChatChange } from '../../../server/features/change.ts';
import type { Event } from '../../../server/features/events.ts';
import { queries } from '../../../server/features/queries.ts';
import { openDatabase } from '../../../server/features/schema.ts';
import { searcher } from '../../../server/features/search/search.ts';
import { posted, roomAction, who } from '../../support/events.ts';
import { SPEC } from '../../support/poll.ts';
import { openApp } from '../../support/server.ts';
import { createGuest, outcome, signIn } from '../../support/test-user.ts';

const DAY = 86_400_000;
const ROOM = 'class';
const MAX_ID = Number.MAX_SAFE_INTEGER;
const owner = who('owner', { isModerator: true });

function openStore() {
  const db = openDatabase(':memory:');
  const append = appender(db);
  const all = queries(db);
  return {
    append: (...events: readonly Event[]) => append(events),
    /** Lets messages expire at a time, with the server's limit; `undefined` where none do. */
    expire(at: number, keepDays: number | null) {
      const [result] = append([{ kind: 'messages-expired', room: ROOM, keepDays, at }]);
      return result && 'change' in result ? (result as Accepted<ChatChange>).change : undefined;
    },
    bodies: () => all.before(ROOM, MAX_ID, 200).messages.map(({ body }) => body),
    quote: (id: number) => JSON.parse(all.message(ROOM, id)?.quote ?? 'null')?.text,
    rows: (table: string) => Number(db.prepare(`SELECT count(*) AS n FROM ${table}`).get()?.n),
    ...all,
    search: searcher(db, ':memory:'),
  };
}

/** A message of a day. */
const onDay = (day: number, body: string, more = {}): Event => ({
  ...posted(body),
  at: day * DAY,
  ...more,
});

const keepFor = (days: number): Event => ({
  ...roomAction({ type: 'keep-days-changed', days }, owner),
  at: 5 * DAY,
});

suite('Messages', () => {
  test('expire by the clock of the log, after the days of the server', () => {
    const { append, expire, bodies } = openStore();
    append(onDay(1, 'one'), onDay(2, 'two'), onDay(3, 'three'));
    assert.equal(expire(9 * DAY, null), undefined);
    assert.equal(expire(8 * DAY, 7), undefined);
    assert.equal(expire(9 * DAY, 7)?.expiredId, 1);
    assert.deepEqual(bodies(), ['two', 'three']);
  });

  test('expire after the days of the room where these are fewer', () => {
    const { append, expire, bodies } = openStore();
    append(onDay(1, 'one'), onDay(2, 'two'), keepFor(2));
    assert.ok(expire(4 * DAY + 1, 30));
    assert.deepEqual(bodies(), ['{"action":"keep-days-changed","days":2}']);
    append(keepFor(3_000));
    assert.ok(expire(40 * DAY, 30));
    assert.deepEqual(bodies(), []);
    assert.equal(expire(40 * DAY, null), undefined);
  });

  test('expire with their reactions, votes, files, pins and quotes', () => {
    const { append, expire, quote, rows, settings } = openStore();
    const file = { id: 'a'.repeat(32), name: 'a.txt', type: 'text/plain', size: 1, picture: null };
    const room = ROOM;
    append(
      { kind: 'file-uploaded', room, who: who('me'), file, at: 0 },
      onDay(1, 'old', { files: [file.id] }),
      { kind: 'poll-created', room, who: owner, cid: null, poll: SPEC, files: [], at: DAY },
      { kind: 'votes-set', room, who: who('a'), id: 3, options: [0], at: DAY },
      { kind: 'reaction-toggled', room, who: who('a'), id: 2, emoji: '👍', enabled: true, at: DAY },
      roomAction({ type: 'message-pinned', id: 2 }, owner),
      onDay(20, 'reply', { reply: 2 }),
    );
    const reply = 7;
    assert.equal(quote(reply), 'old');
    const change = expire(21 * DAY, 7);
    assert.deepEqual(change?.freed, [file.id]);
    assert.deepEqual(
      change?.others?.map(({ id, seq }) => [id, seq]),
      [[reply, change?.seq]],
    );
    assert.equal(quote(reply), null);
    assert.deepEqual(settings(ROOM)?.pinned, []);
    for (const table of ['reactions', 'votes', 'voters', 'files', 'tallies'])
      assert.equal(rows(table), 0, table);
  });

  test('expire a hundred at once, and are found by no search', () => {
    const { append, expire, bodies, search } = openStore();
    append(...Array.from({ length: 150 }, (_, n) => onDay(1, `word ${n}`)), onDay(20, 'word new'));
    const find = () => search.search({ rooms: [ROOM], text: 'word', before: MAX_ID, limit: 200 });
    assert.equal(find()?.hits.length, 100);
    assert.equal(expire(21 * DAY, 7)?.expiredId, 100);
    assert.equal(bodies().length, 51);
    assert.equal(expire(21 * DAY, 7)?.expiredId, 150);
    assert.equal(expire(21 * DAY, 7), undefined);
    assert.deepEqual(
      find()?.hits.map(({ message }) => message.body),
      ['word new'],
    );
    while (search.index() !== undefined);
  });

  test('are looked for in all rooms, by the page', () => {
    const { append, expiringRooms } = openStore();
    const rooms = Array.from({ length: 600 }, (_, n) => `room-${1_000 + n}`);
    append(...rooms.map((room, n) => onDay(n < 300 ? 1 : 20, 'text', { room })));
    const first = expiringRooms('', 21 * DAY, 7);
    assert.equal(first.rooms.length, 300);
    assert.deepEqual(expiringRooms(first.last ?? '', 21 * DAY, 7), { rooms: [], last: null });
    assert.deepEqual(expiringRooms('', 21 * DAY, null).rooms, []);
  });
});

/** Posts messages of ten days ago. */
async function postTenDaysAgo(t: TestContext, post: () => Promise<unknown>): Promise<void> {
  const now = Date.now();
  const clock = t.mock.method(Date, 'now', () => now - 10 * DAY);
  await post();
  clock.mock.restore();
}

suite('A server that keeps messages for a week', () => {
  test('deletes older ones, tells connected clients, and keeps their cursors valid', async (t) => {
    const { port } = await openApp(t, { keepDays: 7 }, { retentionIntervalMs: 20 });
    const guest = await createGuest(port);
    let socket = await guest.live(t, ROOM);
    await postTenDaysAgo(t, () => guest.postMessage(ROOM, 'old words'));
    await guest.postMessage(ROOM, 'new words');
    const isTold = (frames: readonly string[]) => frames.some((one) => /"expiredId":1\b/.test(one));
    await socket.untilEphemeral(isTold);
    const synced = socket.frames.find((frame) => /"synced"/.test(frame)) ?? '';
    const cursor = JSON.parse(synced).cursor.replace(/\d+$/, '2');
    const history = await guest.get(`/rooms/${ROOM}/messages`, { Accept: 'application/json' });
    const { messages } = await history.json();
    assert.deepEqual(
      messages.map(({ body }: { body: string }) => body),
      ['new words'],
    );
    socket = await guest.live(t, ROOM, cursor);
    await socket.untilEphemeral(isTold);
    await guest.postMessage(ROOM, 'newest words');
    const again = await socket.until((some) => some.some((one) => /newest words/.test(one)));
    assert.ok(!again.some((frame) => /old words|"reset"/.test(frame)), `${again}`);
  });

  test('asks before a room keeps them for a shorter time', async (t) => {
    const { port } = await openApp(t, { keepDays: 7 });
    const ada = await signIn(port, 'Ada');
    await ada.createRoom(ROOM);
    const path = `/rooms/${ROOM}/commands`;
    const page = await ada.submit(path, { type: 'set-keep-days', days: '3' });
    assert.match(await page.text(), /older than 3 days will be deleted for everyone/);
    const set = { type: 'set-keep-days', days: '3', confirmed: 'on' };
    assert.equal((await ada.submit(path, set)).status, 303);
    const settings = await (await ada.get(`/rooms/${ROOM}/settings`)).text();
    assert.match(settings, /name="days" value="3" min="0" max="7"/);
    assert.equal((await ada.submit(path, { type: 'set-keep-days', days: '5' })).status, 303);
    const guest = await createGuest(port);
    const command = { type: 'set-keep-days', days: 1 };
    assert.equal(await outcome(guest.command(ROOM, command)), '403 not-moderator');
    assert.equal(await outcome(ada.command(ROOM, { ...command, days: -1 })), '400 unknown-action');
  });
});
