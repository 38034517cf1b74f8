import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { isOfInputMethod, isSendKey } from '../../static/client/lib/input-keys.ts';

/** A key as a browser tells of it. */
function key(more: Partial<KeyboardEvent> = {}) {
  return {
    ...{ key: 'Enter', keyCode: 13, isComposing: false },
    ...{ shiftKey: false, ctrlKey: false, metaKey: false },
    ...more,
  };
}

suite('Enter', () => {
  test('sends, and breaks the line with Shift', () => {
    assert.ok(isSendKey(key(), false));
    assert.ok(!isSendKey(key({ shiftKey: true }), false));
    assert.ok(!isSendKey(key({ key: 'a', keyCode: 65 }), false));
  });

  test('breaks the line on a touch screen, where only a keyboard with Ctrl or ⌘ sends', () => {
    assert.ok(!isSendKey(key(), true));
    assert.ok(isSendKey(key({ ctrlKey: true }), true));
    assert.ok(isSendKey(key({ metaKey: true }), true));
  });

  test('that ends a composition does nothing else, in whichever order a browser reports it', () => {
    // Chromium and Firefox report the key during the composition; Safari after it.
    for (const event of [
      key({ isComposing: true, keyCode: 229 }),
      key({ isComposing: true }),
      key({ keyCode: 229 }),
    ]) {
      assert.ok(isOfInputMethod(event));
      for (const isTouch of [false, true]) assert.ok(!isSendKey(event, isTouch));
    }
    assert.ok(!isOfInputMethod(key()));
  });
});
