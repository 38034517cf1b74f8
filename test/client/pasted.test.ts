import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { areFilesMeant } from '../../static/client/lib/pasted.ts';

suite('What is pasted', () => {
  test('is the text where there is one, and not the image that a program adds to it', () => {
    for (const text of ['a\tb\nc\td', '42', 'image', 'see image.png']) {
      assert.ok(!areFilesMeant(text, ['image.png']), text);
    }
    assert.ok(!areFilesMeant('only text', []));
    assert.ok(!areFilesMeant('', []));
  });

  test('is the files where there is no text, or nothing but their names', () => {
    for (const text of [
      '',
      ' \n',
      'image.png',
      'image.png\r\n',
      '/home/ann/image.png',
      'C:\\Users\\ann\\image.png',
      'file:///home/ann/image.png',
    ]) {
      assert.ok(areFilesMeant(text, ['image.png']), text);
    }
    assert.ok(areFilesMeant('b.txt\na.txt', ['a.txt', 'b.txt']));
    assert.ok(areFilesMeant('file:///a%20b.txt', ['a b.txt']));
    assert.ok(areFilesMeant('file:///100%.txt', ['100%.txt']));
  });
});
