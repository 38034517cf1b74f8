import assert from 'node:assert/strict';
import { openSync, readFileSync, writeSync } from 'node:fs';
import { join as joinPath } from 'node:path';
import { suite, test } from 'node:test';
import { bodies, join } from '../support/client.ts';
import { spawnServer, temporaryFolder } from '../support/server.ts';

const PAGE_BYTES = 4_096;

/** Overwrites every page of a database that contains a text. */
function damagePagesWith(file: string, text: string): void {
  const bytes = readFileSync(file);
  const fd = openSync(file, 'r+');
  let damaged = 0;
  for (let at = bytes.indexOf(text); at >= 0; at = bytes.indexOf(text, at + PAGE_BYTES)) {
    const page = Math.floor(at / PAGE_BYTES) * PAGE_BYTES;
    writeSync(fd, Buffer.alloc(PAGE_BYTES, 0xa5), 0, PAGE_BYTES, page);
    damaged += 1;
  }
  assert.ok(damaged > 0);
}

suite('A room whose database pages are damaged', () => {
  test('answers 500 while other rooms work, and is logged in one line', async (t) => {
    const data = temporaryFolder(t);
    const args = ['--port', '0', '--data', data, '--limits', 'off'];
    const before = spawnServer(t, args);
    const port = await before.listening();
    for (const room of ['damaged', 'sound']) {
      const client = await join(t, port, `/chat?room=${room}`);
      for (let n = 0; n < 60; n += 1) client.post(`${room} ${'x'.repeat(3_900)}`);
      await client.waitForFrames(61);
    }
    assert.equal(await before.end('SIGTERM'), 0);

    const server = spawnServer(t, args);
    const url = `http://127.0.0.1:${await server.listening()}`;
    damagePagesWith(joinPath(data, 'chat.sqlite'), `damaged ${'x'.repeat(100)}`);
    for (let times = 0; times < 3; times += 1) {
      const damaged = await fetch(`${url}/rooms/damaged`);
      assert.equal(damaged.status, 500);
      const events = await fetch(`${url}/rooms/damaged/events`);
      assert.equal(events.status, 500);
    }
    assert.equal((await fetch(`${url}/rooms/sound`)).status, 200);
    const client = await join(t, Number(new URL(url).port), '/chat?room=other');
    client.post('still here');
    assert.deepEqual(bodies(await client.waitForFrames(2)), ['still here']);

    assert.deepEqual(
      server.lines.map(({ code, failure }) => [code, failure]),
      [['read-failed', 'database-damaged']],
    );
    assert.equal(await server.end('SIGTERM'), 0, server.output);
  });
});
