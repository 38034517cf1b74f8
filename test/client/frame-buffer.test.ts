import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { FrameBuffer } from '../../static/client/connection/frame-buffer.ts';
import { FakePage } from '../support/fake-connection.ts';

function open() {
  const page = new FakePage();
  const taken: string[] = [];
  return { page, taken, buffer: new FrameBuffer((html) => void taken.push(html), page) };
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
    const page = new FakePage();
    const taken: string[] = [];
    const buffer: FrameBuffer = new FrameBuffer((html) => {
      taken.push(html);
      if (html === 'a') buffer.add('b');
    }, page);
    buffer.add('a');
    page.paint();
    page.paint();
    assert.deepEqual(taken, ['a', 'b']);
  });
});
