import assert from 'node:assert/strict';
import { type Case, isLive, messagesOn, postMessage, waitForMessage } from '../setup.ts';

const WAYS = {
  websocket: 'WebSocket',
  sse: 'SSE',
  'long-polling': 'long polling',
  polling: 'polling',
};

/** A page that uses a chosen transport chats with a page that uses the best one. */
function chatsOver(way: string): Case {
  return async (place) => {
    const [page, other] = [await place.open(), await place.open()];
    await page.select('#transport', way);
    await isLive(page, way);
    await postMessage(page, 'one');
    await waitForMessage(other, 'one');
    await postMessage(other, 'two');
    await waitForMessage(page, 'two');
    await postMessage(page, 'three');
    await waitForMessage(page, 'three');
    assert.deepEqual(await messagesOn(page), ['one', 'two', 'three']);
    assert.deepEqual(await page.texts('.message.own > .body'), ['one', 'three']);
  };
}

export const transports: Readonly<Record<string, Case>> = Object.fromEntries(
  Object.entries(WAYS).map(([way, name]) => [`The page chats over ${name}`, chatsOver(way)]),
);
