import assert from 'node:assert/strict';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { openForWriting } from '../../server/store/open.ts';
import { readPoll } from '../../server/store/poll.ts';
import { APPLICATION_ID, STEPS } from '../../server/store/schema.ts';
import { temporaryFolder } from '../support/server.ts';

test('a poll that was asked before there were several kinds is one of them now', (t) => {
  const file = join(temporaryFolder(t), 'chat.sqlite');
  const before = new DatabaseSync(file);
  for (const step of STEPS.slice(0, 3)) before.exec(step);
  before.exec(`INSERT INTO log VALUES ('epoch');
    PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = 3`);
  const insert = before.prepare(
    "INSERT INTO messages (id, seq, room, kind, uid, body, at) VALUES (?, ?, 'x', 'poll', 'a', ?, 0)",
  );
  insert.run(1, 1, '{"question":"Which?","options":["a"],"isApplause":false}');
  insert.run(2, 2, '{"question":"Which?","options":["a"],"isApplause":true}');
  before.close();
  const db = openForWriting(file);
  const polls = db.prepare('SELECT body FROM messages ORDER BY id').all();
  const expected = { question: 'Which?', options: ['a'], states: [], authors: [] };
  assert.deepEqual(
    polls.map(({ body }) => readPoll(String(body))),
    [
      { ...expected, kind: 'choice' },
      { ...expected, kind: 'applause' },
    ],
  );
  db.close();
});
