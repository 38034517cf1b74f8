import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { participation } from '../../../server/features/polls/participation.ts';
import type { Poll } from '../../../server/features/polls/poll.ts';
import { type Language, t } from '../../../server/shared/i18n.ts';
import { openPoll } from '../../support/poll.ts';

/** How a poll says who took part. */
function said(poll: Poll, language: Language = 'en'): string {
  return participation(poll)
    .map(({ key, count }) => t(language, key, { count }))
    .join(' · ');
}

suite('The status of a poll counts', () => {
  test('the votes of a choice', () => {
    const poll = openPoll();
    poll.vote('ada', [0]);
    assert.equal(said(poll.count()), '1 vote');
    poll.vote('ben', [1]);
    assert.equal(said(poll.count()), '2 votes');
  });

  test('the questions of a Q&A, without those that were removed, and its voters', () => {
    const poll = openPoll({ kind: 'q-and-a', options: [] });
    poll.suggest('ada', 'Why?');
    assert.equal(said(poll.count()), '1 question · 1 voter');
    poll.suggest('ben', 'How?');
    assert.equal(said(poll.count()), '2 questions · 2 voters');
    assert.equal(said(poll.count(), 'zh'), '2 个问题 · 2 人投票');
    poll.moderate(1, 'removed');
    assert.match(said(poll.count()), /^1 question ·/);
  });

  test('the words of a word cloud, and who wrote them', () => {
    const poll = openPoll({ kind: 'word-cloud', options: [], maxChoices: 3 });
    for (const word of ['calm', 'clear']) poll.suggest('ada', word);
    assert.equal(said(poll.count()), '2 words · 1 person');
    assert.equal(said(poll.count(), 'zh'), '2 个词 · 1 人参与');
  });

  test('no words as long as they are hidden', () => {
    const hidden = { resultsVisibility: 'after-vote' } as const;
    const poll = openPoll({ kind: 'word-cloud', options: [], maxChoices: 3, ...hidden });
    poll.suggest('ada', 'calm');
    assert.equal(said(poll.count()), '1 person');
  });
});
