import type { DatabaseSync } from 'node:sqlite';
import type { Migration } from '../storage/migrate.ts';
import { openExisting, openForWriting } from '../storage/open.ts';
import { forgetBallots } from './migrations/ballots.ts';
import { hashDropped } from './migrations/dropped-files.ts';
import { assignJoinCodes } from './migrations/join-codes.ts';
import { rekeyNames } from './migrations/name-skeletons.ts';
import { listRoomSpellings } from './migrations/room-spellings.ts';
import { useStandardNames } from './migrations/standard-names.ts';
import { rekeySuggestions } from './migrations/suggestions.ts';

/** The tables of the log and of all features, from the first version to this one. */
export const MIGRATIONS: readonly Migration[] = [
  `CREATE TABLE log (epoch TEXT NOT NULL) STRICT;

   CREATE TABLE events (
     seq INTEGER PRIMARY KEY AUTOINCREMENT,
     kind TEXT NOT NULL,
     room TEXT NOT NULL,
     uid TEXT NOT NULL,
     at INTEGER NOT NULL
   ) STRICT;

   CREATE TABLE messages (
     id INTEGER PRIMARY KEY,
     seq INTEGER NOT NULL,
     room TEXT NOT NULL,
     uid TEXT NOT NULL,
     cid TEXT,
     body TEXT NOT NULL,
     at INTEGER NOT NULL
   ) STRICT;
   CREATE INDEX messages_in_order ON messages (room, id);
   CREATE INDEX messages_changed ON messages (room, seq);
   CREATE UNIQUE INDEX messages_sent ON messages (uid, cid) WHERE cid IS NOT NULL;`,

  `ALTER TABLE messages RENAME TO messages_1;
   DROP INDEX messages_in_order;
   DROP INDEX messages_changed;
   DROP INDEX messages_sent;
   CREATE TABLE messages (
     id INTEGER PRIMARY KEY,
     seq INTEGER NOT NULL,
     room TEXT NOT NULL,
     kind TEXT NOT NULL,
     uid TEXT NOT NULL,
     name TEXT,
     cid TEXT,
     body TEXT NOT NULL,
     at INTEGER NOT NULL
   ) STRICT;
   INSERT INTO messages
     SELECT id, seq, room, 'said', uid, NULL, cid, body, at FROM messages_1 ORDER BY id;
   DROP TABLE messages_1;
   CREATE INDEX messages_in_order ON messages (room, id);
   CREATE INDEX messages_changed ON messages (room, seq);
   CREATE UNIQUE INDEX messages_sent ON messages (uid, cid) WHERE cid IS NOT NULL;

   CREATE TABLE rooms (
     name TEXT PRIMARY KEY,
     settings TEXT NOT NULL,
     is_listed INTEGER NOT NULL,
     at INTEGER
   ) STRICT, WITHOUT ROWID;
   CREATE INDEX rooms_open ON rooms (at) WHERE is_listed;
   INSERT INTO rooms
     SELECT room, '{}', room NOT LIKE 'transports-%', max(at) FROM messages GROUP BY room;

   CREATE TABLE spoken (
     room TEXT NOT NULL,
     uid TEXT NOT NULL,
     at INTEGER NOT NULL,
     PRIMARY KEY (room, uid)
   ) STRICT, WITHOUT ROWID;

   CREATE TABLE names (
     key TEXT PRIMARY KEY,
     name TEXT NOT NULL,
     uid TEXT NOT NULL UNIQUE,
     passphrase TEXT
   ) STRICT, WITHOUT ROWID;

   CREATE TABLE sessions (
     id TEXT PRIMARY KEY,
     uid TEXT NOT NULL,
     is_moderator INTEGER NOT NULL,
     seen INTEGER NOT NULL
   ) STRICT, WITHOUT ROWID;
   CREATE INDEX sessions_of ON sessions (uid);
   CREATE INDEX sessions_seen ON sessions (seen);`,

  `CREATE TABLE votes (
     poll INTEGER NOT NULL,
     uid TEXT NOT NULL,
     option INTEGER NOT NULL,
     name TEXT,
     n INTEGER NOT NULL,
     PRIMARY KEY (poll, uid, option)
   ) STRICT, WITHOUT ROWID;

   CREATE TABLE ballots (
     seq INTEGER PRIMARY KEY,
     poll INTEGER NOT NULL,
     uid TEXT NOT NULL,
     options TEXT NOT NULL,
     at INTEGER NOT NULL
   ) STRICT;
   CREATE INDEX ballots_of ON ballots (poll, seq);
   CREATE INDEX polls_of ON messages (room, id) WHERE kind = 'poll';`,

  `CREATE TABLE suggestions (
     poll INTEGER NOT NULL,
     option INTEGER NOT NULL,
     key TEXT NOT NULL,
     text TEXT NOT NULL,
     uid TEXT NOT NULL,
     name TEXT,
     state TEXT NOT NULL,
     PRIMARY KEY (poll, option),
     UNIQUE (poll, key)
   ) STRICT, WITHOUT ROWID;
   UPDATE messages SET body = json_remove(
     json_set(body, '$.kind', iif(body ->> 'isApplause', 'applause', 'choice'),
              '$.states', json('[]'), '$.authors', json('[]')),
     '$.isApplause') WHERE kind = 'poll';`,

  `ALTER TABLE messages ADD COLUMN edited INTEGER;
   ALTER TABLE messages ADD COLUMN reply INTEGER;
   ALTER TABLE messages ADD COLUMN quote TEXT;
   ALTER TABLE messages ADD COLUMN reactions TEXT;
   CREATE INDEX messages_quoting ON messages (reply) WHERE quote ->> 'text' IS NOT NULL;

   CREATE TABLE reactions (
     message INTEGER NOT NULL,
     emoji TEXT NOT NULL,
     uid TEXT NOT NULL,
     name TEXT,
     at INTEGER NOT NULL,
     PRIMARY KEY (message, emoji, uid)
   ) STRICT, WITHOUT ROWID;`,

  `ALTER TABLE messages ADD COLUMN files TEXT;

   CREATE TABLE files (
     id TEXT PRIMARY KEY,
     room TEXT NOT NULL,
     uid TEXT NOT NULL,
     message INTEGER,
     spec TEXT NOT NULL,
     at INTEGER NOT NULL
   ) STRICT, WITHOUT ROWID;
   CREATE INDEX files_of ON files (message);
   CREATE INDEX files_unused ON files (at) WHERE message IS NULL;
   CREATE INDEX files_in ON files (room);`,

  `CREATE TABLE submissions (
     poll INTEGER NOT NULL,
     uid TEXT NOT NULL,
     option INTEGER NOT NULL,
     text TEXT NOT NULL,
     PRIMARY KEY (poll, uid, option)
   ) STRICT, WITHOUT ROWID;
   INSERT INTO submissions SELECT poll, uid, option, text FROM suggestions;`,

  forgetBallots,

  rekeyNames,

  // Voters are counted as option -1. In a poll with names, a voter without one has the name ''.
  `CREATE TABLE tallies (
     poll INTEGER NOT NULL,
     option INTEGER NOT NULL,
     n INTEGER NOT NULL,
     PRIMARY KEY (poll, option)
   ) STRICT, WITHOUT ROWID;
   INSERT INTO tallies SELECT poll, option, sum(n) FROM votes GROUP BY poll, option;
   INSERT INTO tallies SELECT poll, -1, count(DISTINCT uid) FROM votes GROUP BY poll;
   UPDATE votes SET name = '' WHERE name IS NULL AND poll IN
     (SELECT id FROM messages WHERE kind = 'poll' AND NOT body ->> 'isAnonymous');
   CREATE INDEX votes_named ON votes (poll, option) WHERE name IS NOT NULL;

   ALTER TABLE sessions ADD COLUMN ends INTEGER NOT NULL DEFAULT 0;
   UPDATE sessions SET ends = seen + 86400000 * iif(
     (SELECT passphrase FROM names WHERE names.uid = sessions.uid) IS NULL, 1, 90);
   DROP INDEX sessions_seen;
   CREATE INDEX sessions_ends ON sessions (ends);`,

  hashDropped,

  rekeySuggestions,

  // Each uid and each browser that a voter used, and the uid under which their vote counts.
  `CREATE TABLE voters (
     poll INTEGER NOT NULL,
     key TEXT NOT NULL,
     uid TEXT NOT NULL,
     PRIMARY KEY (poll, key)
   ) STRICT, WITHOUT ROWID;
   INSERT INTO voters SELECT DISTINCT poll, uid, uid FROM votes;
   INSERT OR IGNORE INTO voters SELECT DISTINCT poll, uid, uid FROM submissions;

   CREATE TABLE browsers (
     room TEXT NOT NULL,
     uid TEXT NOT NULL,
     browser TEXT NOT NULL,
     PRIMARY KEY (room, uid, browser)
   ) STRICT, WITHOUT ROWID;`,

  `CREATE TABLE cleared (
     room TEXT PRIMARY KEY,
     before INTEGER NOT NULL
   ) STRICT, WITHOUT ROWID;`,

  useStandardNames,

  // Polls with votes that are not in their counts yet. Until now nobody knew: each open one may be.
  `CREATE TABLE uncounted (
     room TEXT NOT NULL,
     poll INTEGER NOT NULL,
     PRIMARY KEY (room, poll)
   ) STRICT, WITHOUT ROWID;
   INSERT INTO uncounted SELECT room, id FROM messages WHERE kind = 'poll' AND body ->> 'isOpen';
   CREATE INDEX polls_closing ON messages (room, body ->> 'closesAt')
     WHERE kind = 'poll' AND body ->> 'isOpen' AND body ->> 'closesAt' IS NOT NULL;`,

  // Who was a moderator then is not known: of the polls there are, those of the owner count.
  `UPDATE messages SET body = json_set(body, '$.isByModerator', json(iif(uid =
     (SELECT settings ->> 'owner' FROM rooms WHERE name = messages.room), 'true', 'false')))
   WHERE kind = 'poll';`,

  listRoomSpellings,

  assignJoinCodes,

  // Guests who signed in, and the users they became.
  `CREATE TABLE former_guests (
     guest TEXT PRIMARY KEY,
     uid TEXT NOT NULL,
     seq INTEGER NOT NULL
   ) STRICT, WITHOUT ROWID;
   CREATE INDEX former_guests_of ON former_guests (uid, seq);
   CREATE INDEX voters_by_key ON voters (key, poll);
   CREATE INDEX reactions_by ON reactions (uid, message);
   CREATE INDEX rooms_owned ON rooms (settings ->> 'owner') WHERE settings ->> 'owner' IS NOT NULL;`,

  // What signed-in users have read, and the unread messages that mention them.
  `CREATE TABLE memberships (
     uid TEXT NOT NULL,
     room TEXT NOT NULL,
     read_id INTEGER NOT NULL,
     notifications TEXT,
     seq INTEGER NOT NULL,
     PRIMARY KEY (uid, room)
   ) STRICT, WITHOUT ROWID;
   CREATE INDEX memberships_changed ON memberships (uid, seq);
   CREATE TABLE mentions (
     uid TEXT NOT NULL,
     room TEXT NOT NULL,
     message INTEGER NOT NULL,
     PRIMARY KEY (uid, room, message)
   ) STRICT, WITHOUT ROWID;
   CREATE INDEX mentions_in ON mentions (message);`,

  `CREATE TABLE prepared_polls (
     id INTEGER PRIMARY KEY,
     room TEXT NOT NULL,
     uid TEXT NOT NULL,
     spec TEXT NOT NULL,
     position INTEGER NOT NULL
   ) STRICT;
   CREATE INDEX prepared_polls_of ON prepared_polls (room, position);`,

  // Where the store is in a log that several servers share: one row, or none.
  `CREATE TABLE replica (
     place INTEGER NOT NULL,
     id TEXT NOT NULL,
     at INTEGER NOT NULL,
     base INTEGER NOT NULL,
     digest TEXT NOT NULL
   ) STRICT;`,

  'CREATE INDEX messages_with_files ON messages (room, id) WHERE files IS NOT NULL;',

  // Whose the server is: one row.
  `CREATE TABLE server (owner TEXT) STRICT;
   INSERT INTO server VALUES (NULL);`,

  `CREATE INDEX rooms_restricted ON rooms (name) WHERE settings ->> 'sanctions' <> '[]';
   CREATE INDEX system_messages ON messages (id) WHERE kind = 'system';`,

  `CREATE TABLE reports (
     message INTEGER NOT NULL,
     uid TEXT NOT NULL,
     room TEXT NOT NULL,
     reason TEXT NOT NULL,
     at INTEGER NOT NULL,
     is_open INTEGER NOT NULL,
     PRIMARY KEY (message, uid)
   ) STRICT, WITHOUT ROWID;
   CREATE INDEX reports_in ON reports (is_open, room, message);
   CREATE INDEX reports_open ON reports (is_open, message);
   CREATE INDEX reports_of ON reports (room);
   CREATE INDEX reports_by ON reports (uid, at);`,

  "ALTER TABLE server ADD COLUMN settings TEXT NOT NULL DEFAULT '{}';",

  // Users to be erased, and where the running erasure is: one row, or none.
  `CREATE TABLE erasing (uid TEXT PRIMARY KEY, seq INTEGER NOT NULL) STRICT, WITHOUT ROWID;
   CREATE TABLE erasure (
     seq INTEGER PRIMARY KEY,
     step TEXT NOT NULL,
     room TEXT NOT NULL,
     id INTEGER NOT NULL
   ) STRICT;
   CREATE INDEX files_by ON files (uid);
   CREATE INDEX prepared_polls_by ON prepared_polls (uid);`,

  // By which rules the entries of the shared log are applied from its place on.
  'ALTER TABLE replica ADD COLUMN format INTEGER NOT NULL DEFAULT 1;',

  // What users did under an id of their own, in the order of the log.
  `CREATE TABLE executed (
     id INTEGER PRIMARY KEY,
     uid TEXT NOT NULL,
     cid TEXT NOT NULL,
     content TEXT NOT NULL,
     seq INTEGER NOT NULL,
     message INTEGER,
     at INTEGER NOT NULL
   ) STRICT;
   CREATE UNIQUE INDEX executed_by ON executed (uid, cid);`,

  "CREATE INDEX deleted_messages ON messages (seq) WHERE kind = 'deleted';",

  // What was decided up to the last places of a shared log that are multiples of a hundred.
  'CREATE TABLE checkpoints (place INTEGER PRIMARY KEY, digest TEXT NOT NULL) STRICT;',

  // A room that is deleted has no members any more.
  'CREATE INDEX memberships_in ON memberships (room);',

  // The files that were deleted last, which a server that was killed may not have removed from the disk.
  'CREATE TABLE freed_files (id INTEGER PRIMARY KEY, file TEXT NOT NULL UNIQUE) STRICT;',
];

/**
 * Opens the database for writing, and creates it where there is none.
 * @param file a path, or `:memory:`
 * @throws StartupError where the file exists and is not a sound database
 */
export function openDatabase(file: string): DatabaseSync {
  return openForWriting(file, MIGRATIONS);
}

/**
 * Opens a database that a server may be using, for a command that reads it.
 * @throws StartupError where there is none that it can read
 */
export function readDatabase(file: string): DatabaseSync {
  return openExisting(file, MIGRATIONS.length);
}
