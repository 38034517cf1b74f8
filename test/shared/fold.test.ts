import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { fold, foldWord } from '../../server/shared/fold.ts';

const ENGLAND = '🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}';
const SCOTLAND = '🏴\u{e0067}\u{e0062}\u{e0073}\u{e0063}\u{e0074}\u{e007f}';

suite('Compared texts', () => {
  for (const [what, ...texts] of [
    ['case', 'Yes', 'yes', 'YES'],
    ['the case of a sharp s', 'Straße', 'STRASSE', 'strasse', 'STRAẞE'],
    ['the case of a final sigma', 'ΟΔΟΣ', 'οδος', 'οδοσ'],
    ['invisible characters', 'ab', 'a\u200bb', '\u2066ab\u2069', 'a\u00adb\ufe0f', 'ab\u2800'],
    ['white space', 'a b', ' a\u3000 b\n', 'a \u200b b'],
    ['width', '２号 データ', '2号 ﾃﾞｰﾀ', '2号 テ\u3099ータ'],
    ['compatibility forms', 'file', 'ﬁle', '𝐟𝐢𝐥𝐞'],
  ] as const) {
    test(`are equal if they differ only in ${what}`, () => {
      assert.deepEqual(new Set(texts.map(fold)), new Set([fold(texts[0])]));
    });
  }

  test('differ if a reader sees the difference', () => {
    for (const [first, second] of [
      ['e', 'é'],
      ['ı', 'i'],
      ['pizza', 'pizza!'],
      ['か', 'が'],
      [ENGLAND, SCOTLAND],
    ] as const) {
      assert.notEqual(fold(first), fold(second));
    }
  });

  test('of invisible characters are empty', () => {
    for (const text of ['', '\u200b', '\u3164', '\u2800', '\ufeff\u202e', '\u{e0041}']) {
      assert.equal(fold(text), '');
    }
  });

  test('are the same when folded twice, and in upper case', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 50 }), (text) => {
        const folded = fold(text);
        assert.equal(fold(folded), folded);
        if (!text.includes('ı')) assert.equal(fold(text.toUpperCase()), folded);
      }),
      { numRuns: 2_000 },
    );
  });

  test('are equal as passwords whatever punctuation is around them', () => {
    for (const texts of [
      ['pizza', 'pizza!', 'Pizza.', '“Pizza”', "'PIZZA'?", '（pizza）', '《pizza》。'],
      ['¿qué', 'Qué?', '¡QUÉ!'],
      ['Straße', 'STRASSE!'],
    ]) {
      assert.deepEqual(new Set(texts.map(foldWord)), new Set([foldWord(texts[0] ?? '')]));
    }
  });

  test('differ as passwords in symbols that belong to them', () => {
    const words = ['C', 'C#', 'C++', 'A+', 'A-', '.NET', 'net', '?', '!', ':)', ':('];
    assert.equal(new Set(words.map(foldWord)).size, words.length);
  });
});
