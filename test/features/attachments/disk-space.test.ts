import assert from 'node:assert/strict';
import { once } from 'node:events';
import { statfsSync } from 'node:fs';
import { connect } from 'node:net';
import { join as joinPath } from 'node:path';
import { suite, test } from 'node:test';
import { DiskSpace, MIB, RESERVE_BYTES } from '../../../server/features/attachments/disk-space.ts';
import { withTmpfs } from '../../support/mount.ts';
import { spawnServer, temporaryFolder } from '../../support/server.ts';
import { createGuest, outcome } from '../../support/test-user.ts';
import { uploadFile } from '../../support/uploads.ts';

function freeIn(path: string): number {
  const { bavail, bsize } = statfsSync(path);
  return bavail * bsize;
}

suite('The disk space that uploads leave free', () => {
  test('is respected by all uploads in progress together, on a disk that is nearly full', async (t) => {
    const data = temporaryFolder(t);
    const within = withTmpfs(data, `mode=700,size=${RESERVE_BYTES + 14 * MIB}`);
    const server = spawnServer(t, ['--port', '0', '--data', data], {}, within);
    const port = await server.listening();
    const ann = await createGuest(port);
    assert.equal(await outcome(uploadFile(ann, 'first', 'x')), '201');
    const folder = joinPath(`/proc/${server.child.pid}/root`, data);
    const fit = Math.floor((freeIn(folder) - RESERVE_BYTES) / (4 * MIB));
    assert.ok(fit >= 2 && fit < 8, `${fit}`);

    // None of them has sent anything of its body yet.
    const sockets = Array.from({ length: 8 }, () => connect(port, '127.0.0.1'));
    const refused = Promise.withResolvers<void>();
    let answers = 0;
    for (const socket of sockets) {
      socket.on('error', () => {});
      socket.setEncoding('latin1').once('data', (answer: string) => {
        assert.match(answer, /^HTTP\/1\.1 507 /);
        answers += 1;
        if (answers === 8 - fit) refused.resolve();
      });
      socket.write(
        `POST /rooms/a/files?name=x HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${4 * MIB}\r\n\r\n`,
      );
    }
    await refused.promise;
    const accepted = sockets.filter((socket) => socket.bytesRead === 0);
    assert.equal(accepted.length, fit);
    const body = Buffer.alloc(4 * MIB);
    for (const socket of accepted) {
      socket.removeAllListeners('data').write(body);
      const [answer] = await once(socket, 'data');
      assert.match(`${answer}`, /^HTTP\/1\.1 201 /);
    }
    assert.ok(freeIn(folder) >= RESERVE_BYTES, `${freeIn(folder)}`);
    for (const socket of sockets) socket.destroy();
    assert.equal(await outcome(uploadFile(ann, 'more', body)), '507 storage-full');
    assert.equal(await outcome(ann.postMessage('a', 'still here')), '201');
    assert.equal(await server.end('SIGTERM'), 0);
    assert.deepEqual(server.codes, ['uploads-full']);
  });

  test('is available again when an upload is aborted, and counts once while it is written', async (t) => {
    const folder = temporaryFolder(t);
    const space = new DiskSpace(folder);
    const most = freeIn(folder) - RESERVE_BYTES - 64 * MIB;
    const first = await space.hold(most);
    await assert.rejects(space.hold(128 * MIB), { code: 'storage-full' });
    first.wrote(most / 2);
    first.release();
    first.release();
    const second = await space.hold(most);
    second.wrote(most);
    second.release();
    (await space.hold(most)).release();
  });
});
