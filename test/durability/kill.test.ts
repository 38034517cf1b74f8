import assert from 'node:assert/strict';
import { join as joinPath } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { join } from '../support/client.ts';
import { runs } from '../support/runs.ts';
import { spawnServer, temporaryFolder } from '../support/server.ts';

const ROUNDS = runs(4);
const SENDERS = 4;
/** Concurrent messages of one sender: enough to keep the disk busy. */
const WINDOW = 500;

test(`A server killed ${ROUNDS} times in a flood has everything it acknowledged.`, async (t) => {
  const data = temporaryFolder(t);
  const acknowledged: string[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const server = spawnServer(t, ['--port', '0', '--data', data, '--limits', 'off']);
    const port = await server.listening();
    const enough = acknowledged.length + 500 + Math.floor(Math.random() * 2_000);
    const senders = await Promise.all(
      // Each sender has its own room, so that it does not receive the messages of the others.
      Array.from({ length: SENDERS }, (_, s) =>
        join(t, port, `/rooms/flood-${s}/live`, { protocols: ['json'] }),
      ),
    );
    await Promise.all(
      senders.map(async (sender, s) => {
        let sent = 0;
        const pump = () => sender.post('x'.repeat(80), `${round}-${s}-${sent++}`);
        sender.ws.on('message', (frame) => {
          const { cid } = JSON.parse(frame.toString());
          if (!cid?.startsWith(`${round}-${s}-`)) return;
          acknowledged.push(cid);
          if (acknowledged.length >= enough) server.child.kill('SIGKILL');
          else pump();
        });
        for (let n = 0; n < WINDOW; n += 1) pump();
        await sender.closed;
      }),
    );
    assert.equal(await server.ended(), 'SIGKILL');
  }

  const db = new DatabaseSync(joinPath(data, 'chat.sqlite'));
  assert.equal(db.prepare('PRAGMA integrity_check').get()?.integrity_check, 'ok');
  const stored = new Set(
    db
      .prepare('SELECT cid FROM messages')
      .all()
      .map(({ cid }) => cid),
  );
  assert.ok(acknowledged.length > ROUNDS * 500);
  assert.deepEqual(
    acknowledged.filter((cid) => !stored.has(cid)),
    [],
  );
  const numbers = db.prepare('SELECT count(*) AS n, count(DISTINCT seq) AS d FROM events').get();
  assert.equal(numbers?.n, numbers?.d);
  db.close();
});
