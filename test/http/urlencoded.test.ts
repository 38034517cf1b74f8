import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { ChatError } from '../../server/core/errors.ts';
import { type Fields, parseUrlencoded } from '../../server/http/request/urlencoded.ts';

const pairs = fc.array(fc.tuple(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' })), {
  maxLength: 100,
});

suite('A query or a form', () => {
  test('has the same names and values as with URLSearchParams', () => {
    fc.assert(
      fc.property(pairs, (all) => {
        const params = new URLSearchParams(all);
        const fields = parseUrlencoded(`${params}`);
        assert.deepEqual(Object.keys(fields).sort(), [...new Set(params.keys())].sort());
        for (const [name, value] of Object.entries(fields)) {
          assert.deepEqual([value].flat(), params.getAll(name));
        }
      }),
    );
  });

  const examples: readonly (readonly [string, Fields])[] = [
    ['', {}],
    ['&&', {}],
    ['a', { a: '' }],
    ['a=1&b=2&a=3', { a: ['1', '3'], b: '2' }],
    ['?a=1', { '?a': '1' }],
    ['a=%zz+%e4%bd', { a: '%zz \ufffd' }],
    ['constructor=1', { constructor: '1' }],
  ];
  for (const [text, fields] of examples) {
    test(`"${text}" is ${JSON.stringify(fields)}`, () => {
      assert.deepEqual(parseUrlencoded(text), fields);
    });
  }

  test('has an inherited name as its own property', () => {
    const fields = parseUrlencoded('__proto__=1&__proto__=2');
    assert.deepEqual(Object.entries(fields), [['__proto__', ['1', '2']]]);
    assert.equal(Object.getPrototypeOf(fields), Object.prototype);
  });

  test('may have at most 100 pairs, whatever they are', () => {
    assert.equal(Object.keys(parseUrlencoded(names(100).join('&'))).length, 100);
    for (const text of [names(101).join('&'), '&'.repeat(100), 'a=1&'.repeat(100)]) {
      assert.throws(
        () => parseUrlencoded(text),
        (error) => error instanceof ChatError && error.code === 'too-many-fields',
      );
    }
  });
});

function names(count: number): string[] {
  return Array.from({ length: count }, (_, n) => `n${n}`);
}
