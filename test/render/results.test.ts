import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { PollSpec } from '../../server/features/events.ts';
import { pollSvg } from '../../server/features/polls/export.ts';
import { newPoll } from '../../server/features/polls/poll.ts';
import { resultsHtml } from '../../server/features/polls/results-view.ts';
import { SPEC } from '../support/poll.ts';

function counted(spec: Partial<PollSpec>, voters: number, counts: readonly number[]) {
  return { ...newPoll({ ...SPEC, ...spec }), voters, counts };
}

const shares = (html: string) => [...html.matchAll(/<span>(\d+) %<\/span>/g)].map(([, n]) => n);

suite('The per cents of a poll', () => {
  test('of several choices are of the voters, and say so', () => {
    const poll = counted({ maxChoices: 2 }, 10, [10, 5, 0]);
    const html = resultsHtml(1, poll, true);
    assert.deepEqual(shares(html), ['100', '50', '0']);
    assert.match(html, /<span lang="en">% of 10 voters<\/span>/);
    assert.match(html, /<span lang="zh">% 占 10 名投票者的比例<\/span>/);
    assert.match(resultsHtml(1, { ...poll, voters: 1 }, true), />% of 1 voter</);
    assert.doesNotMatch(resultsHtml(1, poll, false), /voter/);
    assert.match(pollSvg(poll), /\(50 %\)/);
  });

  test('of one choice are of all votes', () => {
    const html = resultsHtml(1, counted({ maxChoices: 1 }, 10, [6, 4, 0]), true);
    assert.deepEqual(shares(html), ['60', '40', '0']);
    assert.doesNotMatch(html, /voters/);
  });
});
