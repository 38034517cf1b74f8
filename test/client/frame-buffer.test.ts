import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { FrameBuffer } from '../../static/client/connection/frame-buffer.ts';
import { FakePage } from '../support/fake-connection.ts';

/** A buffer whose frames are texts, and their letters the fragments. */
function open(onApply: (text: string) => void = () => {}) {
  const page = new FakePage();
  const taken: string[] = [];
  const apply = (letters: readonly string[]) => {
    taken.push(letters.join(''));
    onApply(letters.join(''));
  };
  return { page, taken, buffer: new FrameBuffer({ parse: (frame) => [...frame], apply }, page) };
}

suite('What arrives', () => {
  test('before the page is painted is applied at once then, in order', () => {
    const { page, taken, buffer } = open();
    for (const frame of ['a', 'b', 'c']) buffer.add(frame);
    assert.deepEqual(taken, []);
    page.paint();
    assert.deepEqual(taken, ['abc']);
    page.paint();
    buffer.add('d');
    page.paint();
    assert.deepEqual(taken, ['abc', 'd']);
  });

  test('is applied earlier where the state is needed, and once', () => {
    const { page, taken, buffer } = open();
    buffer.add('a');
    buffer.flush();
    buffer.flush();
    assert.deepEqual(taken, ['a']);
    buffer.add('b');
    page.paint();
    assert.deepEqual(taken, ['a', 'b']);
  });

  test('on a hidden page is applied as it arrives: such a page is not painted', () => {
    const { page, taken, buffer } = open();
    buffer.add('a');
    page.hide(true);
    assert.deepEqual(taken, ['a']);
    buffer.add('b');
    buffer.add('c');
    assert.deepEqual(taken, ['a', 'b', 'c']);
    page.hide(false);
    buffer.add('d');
    assert.deepEqual(taken, ['a', 'b', 'c']);
  });

  test('while it is applied is not lost', () => {
    const { page, taken, buffer } = open((text) => {
      if (text === 'a') buffer.add('b');
    });
    buffer.add('a');
    page.paint();
    page.paint();
    assert.deepEqual(taken, ['a', 'b']);
  });

  test('in great numbers is applied in slices, one before each painting, and in order', () => {
    const { page, taken, buffer } = open();
    const all = Array.from({ length: 1_000 }, (_, n) => String.fromCodePoint(0x4e00 + n)).join('');
    buffer.add(all.slice(0, 600));
    buffer.add(all.slice(600));
    for (let n = 0; n < 40; n += 1) page.paint();
    assert.equal(taken.join(''), all);
    assert.ok(taken.length > 10);
    assert.ok(Math.max(...taken.map(({ length }) => length)) <= 63);
  });

  test('faster than slices of the usual size are applied makes them larger, and the queue stays short', () => {
    const { page, taken, buffer } = open();
    const perFrame = 500;
    for (let n = 0; n < 200; n += 1) {
      buffer.add('x'.repeat(perFrame));
      page.paint();
    }
    assert.ok(200 * perFrame - taken.join('').length <= 16 * perFrame);
  });

  test('until now is waited for: what arrives later is not', () => {
    const { page, taken, buffer } = open();
    const waited: string[] = [];
    buffer.whenApplied(() => waited.push('nothing'));
    buffer.add('a'.repeat(60));
    buffer.whenApplied(() => waited.push('a'));
    buffer.add('b'.repeat(60));
    buffer.whenApplied(() => waited.push('b'));
    assert.deepEqual(waited, ['nothing']);
    page.paint();
    assert.deepEqual(waited, ['nothing']);
    page.paint();
    assert.deepEqual([waited, taken.join('').length], [['nothing', 'a'], 80]);
    page.hide(true);
    assert.deepEqual(waited, ['nothing', 'a', 'b']);
  });
});
