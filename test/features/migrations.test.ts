import assert from 'node:assert/strict';
import { readdirSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type TestContext, test } from 'node:test';
import { rekeyNames } from '../../server/features/migrations/name-skeletons.ts';
import { listRoomSpellings } from '../../server/features/migrations/room-spellings.ts';
import { useStandardNames } from '../../server/features/migrations/standard-names.ts';
import { rekeySuggestions } from '../../server/features/migrations/suggestions.ts';
import { parsePoll } from '../../server/features/polls/poll.ts';
import { MIGRATIONS, openDatabase } from '../../server/features/schema.ts';
import { APPLICATION_ID, runMigrations } from '../../server/storage/migrate.ts';
import { temporaryFolder } from '../support/server.ts';

/** A new database as it was after so many steps. */
function openBefore(t: TestContext, version: number) {
  const file = join(temporaryFolder(t), 'chat.sqlite');
  const before = new DatabaseSync(file);
  runMigrations(before, MIGRATIONS.slice(0, version));
  before.exec(`INSERT INTO log VALUES ('epoch');
    PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${version}`);
  return { file, before };
}

test('A poll that was created before there were several kinds has a kind after the migration.', (t) => {
  const { file, before } = openBefore(t, 3);
  const insert = before.prepare(
    "INSERT INTO messages (id, seq, room, kind, uid, body, at) VALUES (?, ?, 'x', 'poll', 'a', ?, 0)",
  );
  insert.run(1, 1, '{"question":"Which?","options":["a"],"isApplause":false}');
  insert.run(2, 2, '{"question":"Which?","options":["a"],"isApplause":true}');
  before.close();
  const db = openDatabase(file);
  const polls = db.prepare('SELECT body FROM messages ORDER BY id').all();
  const expected = {
    ...{ question: 'Which?', options: ['a'], states: [], authors: [] },
    isByModerator: false,
  };
  assert.deepEqual(
    polls.map(({ body }) => parsePoll(String(body))),
    [
      { ...expected, kind: 'choice' },
      { ...expected, kind: 'applause' },
    ],
  );
  db.close();
});

test('Anonymous votes that were stored with their time and name become a history of counts.', (t) => {
  const { file, before } = openBefore(t, 7);
  const insertPoll = before.prepare(
    `INSERT INTO messages (id, seq, room, kind, uid, body, at)
     VALUES (?, ?, 'x', 'poll', 'asker', ?, 500)`,
  );
  const polls = [1, 2].map((id) => {
    const spec = { kind: 'choice', options: ['a', 'b'], isAnonymous: id === 1 };
    insertPoll.run(id, id, JSON.stringify({ ...spec, counts: [0, 0], states: [], authors: [] }));
    return id;
  });
  const event = before.prepare("INSERT INTO events VALUES (?, 'voted', 'x', ?, ?)");
  const ballot = before.prepare('INSERT INTO ballots VALUES (?, ?, ?, ?, ?)');
  const vote = before.prepare('INSERT INTO votes VALUES (?, ?, ?, ?, 1)');
  const suggest = before.prepare("INSERT INTO suggestions VALUES (?, 0, 'k', 'k', ?, ?, 'open')");
  for (const poll of polls) {
    suggest.run(poll, 'voter 0', 'Zoe');
    for (let n = 0; n < 6; n += 1) {
      const seq = poll * 100 + n;
      event.run(seq, `voter ${n}`, 1_000 + n);
      ballot.run(seq, poll, `voter ${n}`, `[${n % 2}]`, 1_000 + n);
      vote.run(poll, `voter ${n}`, n % 2, 'Zoe');
    }
  }
  before.close();
  const db = openDatabase(file);
  const all = (sql: string) =>
    db
      .prepare(sql)
      .all()
      .map((row) => Object.values(row).join(' '));
  assert.deepEqual(all('SELECT at, counts FROM vote_history WHERE poll = 1'), [
    '0 [0,0]',
    '1000 [3,2]',
    '1000 [3,3]',
  ]);
  assert.equal(all('SELECT at FROM vote_history WHERE poll = 2').length, 7);
  assert.deepEqual(all('SELECT DISTINCT poll, name FROM votes'), ['1 ', '2 Zoe']);
  assert.deepEqual(all('SELECT poll, uid, name FROM suggestions'), ['1  ', '2 voter 0 Zoe']);
  assert.deepEqual(all('SELECT DISTINCT uid, at FROM events WHERE seq < 200'), [' 1000']);
  assert.equal(all('SELECT DISTINCT uid, at FROM events WHERE seq >= 200').length, 6);
  assert.deepEqual(all("SELECT name FROM sqlite_schema WHERE name LIKE 'ballots%'"), []);
  db.close();
});

