import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { suite, type TestContext, test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { openDatabase } from '../../server/features/schema.ts';
import { Compaction } from '../../server/storage/compaction.ts';
import {
  type CompactionSignals,
  compactInProcess,
} from '../../server/storage/compaction-process.ts';
import { LiveCompaction } from '../../server/storage/live-compaction.ts';
import { LogGuard } from '../../server/storage/log-guard.ts';
import { maintenance } from '../../server/storage/maintenance.ts';
import { temporaryFolder } from '../support/server.ts';
import { waitWhile } from '../support/wait-while.ts';

/** One whose process ends when the test says so, or by its signal. */
function open(t: TestContext, isSmall: boolean) {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const folder = temporaryFolder(t);
  const runs: { signal?: AbortSignal; end: (isDone: boolean) => void }[] = [];
  let compacted = 0;
  let nowMs = 0;
  const compaction = new LiveCompaction({
    remains: new Compaction(folder),
    isSmall: () => isSmall,
    compactAtOnce: () => new Promise((end) => void runs.push({ end: () => end() })),
    compactWhileQuiet: ({ interrupt, close }) =>
      new Promise((end) => {
        const signal = AbortSignal.any([interrupt, close]);
        runs.push({ signal, end });
        signal.addEventListener('abort', () => end(false));
      }),
    onCompacted: () => {
      compacted += 1;
    },
    now: () => nowMs,
  });
  t.after(() => compaction.close());
  return {
    compaction,
    folder,
    runs,
    compacted: () => compacted,
    isNoted: () => existsSync(join(folder, 'compact')),
    pass(ms: number) {
      nowMs += ms;
      t.mock.timers.tick(ms);
    },
    async end(isDone: boolean) {
      runs.at(-1)?.end(isDone);
      await turn();
    },
  };
}

suite('Compacting while the server runs', () => {
  test('begins when nobody has written to a large database for a while', async (t) => {
    const { compaction, runs, pass, end, compacted, isNoted } = open(t, false);
    compaction.note();
    compaction.interrupt();
    compaction.schedule();
    pass(1_500);
    compaction.interrupt();
    pass(1_500);
    assert.equal(runs.length, 0);
    pass(1_000);
    assert.equal(runs.length, 1);
    assert.ok(isNoted());
    await end(true);
    assert.deepEqual([compacted(), isNoted(), compaction.isRunning], [1, false, false]);
    pass(600_000);
    assert.equal(runs.length, 1);
  });

  test('ends when somebody writes, and begins again later, each time later than before', async (t) => {
    const { compaction, runs, pass, end, compacted, isNoted } = open(t, false);
    compaction.note();
    compaction.schedule();
    pass(0);
    for (const [n, ms] of [30, 60, 120, 240, 480, 600, 600].entries()) {
      compaction.interrupt();
      assert.ok(runs.at(-1)?.signal?.aborted);
      await turn();
      pass(ms * 1_000 - 1);
      assert.equal(runs.length, n + 1);
      pass(1);
      assert.equal(runs.length, n + 2, `${ms}`);
    }
    compaction.interrupt();
    await turn();
    assert.ok(isNoted());
    pass(600_000);
    await end(true);
    assert.deepEqual([compacted(), isNoted()], [1, false]);
  });

  test('begins at once and is not interrupted in a small one', async (t) => {
    const { compaction, runs, pass, end, compacted } = open(t, true);
    compaction.note();
    compaction.interrupt();
    compaction.schedule();
    pass(0);
    compaction.interrupt();
    assert.equal(runs.length, 1);
    await end(true);
    assert.equal(compacted(), 1);
  });

  test('is repeated for what was erased meanwhile', async (t) => {
    const { compaction, runs, pass, end, isNoted } = open(t, true);
    compaction.note();
    compaction.schedule();
    pass(0);
    compaction.note();
    await end(true);
    assert.ok(isNoted());
    compaction.schedule();
    pass(0);
    assert.equal(runs.length, 2);
    compaction.schedule();
    await end(true);
    pass(0);
    assert.equal(runs.length, 3);
    await end(true);
  });

  test('waits for a folder that was moved away, and is due all the time', async (t) => {
    const { compaction, folder, runs, pass, end } = open(t, true);
    renameSync(folder, `${folder}-away`);
    compaction.note();
    compaction.schedule();
    pass(0);
    assert.deepEqual([runs.length, compaction.isDue], [0, true]);
    renameSync(`${folder}-away`, folder);
    pass(30_000);
    await end(true);
    assert.deepEqual([runs.length, compaction.isDue], [1, false]);
  });

  test('ends with the server, and is still due then', async (t) => {
    const { compaction, runs, pass, isNoted } = open(t, false);
    compaction.note();
    compaction.schedule();
    pass(0);
    await compaction.close();
    pass(600_000);
    assert.deepEqual([runs.length, runs[0]?.signal?.aborted, isNoted()], [1, true, true]);
  });
});

test('A process that compacts a database is interrupted, or ended, at any time without harm.', async (t) => {
  const folder = temporaryFolder(t);
  const file = join(folder, 'chat.sqlite');
  const db = openDatabase(file);
  t.after(() => db.close());
  db.exec(`CREATE TABLE rows (id INTEGER PRIMARY KEY, text TEXT) STRICT;
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)
    INSERT INTO rows SELECT i, hex(randomblob(250)) FROM n;
    DELETE FROM rows WHERE id % 2 = 0;
    PRAGMA wal_checkpoint(TRUNCATE)`);
  const before = statSync(file).size;
  const insert = db.prepare('INSERT INTO rows (text) VALUES (?)');
  const compact = (signals: Partial<CompactionSignals> = {}) =>
    compactInProcess(file, join(folder, 'copy'), {
      interrupt: new AbortController().signal,
      close: new AbortController().signal,
      ...signals,
    });
  for (const [n, kind] of (['interrupt', 'close', 'interrupt', 'close'] as const).entries()) {
    const stop = new AbortController();
    const ended = compact({ [kind]: stop.signal });
    // Each is at another place when it ends; the last one often in the middle of copying back.
    for (let turns = 0; turns < n * 4_000; turns += 1) await turn();
    stop.abort();
    await turn();
    // It fails where the process keeps its lock for some seconds.
    insert.run(`new ${n}`);
    await ended;
  }
  const overtaken = compact();
  await waitWhile(() => statSync(join(folder, 'copy'), { throwIfNoEntry: false })?.size === 0);
  insert.run('not in the copy');
  await overtaken;
  assert.equal(await compact(), true);
  db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  assert.ok(statSync(file).size < before * 0.6);
  assert.ok(!existsSync(join(folder, 'copy')));
  const other = new DatabaseSync(file, { readOnly: true });
  t.after(() => other.close());
  assert.equal(other.prepare('PRAGMA integrity_check').get()?.integrity_check, 'ok');
  assert.equal(other.prepare('SELECT count(*) AS n FROM rows').get()?.n, 10_005);
});

test('A small database is compacted beside a backup, and commits do not wait for the end of that.', async (t) => {
  const file = join(temporaryFolder(t), 'chat.sqlite');
  const db = openDatabase(file);
  new LogGuard(db, file).close();
  const reader = new DatabaseSync(file, { readOnly: true });
  reader.exec('BEGIN');
  reader.prepare('SELECT * FROM events').all();
  // It writes all the time, and waits for less than the end of a reader that does not end.
  const isOver = new Int32Array(new SharedArrayBuffer(4));
  const writer = new Worker(
    `const { parentPort, workerData } = require('node:worker_threads');
     const { DatabaseSync } = require('node:sqlite');
     const db = new DatabaseSync(workerData.file, { timeout: 1_500 });
     parentPort.postMessage('open');
     do db.exec('UPDATE server SET settings = settings');
     while (Atomics.wait(workerData.isOver, 0, 0, 10) === 'timed-out')`,
    { eval: true, workerData: { file, isOver } },
  );
  await once(writer, 'message');
  const ended = once(writer, 'exit');
  maintenance(db, file).compact();
  Atomics.store(isOver, 0, 1);
  assert.deepEqual(await ended, [0]);
  reader.close();
  assert.ok(maintenance(db, file).cutLog());
  db.close();
});
