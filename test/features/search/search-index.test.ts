import assert from 'node:assert/strict';
import {
  existsSync,
  mkdirSync,
  openSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { suite, type TestContext, test } from 'node:test';
import { appender } from '../../../server/features/appender.ts';
import type { Event } from '../../../server/features/events.ts';
import { openDatabase } from '../../../server/features/schema.ts';
import { type Search, searcher } from '../../../server/features/search/search.ts';
import { Store } from '../../../server/features/store.ts';
import { openDataDir } from '../../../server/storage/data-dir.ts';
import { edited, posted, roomAction, who } from '../../support/events.ts';
import { ignoreErrors } from '../../support/observer.ts';
import { temporaryFolder } from '../../support/server.ts';
import { filesWith } from '../../support/stored-text.ts';
import { waitWhile } from '../../support/wait-while.ts';

const MAX_ID = Number.MAX_SAFE_INTEGER;
const moderator = who('moderator', { isModerator: true });

const requestOf = (text: string) => ({ rooms: ['class'], text, before: MAX_ID, limit: 20 });

/** What is found in the room `class`, and the part of the log that is indexed. */
function find({ search }: Search, text: string) {
  const { hits, coverage } = search(requestOf(text)) ?? { hits: [], coverage: 0 };
  return { bodies: hits.map(({ message }) => message.body), part: coverage };
}

/** Messages with a number each. */
function many(count: number): Event[] {
  return Array.from({ length: count }, (_, n) => posted(`number ${n + 1}`));
}

/** A history with these messages, and an index of it in the same folder. */
function history(t: TestContext, ...events: readonly Event[]) {
  const data = temporaryFolder(t);
  const file = join(data, 'search.sqlite');
  const chat = openDatabase(join(data, 'chat.sqlite'));
  const appendGroup = appender(chat);
  const append = (...more: readonly Event[]) => appendGroup(more);
  if (events.length > 0) appendGroup(events);
  let search = searcher(chat, file);
  t.after(() => {
    search.close();
    chat.close();
  });
  /** Restarts the server, after something has happened to the files. */
  const restart = (meanwhile: () => void = () => {}) => {
    search.close();
    meanwhile();
    search = searcher(chat, file);
  };
  const index = () => search.index();
  const finish = () => {
    while (search.index() === 0);
  };
  const entries = () => {
    const db = new DatabaseSync(file, { readOnly: true });
    const count = Number(db.prepare('SELECT count(*) AS n FROM found_docsize').get()?.n);
    db.close();
    return count;
  };
  return {
    data,
    file,
    chat,
    append,
    restart,
    index,
    finish,
    entries,
    find: (text: string) => find(search, text),
  };
}

/** Prevents writes to the index, until the returned function is called. */
function hold(file: string): () => void {
  const other = new DatabaseSync(file);
  other.exec('BEGIN IMMEDIATE');
  return () => other.close();
}

suite('The index', () => {
  test('indexes a long history in chunks, the newest first, and reports its progress', (t) => {
    const { index, finish, entries, chat } = history(t, ...many(1_000));
    assert.equal(index(), 0);
    assert.equal(entries(), 250);
    assert.equal(index(), 0);
    assert.equal(entries(), 500);
    finish();
    assert.equal(entries(), 1_000);
    assert.equal(chat.prepare('SELECT count(*) AS n FROM messages').get()?.n, 1_000);
  });

  test('finds the latest messages while it catches up, and all when it is done', (t) => {
    const { find, index, finish, file } = history(t, ...many(1_000));
    index();
    const release = hold(file);
    assert.deepEqual(find('"number 1000"'), { bodies: ['number 1000'], part: 0.25 });
    assert.deepEqual(find('"number 1"'), { bodies: [], part: 0.25 });
    release();
    finish();
    assert.deepEqual(find('"number 1"'), { bodies: ['number 1'], part: 1 });
  });

  test('catches up a little with each search, so that none waits long', (t) => {
    const { chat, file } = history(t, ...many(2_000));
    let ms = 0;
    const searching = searcher(chat, file, () => {
      ms += 10;
      return ms;
    });
    t.after(() => searching.close());
    const parts = [1, 2, 3].map(() => find(searching, '"number 2000"').part);
    assert.deepEqual(parts, [0.375, 0.75, 1], 'three pieces of 250 messages in 25 ms');
  });

  test('continues where it was after a restart', (t) => {
    const { find, append, restart, finish, index, entries } = history(t, ...many(600));
    index();
    restart();
    assert.equal(entries(), 250, 'what was indexed stays');
    append(posted('meanwhile'));
    finish();
    assert.equal(entries(), 601);
    assert.deepEqual(find('meanwhile'), { bodies: ['meanwhile'], part: 1 });
    assert.deepEqual(find('"number 1"').bodies, ['number 1']);
  });

  test('contains messages before anyone searches for them', (t) => {
    const { find, append } = history(t);
    assert.deepEqual(find('hello'), { bodies: [], part: 1 });
    for (let n = 0; n < 3; n += 1) {
      append(posted(`hello ${n}`));
      assert.equal(find('hello').bodies[0], `hello ${n}`);
    }
  });

  test('follows edits and deletions, and contains nothing that was deleted', (t) => {
    const { find, append, finish, entries } = history(t, posted('one'), posted('two'));
    finish();
    append(edited(1, 'three'), {
      kind: 'message-deleted',
      room: 'class',
      who: who('me'),
      id: 2,
      at: 0,
    });
    assert.deepEqual(
      [find('one').bodies, find('two').bodies, find('three').bodies],
      [[], [], ['three']],
    );
    assert.equal(entries(), 1);
  });

  test('indexes all changes of an event together', (t) => {
    const reply = { ...posted('answer'), reply: 1 };
    const { find, append, restart, finish, entries } = history(t, posted('question'));
    append(
      ...Array.from({ length: 200 }, () => reply),
      edited(1, 'another question'),
      posted('last'),
    );
    finish();
    assert.equal(entries(), 202);
    append(edited(1, 'the third question'));
    restart();
    assert.deepEqual(find('third').bodies, ['the third question']);
    assert.equal(find('answer').part, 1);
    assert.equal(entries(), 202);
  });

  test('drops a room whose history was cleared, however long it was, and no other', (t) => {
    const elsewhere = { ...posted('number elsewhere'), room: 'other' };
    const { find, append, finish, entries } = history(t, ...many(2_500), elsewhere);
    finish();
    append(roomAction({ type: 'history-cleared' }, moderator), posted('number after'));
    assert.deepEqual(find('number').bodies, ['number after']);
    finish();
    assert.equal(entries(), 2);
  });

  test('loses the terms of what expired, also where the server ends before that', (t) => {
    const { data, file, append, restart, index, finish } = history(t, posted('zqexpired'));
    finish();
    const left = () => filesWith(data, 'qexpired').filter((name) => name.startsWith('search'));
    assert.ok(left().length > 0);
    append({ kind: 'messages-expired', room: 'class', keepDays: 1, at: 2 * 24 * 3_600_000 });
    const isCleared = () => {
      const db = new DatabaseSync(file, { readOnly: true });
      const row = db.prepare('SELECT 1 FROM cleared').get();
      db.close();
      return row !== undefined;
    };
    while (!isCleared()) index();
    while (isCleared()) index();
    restart();
    finish();
    assert.deepEqual(left(), []);
  });

  test('finds nothing that was changed or deleted since it was indexed', (t) => {
    const { find, append, finish, file } = history(
      t,
      posted('secret 1'),
      posted('secret 2'),
      posted('open'),
    );
    finish();
    const release = hold(file);
    append(
      { kind: 'message-deleted', room: 'class', who: who('me'), id: 1, at: 0 },
      edited(2, 'changed'),
    );
    const { bodies, part } = find('secret');
    assert.deepEqual(bodies, []);
    assert.ok(part < 1);
    assert.deepEqual(find('open').bodies, ['open']);
    append(roomAction({ type: 'history-cleared' }, moderator));
    assert.deepEqual(find('open').bodies, []);
    release();
    assert.deepEqual(find('open'), { bodies: [], part: 1 });
  });
});

suite('An index is rebuilt', () => {
  function garble(file: string, from: number): void {
    const fd = openSync(file, 'r+');
    writeSync(fd, Buffer.alloc(8_192, 0xa5), 0, 8_192, from);
  }
  for (const [what, damage] of [
    ['deleted', (file: string) => rmSync(file)],
    ['garbled at its beginning', (file: string) => garble(file, 0)],
    ['garbled in the middle', (file: string) => garble(file, 12_288)],
    ['cut short', (file: string) => truncateSync(file, statSync(file).size / 2)],
    ['empty', (file: string) => truncateSync(file, 0)],
    ['no database', (file: string) => writeFileSync(file, 'Once upon a time. '.repeat(1_000))],
    [
      'of another version',
      (file: string) => {
        const db = new DatabaseSync(file);
        db.exec('DROP TABLE found; PRAGMA user_version = 99');
        db.close();
      },
    ],
  ] as const) {
    test(`where it is ${what}`, (t) => {
      const { find, restart, finish, file } = history(t, ...many(2_000));
      finish();
      restart(() => damage(file));
      finish();
      assert.deepEqual(find('"number 17"'), { bodies: ['number 17'], part: 1 });
    });
  }

  test('where it is damaged while the server runs', (t) => {
    const { find, finish, file } = history(t, ...many(2_000));
    finish();
    // What only the full-text search itself can see: the list of what it has is no list.
    const other = new DatabaseSync(file, { defensive: false });
    other.exec("UPDATE found_data SET block = x'ff' WHERE id > 10");
    other.close();
    find('number');
    finish();
    assert.deepEqual(find('"number 17"'), { bodies: ['number 17'], part: 1 });
  });

  test('where it is of another log, or of more than there is', (t) => {
    const { find, restart, finish, chat, append } = history(t, ...many(30));
    finish();
    restart(() => {
      chat.exec("UPDATE log SET epoch = 'another'; DELETE FROM messages WHERE id = 7");
    });
    finish();
    assert.deepEqual([find('"number 7"').bodies, find('"number 8"').bodies], [[], ['number 8']]);
    // A backup takes the place of the history, and other things happen then.
    restart(() => {
      chat.exec('DELETE FROM messages WHERE id > 10; DELETE FROM events WHERE seq > 10');
      chat.exec('UPDATE sqlite_sequence SET seq = 10');
    });
    append(posted('another eleventh'));
    finish();
    assert.deepEqual(find('"number 11"'), { bodies: [], part: 1 });
    assert.deepEqual(find('eleventh').bodies, ['another eleventh']);
  });

  test('once that is possible: until then nothing is found, and a search says so', (t) => {
    const { find, restart, finish, file } = history(t, ...many(30));
    finish();
    restart(() => {
      for (const end of ['', '-wal', '-shm']) rmSync(file + end, { force: true });
      mkdirSync(file);
    });
    assert.throws(finish);
    assert.deepEqual(find('number'), { bodies: [], part: 0 });
    rmSync(file, { recursive: true });
    assert.deepEqual(find('"number 7"'), { bodies: ['number 7'], part: 1 });
  });
});

suite('A store', () => {
  async function open(data: string) {
    const folder = openDataDir(data);
    const store = await Store.open(folder, ignoreErrors);
    const close = async () => {
      await store.close();
      folder.release();
    };
    const find = (text: string) => store.search(requestOf(text), 'an address');
    return { store, find, close };
  }

  test('of an older version is found completely a while after its start', async (t) => {
    const { data, chat } = history(t, ...many(1_000));
    assert.ok(!existsSync(join(data, 'search.sqlite')));
    const { store, close } = await open(data);
    assert.equal((await store.queries.before('class', MAX_ID, 1)).messages[0]?.body, 'number 1000');
    // Nobody searches: it is indexed all the same.
    const file = join(data, 'search.sqlite');
    await waitWhile(() => !isWhole(file));
    await close();
    assert.equal(chat.prepare('SELECT count(*) AS n FROM events').get()?.n, 1_000);
  });

  test('finds what was just posted, on the disk and in memory', async (t) => {
    for (const data of [temporaryFolder(t), ':memory:']) {
      const { store, find, close } = await open(data);
      await store.append([posted('my own')], 0);
      const { hits, coverage } = await find('own');
      assert.deepEqual([hits.map(({ message }) => message.body), coverage], [['my own'], 1]);
      await close();
    }
  });

  test('closes in the middle of indexing, rejects pending searches, and continues at the next start', async (t) => {
    const { data } = history(t, ...many(40_000));
    const first = await open(data);
    const searches = Array.from({ length: 20 }, () => first.find('number'));
    const outcomes = Promise.allSettled(searches);
    await searches[0];
    await first.close();
    const refused = (await outcomes).filter(({ status }) => status === 'rejected');
    assert.ok(refused.length >= 18, `${refused.length} were refused`);
    assert.ok(!isWhole(join(data, 'search.sqlite')));
    const second = await open(data);
    while ((await second.find('"number 1"')).coverage < 1);
    assert.equal((await second.find('"number 1"')).hits.length, 1);
    await second.close();
  });
});

/** Whether all of a history is in its index. */
function isWhole(file: string): boolean {
  let db: DatabaseSync | undefined;
  try {
    // It may not exist: a file that is no index is deleted, and another is created.
    db = new DatabaseSync(file, { readOnly: true });
    return Boolean(db.prepare('SELECT 1 FROM span WHERE first = 0').get());
  } catch {
    return false;
  } finally {
    db?.close();
  }
}
