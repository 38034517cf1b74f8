import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import { Room } from '../../server/core/room.ts';
import { RoomRegistry } from '../../server/core/room-registry.ts';
import { Renderer } from '../../server/features/messages/renderer.ts';
import { posted } from '../support/events.ts';
import { enter, openLog } from '../support/rendering.ts';

async function openRegistry(t: TestContext) {
  const { log, store } = await openLog(t);
  const failed = (_room: string, error: unknown) => assert.fail(String(error));
  const rooms = new RoomRegistry({ log, store, renderer: new Renderer(), graceMs: 0 }, failed);
  const post = (room: string) => log.append({ ...posted('hello'), room });
  return { rooms, store, post };
}

const names = Array.from({ length: 150 }, (_, n) => `r${n}`);
const turn = () => new Promise(setImmediate);

suite('The rooms in use', () => {
  test('include those that are being opened, however many are empty', async (t) => {
    const { rooms, post } = await openRegistry(t);
    const sinks = await Promise.all(
      names.map((name) => rooms.open(name).then((room) => enter(room).sink)),
    );
    await turn();
    await Promise.all(names.map(post));
    for (const sink of sinks) await sink.until(() => sink.told.length === 1);
  });

  test('include a hundred empty ones; those that were opened first are closed', async (t) => {
    const { rooms } = await openRegistry(t);
    const closed = t.mock.method(Room.prototype, 'close');
    const opened: Room[] = [];
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

  test('do not include one that cannot be read: it is read again', async (t) => {
    const { rooms, store } = await openRegistry(t);
    // All reads fail, at different times; none of them may be an unhandled rejection.
    const mocks = (['settings', 'before', 'latest', 'polls', 'closingPolls'] as const).map(
      (read, turns) =>
        t.mock.method(store, read, async () => {
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
