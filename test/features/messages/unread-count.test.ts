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
  const count = (id: number, uid: string, limit = 100) =>
    queries(db).countAfter('class', id, uid, limit).count;
  assert.equal(count(0, ''), 3);
  assert.equal(count(1, ''), 2);
  assert.equal(count(2, ''), 1);
  assert.equal(count(0, '', 2), 2);
  assert.deepEqual(queries(db).countAfter('class', 6, '', 2), { count: 0, since: null });
});

test('The user’s own messages do not count as unread, nor those of the guest they were', (t) => {
  const db = openDatabase(':memory:');
  t.after(() => db.close());
  appender(db)([
    { ...posted('by the guest', null, who('guest')), at: 1 },
    { ...posted('by another', null, who('other')), at: 2 },
    { ...posted('by the user', null, who('ada')), at: 3 },
    { ...posted('by another again', null, who('other')), at: 4 },
  ]);
  db.exec("INSERT INTO former_guests VALUES ('guest', 'ada', 1)");
  const { countAfter } = queries(db);
  assert.deepEqual(countAfter('class', 0, 'ada', 100), { count: 2, since: 2 });
  assert.deepEqual(countAfter('class', 2, 'ada', 100), { count: 1, since: 4 });
  assert.deepEqual(countAfter('class', 0, 'other', 100), { count: 2, since: 1 });
});
