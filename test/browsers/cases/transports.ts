import assert from 'node:assert/strict';
import { type Case, heard, hears, isLive, say } from '../setup.ts';

const WAYS = {
  websocket: 'WebSocket',
  sse: 'SSE',
  'long-polling': 'long polling',
  polling: 'polling',
};

/** A page that is told to take one transport chats over it with one that took the best. */
function chatsOver(way: string): Case {
  return async (place) => {
    const [page, other] = [await place.open(), await place.open()];
    await page.select('#transport', way);
    await isLive(page, way);
    await say(page, 'one');
    await hears(other, 'one');
    await say(other, 'two');
    await hears(page, 'two');
    await say(page, 'three');
    await hears(page, 'three');
    assert.deepEqual(await heard(page), ['one', 'two', 'three']);
    assert.deepEqual(await page.texts('.message.own > .body'), ['one', 'three']);
  };
}

export const transports: Readonly<Record<string, Case>> = Object.fromEntries(
  Object.entries(WAYS).map(([way, name]) => [`The page chats over ${name}`, chatsOver(way)]),
);
