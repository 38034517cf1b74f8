import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { parseName } from '../../server/auth/name.ts';
import { nameSkeleton } from '../../server/auth/name-skeleton.ts';
import { ChatError } from '../../server/core/errors.ts';

const KISS = '👩🏽‍❤️‍💋‍👨🏿';

function refuses(text: unknown, code: string): void {
  assert.throws(
    () => parseName(text),
    (error) => error instanceof ChatError && error.code === code && error.status === 400,
    JSON.stringify(text),
  );
}

suite('A name', () => {
  test('may be in any script, with symbols and emoji, and is not changed', () => {
    for (const name of [
      ...['Ann', '王小明', 'José', 'Nguyễn', "O'Brien", 'C++', 'R2-D2', '½', '김민준', 'さくら'],
      ...['नरेन्द्र', 'பரமசிவம்', 'สมชาย', 'ချို့', 'བསྒྲུབས', 'מֹשֶׁה', 'مُحَمَّد', 'Алёна'],
      ...['❤', '❤️', '👍🏽', '🇩🇪', '1️⃣', '🏴󠁧󠁢󠁥󠁮󠁧󠁿', KISS, `${KISS} Ann`],
    ]) {
      assert.equal(parseName(name), name.normalize('NFC'));
    }
  });

  test('is trimmed, and its white space collapsed', () => {
    assert.equal(parseName('\t Ann \u3000\n Lee\u2028'), 'Ann Lee');
    assert.equal(parseName('Jose\u0301'), 'José');
  });

  test('has 1 to 32 characters, as a reader counts them', () => {
    for (const character of ['a', '王', 'x\u0323\u0308', KISS, 'ကို']) {
      assert.ok(parseName(character.repeat(32)));
      refuses(character.repeat(33), 'invalid-name');
    }
    for (const text of ['', ' ', '\n\t\u3000', ' '.repeat(1_001), undefined, null, 7, ['Ann']]) {
      refuses(text, 'invalid-name');
    }
  });

  test('needs a letter, a digit or an emoji', () => {
    for (const text of ['.', '-_-', '???', '. .', '\u0301', '§', '\u02bc\u02bc'])
      refuses(text, 'invalid-name');
  });

  test('may not contain invisible or misleading characters', () => {
    for (const [what, hidden] of Object.entries({
      'a control character': '\0',
      'a bidi override': '\u202e',
      'a bidi isolate': '\u2066',
      'a zero width space': '\u200b',
      'a byte order mark': '\ufeff',
      'a joiner outside an emoji': '\u200d',
      'a variation selector outside an emoji': '\ufe0f',
      'a soft hyphen': '\u00ad',
      'a Hangul filler': '\u3164',
      'an empty Braille cell': '\u2800',
      'a tag': '\u{e0041}',
      'half a character': '\ud83d',
      'a private one': '\ue000',
      'one that is not assigned': '\u0378',
      'one that stands for none': '\ufffd',
      'three marks': 'q\u0308\u0308\u0308',
      'five marks': 'က\u102d\u102f\u1037\u102d\u102f',
      'a mark on a space': ' \u0308',
    })) {
      for (const text of [`Ann${hidden}Lee`, `${hidden}Ann`, `Ann${hidden}`]) {
        assert.throws(() => parseName(text), { name: 'ChatError', message: 'invalid-name' }, what);
      }
    }
  });

  test('is rejected, or parses to itself', () => {
    const unit = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 1 }),
      fc.constantFrom(KISS, '\u0301', '\u200d', ' ', 'a', '王'),
    );
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit, maxLength: 8 }), fc.anything()), (text) => {
        try {
          const name = parseName(text);
          assert.equal(parseName(name), name);
          assert.notEqual(nameSkeleton(name), '');
        } catch (error) {
          assert.ok(error instanceof ChatError, String(error));
        }
      }),
      { numRuns: 2_000 },
    );
  });

  test('is parsed quickly, whatever it is', () => {
    const texts = ['🇩🇪'.repeat(240), `a${'\u0301'.repeat(990)}`, '👨\u200d'.repeat(300)];
    for (const text of texts) refuses(`${text}\0`, 'invalid-name');
    refuses('👨\u200d'.repeat(1_000_000), 'invalid-name');
  });
});
