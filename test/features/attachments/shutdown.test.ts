import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { connect } from 'node:net';
import { join as joinPath } from 'node:path';
import { suite, test } from 'node:test';
import { bombGif } from '../../support/images.ts';
import { imageProcessOf } from '../../support/processes.ts';
import { spawnServer, temporaryFolder } from '../../support/server.ts';
import { createGuest, outcome } from '../../support/test-user.ts';
import { uploadFile } from '../../support/uploads.ts';
import { waitWhile } from '../../support/wait-while.ts';

suite('SIGTERM while images are processed or wait', () => {
  test('has their uploads answered, and ends the server in order', async (t) => {
    const data = temporaryFolder(t);
    const server = spawnServer(t, ['--port', '0', '--data', data]);
    const ann = await createGuest(await server.listening());
    const uploads = [1, 2, 3].map(() => outcome(uploadFile(ann, 'a.gif', bombGif(700, 700, 100))));
    await imageProcessOf(server.child.pid);
    await waitWhile(() => readdirSync(joinPath(data, 'files')).length < 3);
    const ended = server.end('SIGTERM');
    for (const upload of uploads) assert.equal(await upload, '503 shutting-down');
    assert.equal(await ended, 0);
    assert.deepEqual(readdirSync(joinPath(data, 'files')), []);
    assert.deepEqual(server.lines, []);
  });
});

suite('SIGTERM after an upload that was rejected before its body arrived', () => {
  for (const [what, isOpen] of [
    ['and whose connection is open still', true],
    ['and whose client is gone', false],
  ] as const) {
    test(`${what} ends the server in order`, async (t) => {
      const server = spawnServer(t, ['--port', '0', '--data', ':memory:', '--max-file', '1']);
      const socket = connect(await server.listening(), '127.0.0.1');
      t.after(() => socket.destroy());
      socket.on('error', () => {});
      socket.write(
        'POST /rooms/a/files?name=x HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9999999\r\n\r\nhalf',
      );
      const [answer] = await once(socket, 'data');
      assert.match(`${answer}`, /^HTTP\/1\.1 413 /);
      if (!isOpen) socket.destroy();
      assert.equal(await server.end('SIGTERM'), 0);
    });
  }
});
