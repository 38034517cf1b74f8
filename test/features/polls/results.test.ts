import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { PollSpec } from '../../../server/features/polls/events.ts';
import { pollSvg } from '../../../server/features/polls/export.ts';
import { newPoll } from '../../../server/features/polls/poll.ts';
import { pollHtml } from '../../../server/features/polls/poll-view.ts';
import { startedAt } from '../../../server/features/polls/prepared-polls.ts';
import { resultsHtml } from '../../../server/features/polls/results-view.ts';
import { messageOf } from '../../support/messages.ts';
import { SPEC } from '../../support/poll.ts';

function counted(spec: Partial<PollSpec>, voters: number, counts: readonly number[]) {
  return { ...newPoll({ ...startedAt(SPEC, 0), ...spec }, false), voters, counts };
}

const SHOWN = { isShown: true, language: 'en' } as const;

const shares = (html: string) => [...html.matchAll(/<span>(\d+)%<\/span>/g)].map(([, n]) => n);

suite('The percentages of a poll', () => {
  test('with several choices are of the voters, and say so', () => {
    const poll = counted({ maxChoices: 2 }, 10, [10, 5, 0]);
    const html = resultsHtml(1, poll, SHOWN);
    assert.deepEqual(shares(html), ['100', '50', '0']);
    assert.match(html, />% of 10 voters</);
    assert.match(resultsHtml(1, poll, { ...SHOWN, language: 'zh' }), />% 按 10 名投票者计算</);
    assert.match(resultsHtml(1, { ...poll, voters: 1 }, SHOWN), />% of 1 voter</);
    assert.doesNotMatch(resultsHtml(1, poll, { ...SHOWN, isShown: false }), /voter/);
    assert.match(pollSvg(poll), /\(50%\)/);
  });

  test('with one choice are of all votes', () => {
    const html = resultsHtml(1, counted({ maxChoices: 1 }, 10, [6, 4, 0]), SHOWN);
    assert.deepEqual(shares(html), ['60', '40', '0']);
    assert.doesNotMatch(html, /voters/);
  });
});

suite('What users write in a poll', () => {
  const hostile = '<img src=x onerror=alert(1)>&"\'';
  const voter = { uid: 'a', name: hostile };

  test('is text in its results: options, names of voters, and suggestions with their authors', () => {
    const kinds = [
      { kind: 'choice', maxChoices: 1 },
      { kind: 'choice', maxChoices: 2 },
      { kind: 'rating', maxChoices: 1 },
      { kind: 'applause', maxChoices: 1 },
      { kind: 'word-cloud', maxChoices: 3 },
      { kind: 'q-and-a', maxChoices: 100 },
    ] as const;
    for (const spec of kinds) {
      const options = [hostile, hostile];
      const poll = {
        ...counted({ ...spec, options, isAnonymous: false }, 2, [2, 1]),
        names: [[voter], [voter]],
        authors: [voter, voter],
        states: ['open', 'answered'] as const,
      };
      for (const isShown of [true, false]) {
        const html = resultsHtml(1, poll, { ...SHOWN, isShown });
        assert.ok(!html.includes('<img'), `${spec.kind} ${isShown}: ${html}`);
      }
      assert.ok(resultsHtml(1, poll, SHOWN).includes('&lt;img'), spec.kind);
      const body = JSON.stringify({ ...poll, question: hostile });
      const card = pollHtml(
        messageOf(1, { kind: 'poll', name: hostile, cid: hostile, body }),
        'en',
      );
      assert.ok(!card.includes('<img'), card);
      const svg = pollSvg({ ...poll, question: hostile });
      assert.ok(!svg.includes('<img') && svg.includes('&lt;img'), svg);
    }
  });
});

test('The files with the results of a poll are for download: nothing is saved', () => {
  const card = pollHtml(
    messageOf(1, { kind: 'poll', body: JSON.stringify(newPoll(startedAt(SPEC, 0), false)) }),
    'en',
  );
  const [, label = ''] = /<li class="save small">(.*?)<a /s.exec(card) ?? [];
  assert.match(label, /Download/);
});

test('Answered questions come last, behind their number, in a list that a page without scripts unfolds.', () => {
  const poll = {
    ...counted({ kind: 'q-and-a', options: ['a', 'b', 'c', 'd'] }, 4, [1, 4, 2, 3]),
    states: ['open', 'answered', 'open', 'answered'] as const,
  };
  const items = (html: string) =>
    [...html.matchAll(/<li [^>]*(?:data-option="(\d)"|class="fold")/g)].map(([, n]) => n ?? 'fold');
  const html = resultsHtml(7, poll, SHOWN);
  assert.deepEqual(items(html), ['2', '0', 'fold', '1', '3']);
  assert.match(html, /<details id="f-7"><summary>2 answered<\/summary><\/details>/);
  assert.match(resultsHtml(7, poll, { ...SHOWN, language: 'zh' }), />2 个已回答</);
  const open = { ...poll, states: ['open', 'open', 'open', 'open'] as const };
  assert.deepEqual(items(resultsHtml(7, open, SHOWN)), ['1', '3', '2', '0']);
});
