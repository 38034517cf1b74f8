import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { Agent, type IncomingHttpHeaders, request } from 'node:http';
import { join as joinPath } from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import { createImage } from '../../support/images.ts';
import { spawnServer, temporaryFolder } from '../../support/server.ts';

interface Answer {
  readonly status: number | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** A client that reuses its connection: a server without descriptors accepts no others. */
function openClient(t: TestContext, port: number) {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  t.after(() => agent.destroy());
  return (method: string, path: string, body: Buffer | string = ''): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const headers = { Accept: 'application/json', 'Content-Length': Buffer.byteLength(body) };
      const outgoing = request(
        { agent, host: '127.0.0.1', port, method, path, headers },
        async (response) => {
          const text = (await response.setEncoding('utf8').toArray()).join('');
          resolve({ status: response.statusCode, headers: response.headers, text });
        },
      );
      outgoing.on('error', reject).end(body);
    });
}

suite('Without file descriptors', () => {
  test('uploads are answered at once, other requests are served, and uploads work again when there are descriptors', async (t) => {
    const data = temporaryFolder(t);
    // As npm starts it: the server then checks whether npm still runs, which needs a descriptor.
    const env = { npm_lifecycle_event: 'chat' };
    const server = spawnServer(t, ['--port', '0', '--data', data], env);
    const send = openClient(t, await server.listening());
    const image = await createImage('png', 60, 40);
    const put = (name: string, body: Buffer | string) =>
      send('POST', `/rooms/a/files?name=${name}`, body);
    const { file } = JSON.parse((await put('a.txt', 'x')).text);
    const limit = (files: number | string) =>
      execFileSync('prlimit', ['--pid', `${server.child.pid}`, `--nofile=${files}:`]);

    limit(3);
    for (const answer of [
      await put('a.txt', 'x'),
      await put('a.png', image),
      await send('GET', file.path),
    ]) {
      assert.equal(answer.status, 503);
      assert.equal(answer.headers['retry-after'], '2');
      assert.equal(JSON.parse(answer.text).error.code, 'overloaded');
    }
    assert.equal((await send('GET', '/rooms/a/unread?after=0')).status, 200);
    assert.deepEqual(readdirSync(joinPath(data, 'files')), [file.id]);

    limit(4_096);
    const last = await put('a.png', image);
    assert.equal(last.status, 201, last.text + server.output);
    assert.equal(await server.end('SIGTERM'), 0);
    // The store may have needed some meanwhile, and has lines of its own for that.
    const codes = server.codes.filter((code) => /descriptors|upload/.test(`${code}`));
    assert.deepEqual(codes, ['out-of-descriptors', 'uploads-recovered']);
  });
});
