import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ChatError } from '../../../server/core/errors.ts';
import { parseRoomName } from '../../../server/features/rooms/room-name.ts';
import { toRoomName } from '../../../server/shared/room-name.ts';

const anyText = fc.string({ unit: 'grapheme', maxLength: 60 });

test('A text is a room name, or is rejected with a valid name or none', () => {
  fc.assert(
    fc.property(anyText, (text) => {
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

test('The name derived from a title is a valid room name, whatever the title', () => {
  fc.assert(
    fc.property(anyText, (title) => {
      const name = toRoomName(title);
      if (name !== '') assert.equal(parseRoomName(name), name, title);
    }),
  );
});

for (const [title, name] of [
  ['Biology 7B', 'biology-7b'],
  ['  What’s new?  ', 'what-s-new'],
  ['A - B', 'a-b'],
  ['生物课 七年级', '生物课-七年级'],
  ['Straße', 'strasse'],
  ['ΟΔΟΣ', 'οδοσ'],
  ['हिन्दी कक्षा', 'हिन्दी-कक्षा'],
  ['ｆｕｌｌ　ｗｉｄｔｈ', 'full-width'],
  ['x'.repeat(50), 'x'.repeat(40)],
  [`${'x'.repeat(39)} y`, 'x'.repeat(39)],
  ['🎉', '1f389'],
  ['?!', '3f-21'],
  ['\u200b', ''],
] as const) {
  test(`The title ${JSON.stringify(title)} gives the address ${name || 'nothing'}`, () => {
    assert.equal(toRoomName(title), name);
  });
}

test('Names that differ only in case, width or composition are the same', () => {
  for (const text of ['Biology-7B', 'BIOLOGY-7B', 'ｂiology-7b', 'Biology\u200b-7b']) {
    assert.equal(parseRoomName(text), 'biology-7b');
  }
  assert.equal(parseRoomName('CAFE\u0301'), 'caf\u00e9');
});

test('A name that is nearly valid is suggested as it could be', () => {
  for (const [text, near] of [
    ['our class', 'our-class'],
    ['  room 12! ', 'room-12'],
    ['a'.repeat(50), 'a'.repeat(40)],
  ] as const) {
    assert.throws(
      () => parseRoomName(text),
      (error: ChatError) => error.details.near === near,
    );
  }
});