test('Names with the same skeleton today are made different, and unreserved ones released.', (t) => {
  const { file, before } = openBefore(t, MIGRATIONS.indexOf(rekeyNames));
  const take = (key: string, name: string, uid: string, password: string | null) => {
    const event = before.prepare(
      "INSERT INTO events (kind, room, uid, at) VALUES ('signed-in', '', ?, 0)",
    );
    event.run(uid);
    event.run(uid);
    before.prepare('INSERT INTO names VALUES (?, ?, ?, ?)').run(key, name, uid, password);
    before.prepare('INSERT INTO sessions VALUES (?, ?, 0, 0)').run(`session of ${uid}`, uid);
  };
  take('d-ara', 'D-ara', 'a', null);
  take('clara', 'Clara', 'z', 'hash of z');
  take('dara', 'Dara', 'b', 'hash of b');
  take('dara.', 'Dara.', 'c', 'hash of c');
  take('anna', 'Anna', 'd', null);
  take('an-na', 'An-na', 'e', null);
  take('wang', 'Wang', 'f', null);
  before.close();
  const db = openDatabase(file);
  t.after(() => db.close());
  const rows = db
    .prepare('SELECT skeleton, name, uid, password_hash FROM names ORDER BY skeleton')
    .all();
  assert.deepEqual(
    rows.map((row) => Object.values(row)),
    [
      ['anna', 'Anna', 'd', null],
      ['clara', 'Clara', 'z', 'hash of z'],
      ['clara b', 'Dara', 'b', 'hash of b'],
      ['clara c', 'Dara.', 'c', 'hash of c'],
      ['vvang', 'Wang', 'f', null],
    ],
  );
  const sessions = db.prepare('SELECT uid FROM sessions ORDER BY uid').all();
  assert.deepEqual(
    sessions.map(({ uid }) => uid),
    ['b', 'c', 'd', 'f', 'z'],
  );
});

test('Entries of a word cloud that are the same today are merged, and no vote is lost.', (t) => {
  const { file, before } = openBefore(t, MIGRATIONS.indexOf(rekeySuggestions));
  const insert = before.prepare("INSERT INTO suggestions VALUES (1, ?, ?, ?, '', NULL, ?)");
  insert.run(0, 'pizza!', 'Pizza!', 'open');
  insert.run(1, 'pizza.', 'pizza.', 'answered');
  insert.run(2, 'hash', '', 'dropped');
  before.close();
  const db = openDatabase(file);
  t.after(() => db.close());
  const rows = db.prepare('SELECT option, key FROM suggestions ORDER BY option').all();
  assert.deepEqual(
    rows.map((row) => Object.values(row)),
    [
      [0, 'pizza'],
      [1, 'pizza.'],
      [2, 'hash'],
    ],
  );
});

