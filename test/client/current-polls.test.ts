import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { currentPolls } from '../../server/shared/current-polls.ts';

const poll = (id: number, more: object = {}) => ({
  ...{ id, kind: 'choice', isOpen: true, isByModerator: true },
  ...more,
});
const questions = (id: number, more: object = {}) => poll(id, { kind: 'q-and-a', ...more });
const closed = { isOpen: false };
const byUser = { isByModerator: false };

suite('The polls that an audience sees first', () => {
  test('are the latest open one and the latest open Q&A, in any order', () => {
    const all = [poll(4), questions(2), poll(1), questions(5, closed), poll(6, closed)];
    const expected = { running: 4, closed: undefined, questions: 2 };
    assert.deepEqual(currentPolls(all, 'moderators'), expected);
    assert.deepEqual(currentPolls(all.toReversed(), 'everyone'), expected);
  });

  test('are the last ones while none is open', () => {
    const all = [poll(1, closed), questions(2, closed), poll(3, closed), questions(4, closed)];
    assert.deepEqual(currentPolls(all, 'moderators'), {
      ...{ running: undefined, closed: 3, questions: 4 },
    });
    assert.deepEqual(currentPolls([], 'everyone'), {
      ...{ running: undefined, closed: undefined, questions: undefined },
    });
  });

  test('are only those of users who can start polls', () => {
    const all = [poll(1), questions(2), poll(3, byUser), questions(4, byUser)];
    const { running, questions: asked } = currentPolls(all, 'moderators');
    assert.deepEqual([running, asked], [1, 2]);
    const everybody = currentPolls(all, 'everyone');
    assert.deepEqual([everybody.running, everybody.questions], [3, 4]);
  });
});
