import assert from 'node:assert/strict';
import { test } from 'node:test';
import { documentWithTexts } from '../support/page-texts.ts';

Object.assign(globalThis, { document: documentWithTexts });
const { sortQuestions } = await import('../../static/client/room/polls/question-order.ts');

test('Questions are sorted by their votes, the earlier first among equals, or the newest first.', () => {
  const questions = [
    { option: 2, votes: 1 },
    { option: 0, votes: 1 },
    { option: 1, votes: 5 },
  ];
  const optionsBy = (order: 'top' | 'new') =>
    sortQuestions(questions, order).map(({ option }) => option);
  assert.deepEqual(optionsBy('top'), [1, 0, 2]);
  assert.deepEqual(optionsBy('new'), [2, 1, 0]);
});
