import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bodies, join } from '../support/client.ts';
import { transports } from '../support/listeners.ts';
import { openApp } from '../support/server.ts';

const SWITCHES = 200;

test(`A client that changes the transport ${SWITCHES} times under load gets each message once.`, async (t) => {
  const { port } = await openApp(t);
  const sender = await join(t, port, '/chat');
  let posted = 0;
  let isOver = false;
  // As fast as the messages are received, so that some are always in flight.
  const postAll = async () => {
    while (!isOver) {
      for (let n = 0; n < 5; n += 1) sender.post(`${posted++}`);
      await sender.until((frames) => frames.length > posted);
    }
  };
  const posting = postAll();

  const received: string[] = [];
  let cursor: string | undefined;
  for (let n = 0; n < SWITCHES; n += 1) {
    const transport = transports[Math.floor(Math.random() * transports.length)];
    assert.ok(transport);
    const listener = await transport.listen(t, port, 'lobby', cursor);
    await listener.until(() => listener.bodies.length >= 1 + (n % 7));
    listener.stop();
    assert.equal(listener.isReset, false, `a reset over ${transport.name}`);
    received.push(...listener.bodies);
    cursor = listener.cursor;
  }
  isOver = true;
  await posting;
  const first = Number(received[0]);
  assert.deepEqual(received, bodies(sender.frames).slice(first, first + received.length));
});
