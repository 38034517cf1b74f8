import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { fold } from '../../server/shared/fold.ts';
import { lengthOfName } from '../../server/shared/mentioned.ts';

/** The name that a text behind an `@` begins with. */
function named(text: string, ...names: readonly string[]): string {
  return text.slice(0, lengthOfName(text, new Set(names.map(fold))));
}

suite('A mention', () => {
  test('is of the name it begins with, where the sentence goes on without a space', () => {
    assert.equal(named('小明你来回答', '小明', 'Ann'), '小明');
    assert.equal(named('小明看一下', '小明'), '小明');
    assert.equal(named('Ann你好', 'Ann'), 'Ann');
    assert.equal(named('さくらさん', 'さくら'), 'さくら');
  });

  test('ends with the word, whatever sign follows it', () => {
    for (const text of ["Ann's", 'Ann.Thanks', 'Ann/', 'Ann, hi', 'Ann', 'Ann_x', 'ann!']) {
      assert.equal(named(text, 'Ann').toLowerCase(), 'ann', text);
    }
    for (const text of ['Annabel', 'Anné', 'Ann2', 'Anne\u0301', 'An', 'Bob']) {
      assert.equal(named(text, 'Ann'), '', text);
    }
  });

  test('is of the longest name that fits, of several words, too', () => {
    assert.equal(named('小明明来', '小明', '小明明'), '小明明');
    assert.equal(named('Ann.Thanks', 'Ann', 'ann.thanks'), 'Ann.Thanks');
    assert.equal(named('ben of  York, hi', 'Ben', 'Ben of York'), 'ben of  York');
    assert.equal(named('Ben of Yorkshire', 'Ben', 'Ben of York'), 'Ben');
    assert.equal(named('Ann ', 'Ann'), 'Ann');
    assert.equal(named('Ａnn', 'Ann'), 'Ａnn');
    assert.equal(named('👩‍🚀 x', '👩‍🚀'), '👩‍🚀');
  });

  test('is of no user where no name fits', () => {
    assert.equal(named('', 'Ann'), '');
    assert.equal(named('x'.repeat(4_000), 'Ann'), '');
  });
});
