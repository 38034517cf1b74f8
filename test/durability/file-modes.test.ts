import assert from 'node:assert/strict';
import { chmodSync, existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { post } from '../support/listeners.ts';
import { openApp, spawnServer, temporaryFolder } from '../support/server.ts';

const skip = process.platform === 'win32' ? 'Windows has no such modes.' : false;

const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8);

suite('The files of a server', { skip }, () => {
  test('are readable only by its user, whatever the umask of the process that starts it', async (t) => {
    const data = join(temporaryFolder(t), 'data');
    const umask = process.umask(0o000);
    const server = spawnServer(t, ['--port', '0', '--data', data]);
    process.umask(umask);
    const port = await server.listening();
    await post(port, 'a', 'hello');
    // The index is opened last.
    await fetch(`http://127.0.0.1:${port}/rooms/a/search?q=hello`);
    assert.equal(modeOf(data), '700');
    const files = readdirSync(data, { recursive: true, encoding: 'utf8' });
    for (const file of ['chat.sqlite', 'chat.sqlite-wal', 'chat.sqlite-shm', 'search.sqlite']) {
      assert.ok(files.includes(file), `${file} of ${files}`);
    }
    for (const file of files) {
      const path = join(data, file);
      if (!existsSync(path)) continue;
      assert.equal(modeOf(path), statSync(path).isDirectory() ? '700' : '600', file);
    }
    await server.end('SIGTERM');
    assert.ok(!server.output.includes('data-exposed'), server.output);
  });

  test('are private in a program that starts the server in its own process, too', async (t) => {
    const data = temporaryFolder(t);
    const umask = process.umask(0o000);
    const { port } = await openApp(t, { data });
    await fetch(`http://127.0.0.1:${port}/rooms/a/search?q=hello`);
    process.umask(umask);
    const open = readdirSync(data).filter((file) => !/^[67]00$/.test(modeOf(join(data, file))));
    assert.deepEqual(open, []);
  });

  test('are reported on start if other users can open them, and not changed', async (t) => {
    const data = temporaryFolder(t);
    const first = spawnServer(t, ['--port', '0', '--data', data]);
    await first.listening();
    await first.end('SIGTERM');
    const history = join(data, 'chat.sqlite');
    chmodSync(history, 0o640);
    chmodSync(data, 0o755);
    const second = spawnServer(t, ['--port', '0', '--data', data]);
    await second.listening();
    await second.end('SIGTERM');
    const lines = second.output.split('\n').filter((line) => line.includes('data-exposed'));
    assert.equal(lines.length, 1);
    // SQLite gives the files next to the database the mode of the database.
    const paths: readonly string[] = JSON.parse(lines[0] ?? '').paths;
    assert.deepEqual(paths.filter((path) => !/-(wal|shm)$/.test(path)).sort(), [data, history]);
    assert.deepEqual([modeOf(data), modeOf(history)], ['755', '640']);
  });
});
