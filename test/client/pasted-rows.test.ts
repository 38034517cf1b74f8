import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { pastedRows } from '../../static/client/room/new-poll/pasted-rows.ts';

const empty = { value: '', start: 0, end: 0 };

suite('Lines pasted into the options of a poll', () => {
  test('are rows of their own, without blank lines and spaces around them', () => {
    assert.deepEqual(pastedRows(empty, ' a\r\n\n\tb \rc\n'), ['a', 'b', 'c']);
    assert.deepEqual(pastedRows(empty, '甲\u2028乙'), ['甲', '乙']);
  });

  test('keep what is before and after the selection', () => {
    const selected = { value: 'one two three', start: 4, end: 7 };
    assert.deepEqual(pastedRows(selected, 'a\nb'), ['one a', 'b three']);
  });

  test('lose their bullets and numbers where all have them', () => {
    assert.deepEqual(pastedRows(empty, '- a\n- b'), ['a', 'b']);
    assert.deepEqual(pastedRows(empty, '1. a\n2) b\n(3) c'), ['a', 'b', 'c']);
    assert.deepEqual(pastedRows(empty, '• a\n- b\nC) c'), ['a', 'b', 'c']);
    assert.deepEqual(pastedRows(empty, '- 5\n7'), ['- 5', '7']);
    assert.deepEqual(pastedRows(empty, '3.5\n4.5'), ['3.5', '4.5']);
  });

  test('are left to the browser where there is only one', () => {
    for (const text of ['', 'a', '\na\n', '- a']) assert.equal(pastedRows(empty, text), undefined);
  });
});
