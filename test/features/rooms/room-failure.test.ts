import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ChatRoom } from '../../../server/features/rooms/chat-room.ts';
import { join } from '../../support/client.ts';
import { post, transports } from '../../support/listeners.ts';
import { openApp } from '../../support/server.ts';

for (const { name, listen } of transports) {
  test(`Over ${name}, a room that cannot apply a change is opened again, with nothing missed`, async (t) => {
    const { port } = await openApp(t);
    const other = await join(t, port, '/chat?room=other');
    const before = await (await listen(t, port, 'broken')).untilLive();
    const { apply } = ChatRoom.prototype;
    const failing = t.mock.method(ChatRoom.prototype, 'apply', function (
      this: ChatRoom,
      ...changes
    ) {
      if (this.name !== 'broken') return apply.apply(this, changes);
      failing.mock.restore();
      throw new Error('cannot be applied');
    } as typeof apply);
    const response = await post(port, 'broken', 'one');
    assert.equal(response.status, 201, 'what is committed is acknowledged');

    const after = await listen(t, port, 'broken', before.cursor);
    await after.until(() => after.bodies.includes('one'));
    await post(port, 'broken', 'two');
    await after.until(() => after.bodies.includes('two'));
    assert.deepEqual(after.bodies, ['one', 'two']);
    assert.equal(after.isReset, false);
    other.post('hello');
    await other.waitForFrames(2);
    assert.equal(failing.mock.callCount(), 1);
  });
}

test("A room that can't apply a change closes its WebSockets with 1011, so that they reconnect", async (t) => {
  const { port } = await openApp(t);
  const client = await join(t, port, '/rooms/broken/live');
  await client.waitForFrames(2);
  t.mock.method(
    ChatRoom.prototype,
    'apply',
    () => {
      throw new Error('cannot be applied');
    },
    { times: 1 },
  );
  await post(port, 'broken', 'one');
  assert.equal(await client.closed, 1011);
});
