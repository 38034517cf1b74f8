import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { textFrames } from '../../server/transports/framing/websocket.ts';
import { OPCODE, readFrame } from '../support/wire.ts';

/** The frames that a client reads from the bytes. */
function read(frames: Buffer): string[] {
  const texts: string[] = [];
  for (let rest = frames; rest.length > 0; ) {
    const frame = readFrame(rest);
    assert.ok(frame?.isFinal && !frame.isMasked && frame.opcode === OPCODE.text);
    texts.push(frame.payload.toString());
    rest = rest.subarray(frame.size);
  }
  return texts;
}

test('Texts of every length are framed one by one, without change.', () => {
  for (const length of [0, 1, 125, 126, 127, 65_535, 65_536, 70_000]) {
    const text = 'x'.repeat(length);
    assert.deepEqual(read(textFrames([text, 'and one more'])), [text, 'and one more']);
  }
});

test('The length is in 7, 16 or 64 bits, whichever is the shortest.', () => {
  const heads = [125, 126, 65_535, 65_536].map((length) => {
    const frames = textFrames(['x'.repeat(length)]);
    return frames.subarray(0, frames.length - length).toString('hex');
  });
  assert.deepEqual(heads, ['817d', '817e007e', '817effff', '817f0000000000010000']);
});

test('Any texts are framed without change.', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary' })), (texts) => {
      const sent = texts.map((text) => text.toWellFormed());
      assert.deepEqual(read(textFrames(sent)), sent);
    }),
  );
});
