import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ChatError } from '../../../server/core/errors.ts';
import { parseRoomName } from '../../../server/features/rooms/room-name.ts';

test('Any text is a room name, or is rejected with or without a suggestion.', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      try {
        const name = parseRoomName(text);
        assert.equal(parseRoomName(name), name);
      } catch (error) {
        assert.ok(error instanceof ChatError && error.code === 'invalid-room-name');
        const { near } = error.details;
        if (near !== undefined) assert.equal(parseRoomName(String(near)), near);
      }
    }),
  );
});

test('For a name that is nearly valid, a valid one is suggested.', () => {
  for (const [text, near] of [
    ['our class', 'our-class'],
    ['  room 12! ', 'room-12'],
    ['a'.repeat(50), 'a'.repeat(40)],
    ['😀', undefined],
  ] as const) {
    assert.throws(
      () => parseRoomName(text),
      (error: ChatError) => error.details.near === near,
    );
  }
});
