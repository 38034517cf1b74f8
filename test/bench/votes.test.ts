import assert from 'node:assert/strict';
import { test } from 'node:test';
import { shipped } from '../../scripts/bench/contenders.ts';
import { MeasuredServer } from '../../scripts/bench/server.ts';
import { measureVotes } from '../../scripts/bench/votes.ts';

test('Many votes within a second are counted once each, and everyone who watches receives the result.', async (t) => {
  const server = await MeasuredServer.start(shipped);
  t.after(() => server.stop());
  const load = { votes: 300, votesPerSecond: 300, viewers: 20, messagesPerSecond: 10 };
  const { failures } = await measureVotes(server, load);
  assert.deepEqual(failures, []);
});
