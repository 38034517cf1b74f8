import assert from 'node:assert/strict';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { openForWriting } from '../../server/store/open.ts';
import { readPoll } from '../../server/store/poll.ts';
import { temporaryFolder } from '../support/server.ts';

test('a poll that was asked before there were several kinds is one of them now', (t) => {
  const file = join(temporaryFolder(t), 'chat.sqlite');
  openForWriting(file).close();
  const before = new DatabaseSync(file);
  before.exec('DROP TABLE suggestions; PRAGMA user_version = 3');
  const insert = before.prepare(
    "INSERT INTO messages (id, seq, room, kind, uid, body, at) VALUES (?, ?, 'x', 'poll', 'a', ?, 0)",
  );
  insert.run(1, 1, '{"question":"Which?","isApplause":false}');
  insert.run(2, 2, '{"question":"Which?","isApplause":true}');
  before.close();
  const db = openForWriting(file);
  const polls = db.prepare('SELECT body FROM messages ORDER BY id').all();
  const expected = { question: 'Which?', states: [], authors: [] };
  assert.deepEqual(
    polls.map(({ body }) => readPoll(String(body))),
    [
      { ...expected, kind: 'choice' },
      { ...expected, kind: 'applause' },
    ],
  );
  db.close();
});