test('What was stored under the names of earlier versions has the names of the glossary.', (t) => {
  const { file, before } = openBefore(t, MIGRATIONS.indexOf(useStandardNames));
  const event = before.prepare("INSERT INTO events VALUES (?, ?, 'x', 'a', 0)");
  const kinds = ['posted', 'acted', 'acted', 'asked', 'chose', 'signed-in', 'dropped'];
  kinds.forEach((kind, index) => {
    event.run(index + 1, kind);
  });
  const message = before.prepare(
    "INSERT INTO messages (id, seq, room, kind, uid, body, at) VALUES (?, ?, 'x', ?, 'a', ?, 0)",
  );
  message.run(1, 1, 'said', 'hello');
  message.run(2, 2, 'act', '{"act":"silenced","whom":{"uid":"b","name":null},"minutes":10}');
  message.run(3, 3, 'act', '{"act":"pinned","message":1,"on":false}');
  const spec = { kind: 'questions', most: 100, mayChange: true, shows: 'voted' };
  message.run(4, 4, 'poll', JSON.stringify({ ...spec, states: ['open', 'dropped'] }));
  before
    .prepare("INSERT INTO rooms VALUES ('x', ?, 1, 0)")
    .run('{"word":"salt$hash","slowS":5,"sanctions":[{"kind":"removed","uid":"b"}]}');
  before.exec(`INSERT INTO suggestions VALUES (4, 1, 'k', 'k', 'a', NULL, 'dropped');
    INSERT INTO names VALUES ('ann', 'Ann', 'a', 'hash');
    INSERT INTO spoken VALUES ('x', 'a', 7);`);
  before.close();
  const db = openDatabase(file);
  t.after(() => db.close());
  const rows = (sql: string) =>
    db
      .prepare(sql)
      .all()
      .map((row) => Object.values(row));
  assert.deepEqual(rows('SELECT kind FROM events ORDER BY seq').flat(), [
    ...['message-posted', 'room-action', 'room-action', 'poll-created'],
    ...['vote-toggled', 'signed-in', 'uploads-expired'],
  ]);
  const messages = rows('SELECT kind, body FROM messages ORDER BY id');
  assert.deepEqual(
    messages.map(([kind]) => kind),
    ['message', 'system', 'system', 'poll'],
  );
  const [muted, unpinned, poll] = messages.slice(1).map(([, body]) => JSON.parse(String(body)));
  assert.deepEqual(muted, { action: 'user-muted', whom: { uid: 'b', name: null }, minutes: 10 });
  assert.deepEqual(unpinned, { action: 'message-unpinned', message: 1 });
  assert.deepEqual(poll, {
    ...{ kind: 'q-and-a', maxChoices: 100, canChangeVote: true },
    ...{ resultsVisibility: 'after-vote', states: ['open', 'removed'] },
    isByModerator: false,
  });
  const [settings] = rows('SELECT settings FROM rooms').flat();
  assert.deepEqual(JSON.parse(String(settings)), {
    ...{ passwordHash: 'salt$hash', slowModeSeconds: 5 },
    sanctions: [{ kind: 'ban', uid: 'b' }],
    joinCode: rows('SELECT code FROM join_codes').flat()[0],
  });
  assert.deepEqual(rows('SELECT state FROM suggestions').flat(), ['removed']);
  assert.deepEqual(rows('SELECT skeleton, password_hash FROM names'), [['ann', 'hash']]);
  assert.deepEqual(rows('SELECT at FROM last_posts').flat(), [7]);
});

test('rooms from when names differed by case stay at their addresses', (t) => {
  const { file, before } = openBefore(t, MIGRATIONS.indexOf(listRoomSpellings));
  const room = before.prepare("INSERT INTO rooms VALUES (?, '{}', 1, 0)");
  for (const name of ['biology', 'Biology', 'BIOLOGY', 'Chemie', 'CHEMIE', 'lobby', '化学']) {
    room.run(name);
  }
  before.close();
  const db = openDatabase(file);
  t.after(() => db.close());
  const found = db.prepare('SELECT spelling, name FROM room_spellings ORDER BY spelling').all();
  assert.deepEqual(
    found.map((row) => Object.values(row)),
    [
      ['BIOLOGY', 'BIOLOGY'],
      ['Biology', 'Biology'],
      ['CHEMIE', 'CHEMIE'],
      ['Chemie', 'Chemie'],
      ['chemie', 'CHEMIE'],
    ],
  );
});

test('A database from before memberships has them after the migration.', (t) => {
  const version = MIGRATIONS.findIndex((step) => String(step).includes('TABLE memberships'));
  const { file, before } = openBefore(t, version);
  before.close();
  const db = openDatabase(file);
  assert.deepEqual(db.prepare('SELECT * FROM memberships, mentions').all(), []);
  db.close();
});

test('A database is copied before it is migrated, and only then.', (t) => {
  const { file, before } = openBefore(t, 7);
  before.exec(
    `INSERT INTO messages (id, seq, room, kind, uid, body, at) VALUES (1, 1, 'x', 'said', 'a', 'b', 0)`,
  );
  before.close();
  const copies = () => readdirSync(dirname(file)).filter((name) => name.includes('before'));
  openDatabase(file).close();
  assert.deepEqual(copies(), ['chat-before-migration-from-7.sqlite']);
  const copy = join(dirname(file), 'chat-before-migration-from-7.sqlite');
  assert.equal(statSync(copy).mode & 0o777, 0o600);
  const db = new DatabaseSync(copy);
  assert.equal(db.prepare('PRAGMA user_version').get()?.user_version, 7);
  assert.equal(db.prepare('SELECT body FROM messages').get()?.body, 'b');
  db.close();
  rmSync(copy);
  openDatabase(file).close();
  openDatabase(join(temporaryFolder(t), 'chat.sqlite')).close();
  assert.deepEqual(copies(), [], 'a current or a new database is not copied');
});
