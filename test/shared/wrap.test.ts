import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { widthOf, wrap } from '../../server/shared/wrap.ts';

test('A text is broken between words, between wide characters, and within long words.', () => {
  assert.deepEqual(wrap('The quick brown fox jumps', 10), ['The quick', 'brown fox', 'jumps']);
  assert.deepEqual(wrap('红色的苹果和绿色的梨子', 10), ['红色的苹果', '和绿色的梨', '子']);
  assert.deepEqual(wrap('混合mixed文字words', 10), ['混合mixed', '文字words']);
  assert.deepEqual(wrap('W'.repeat(8), 5), ['WWW', 'WWW', 'WW']);
  assert.deepEqual(wrap('x'.repeat(12), 5), ['xxxxx', 'xxxxx', 'xx']);
  assert.deepEqual(wrap('👩‍👩‍👧👩‍👩‍👧', 8), ['👩‍👩‍👧', '👩‍👩‍👧']);
});

test('Nothing of any text is lost, and no line is too wide.', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 40 }), (text) => {
      const lines = wrap(text, 12);
      const letters = (all: string) => all.replace(/\s/g, '');
      assert.equal(letters(lines.join('')), letters(text));
      for (const line of lines) {
        const signs = line.replace(/\u200d.|[\p{M}\p{Emoji_Modifier}]/gsu, '');
        assert.ok(widthOf(line) <= 12 || [...signs].length === 1);
      }
    }),
  );
});

test('Every character is measured a few times, however long the lines are.', (t) => {
  let measured = 0;
  const { test: original } = RegExp.prototype;
  RegExp.prototype.test = function (text) {
    measured += 1;
    return original.call(this, text);
  };
  t.after(() => {
    RegExp.prototype.test = original;
  });
  for (const text of ['W'.repeat(3_000), 'ab '.repeat(1_000), '你'.repeat(3_000)]) {
    for (const width of [24, 1_000, 10_000]) {
      measured = 0;
      wrap(text, width);
      assert.ok(measured > 0 && measured <= 8 * text.length, `${measured} looks`);
    }
  }
});
