import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import { MembershipWriter } from '../../../server/features/memberships/membership-writer.ts';
import { Renderer } from '../../../server/features/messages/renderer.ts';
import { ChatRoom } from '../../../server/features/rooms/chat-room.ts';
import { ChatRooms } from '../../../server/features/rooms/chat-rooms.ts';
import { posted } from '../../support/events.ts';
import { openLog, openWaiter } from '../../support/rendering.ts';

async function openRegistry(t: TestContext) {
  const { log, store } = await openLog(t);
  const failed = (_room: string, error: unknown) => assert.fail(String(error));
  const rooms = new ChatRooms(
    { log, store, memberships: new MembershipWriter(log), renderer: new Renderer(), graceMs: 0 },
    failed,
  );
  log.onCommit((batch) => rooms.apply(batch));
  const post = (room: string) => log.append({ ...posted('hello'), room });
  return { rooms, store, post };
}

/** Subscribes in the turn in which it is called. */
async function subscribe(room: ChatRoom) {
  const { connection, waiter } = openWaiter(room);
  await waiter.start();
  return connection;
}

const names = Array.from({ length: 150 }, (_, n) => `r${n}`);
const turn = () => new Promise(setImmediate);

suite('The rooms in use', () => {
  test('include those that are being opened, however many are empty', async (t) => {
    const { rooms, post } = await openRegistry(t);
    const connections = await Promise.all(
      names.map((name) => rooms.open(name).then((room) => subscribe(room))),
    );
    await turn();
    await Promise.all(names.map(post));
    for (const connection of connections)
      await connection.until(() => connection.messages.length === 1);
  });

  test('include a hundred empty ones; those that were opened first are closed', async (t) => {
    const { rooms } = await openRegistry(t);
    const closed = t.mock.method(ChatRoom.prototype, 'close');
    const opened: ChatRoom[] = [];
    for (const name of names) {
      opened.push(await rooms.open(name));
      await turn();
    }
    assert.deepEqual(
      closed.mock.calls.map(({ this: room }) => room),
      opened.slice(0, 50),
    );
    assert.equal(await rooms.open('r50'), opened[50]);
    assert.notEqual(await rooms.open('r49'), opened[49]);
  });

  test("do not include a room that can't be read: it is read again", async (t) => {
    const { rooms, store } = await openRegistry(t);
    // All reads fail, at different times; none of them may be an unhandled rejection.
    const mocks = (['settings', 'before', 'latest', 'polls', 'closingPolls'] as const).map(
      (read, turns) =>
        t.mock.method(store.queries, read, async () => {
          for (let n = 0; n < turns; n += 1) await turn();
          throw new Error(`${read} failed`);
        }),
    );
    const opening = [rooms.open('a'), rooms.open('a')];
    for (const opened of opening) await assert.rejects(opened, /failed/);
    for (let n = 0; n < 10; n += 1) await turn();
    for (const { mock } of mocks) mock.restore();
    assert.equal((await rooms.open('a')).name, 'a');
  });
});
