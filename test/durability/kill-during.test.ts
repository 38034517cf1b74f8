import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { renameSync, statSync } from 'node:fs';
import { join as joinPath } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { suite, test } from 'node:test';
import { join } from '../support/client.ts';
import { type ServerProcess, spawnServer, temporaryFolder } from '../support/server.ts';

/** Concurrent messages: enough that a commit is always running. */
const WINDOW = 100;

interface Trouble {
  readonly what: string;
  /** Causes the trouble, and returns what ends it. */
  start(server: ServerProcess, data: string): () => void;
}

const TROUBLES: readonly Trouble[] = [
  {
    what: 'the disk is full',
    start({ child }, data) {
      const { size } = statSync(joinPath(data, 'chat.sqlite-wal'));
      execFileSync('prlimit', ['--pid', `${child.pid}`, `--fsize=${size}:`]);
      return () => {};
    },
  },
  {
    what: 'the data directory is moved away',
    start(_server, data) {
      const away = `${data}-away`;
      renameSync(data, away);
      return () => renameSync(away, data);
    },
  },
  {
    what: 'another process locks the database',
    start(_server, data) {
      const db = new DatabaseSync(joinPath(data, 'chat.sqlite'));
      db.exec('PRAGMA busy_timeout = 10000; BEGIN IMMEDIATE');
      return () => {
        db.exec('ROLLBACK');
        db.close();
      };
    },
  },
];

suite('A killed server has everything it acknowledged', () => {
  for (const { what, start } of TROUBLES) {
    test(`when it is killed while ${what}`, async (t) => {
      const data = joinPath(temporaryFolder(t), 'data');
      const args = ['--port', '0', '--data', data, '--limits', 'off'];
      const server = spawnServer(t, args);
      const port = await server.listening();
      const sender = await join(t, port, '/rooms/flood/live', { protocols: ['json'] });
      const acknowledged = new Set<string>();
      let end = () => {};
      let sent = 0;
      const pump = () => sender.post('x'.repeat(80), `cid-${sent++}`);
      sender.ws.on('message', (frame) => {
        const { type, cid } = JSON.parse(frame.toString());
        if (!cid) return;
        if (type === 'error') return void server.child.kill('SIGKILL');
        acknowledged.add(cid);
        if (acknowledged.size === 5 * WINDOW) end = start(server, data);
        pump();
      });
      for (let n = 0; n < WINDOW; n += 1) pump();
      assert.equal(await server.ended(), 'SIGKILL');
      end();

      const again = spawnServer(t, args);
      await again.listening();
      const db = new DatabaseSync(joinPath(data, 'chat.sqlite'), { readOnly: true });
      const stored = new Set(
        db
          .prepare('SELECT cid FROM messages')
          .all()
          .map(({ cid }) => cid),
      );
      db.close();
      assert.deepEqual(
        [...acknowledged].filter((cid) => !stored.has(cid)),
        [],
      );
    });
  }
});
