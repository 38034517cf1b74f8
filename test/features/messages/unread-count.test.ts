import assert from 'node:assert/strict';
import { test } from 'node:test';
import { appender } from '../../../server/features/appender.ts';
import { queries } from '../../../server/features/queries.ts';
import { openDatabase } from '../../../server/features/schema.ts';
import { posted, roomAction, who } from '../../support/events.ts';
import { SPEC } from '../../support/poll.ts';

test('Messages and polls count as unread; system messages and deleted messages do not', (t) => {
  const db = openDatabase(':memory:');
  t.after(() => db.close());
  const append = appender(db);
  const poll = { cid: null, poll: SPEC, files: [], room: 'class', who: who('me'), at: 0 };
  append([
    posted('one'),
    { kind: 'poll-created', ...poll },
    roomAction({ type: 'topic-changed', text: 'topic' }, who('me', { isModerator: true })),
    posted('deleted'),
    { kind: 'message-deleted', id: 4, room: 'class', who: who('me'), at: 0 },
    posted('two'),
  ]);
  const { countAfter } = queries(db);
  assert.equal(countAfter('class', 0, 100), 3);
  assert.equal(countAfter('class', 1, 100), 2);
  assert.equal(countAfter('class', 2, 100), 1);
  assert.equal(countAfter('class', 0, 2), 2);
});
