import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { promisify } from 'node:util';
import { chat, root } from '../scripts/chat.ts';
import { spawnServer, temporaryFolder } from './support/server.ts';
import { createGuest } from './support/test-user.ts';

// While a program runs, connections that the server has closed are noticed.
const run = promisify(execFile);
const containerfile = readFileSync(join(root, 'Containerfile'), 'utf8');

suite('The container', () => {
  test('is made of files that exist, or that a release makes', () => {
    const sources = [...containerfile.matchAll(/^COPY (\S+)/gm)].map(([, source]) => source ?? '');
    assert.deepEqual(sources, ['dist', 'scripts/release/hooks']);
    assert.ok(existsSync(join(root, 'scripts/release/hooks')));
    assert.match(readFileSync(join(root, 'compose.yaml'), 'utf8'), /dockerfile: Containerfile\n/);
  });

  test('has a health check that says whether the server accepts writes', async (t) => {
    const [, given = ''] = /^HEALTHCHECK .*CMD (\[.*\])$/m.exec(containerfile) ?? [];
    const [, ...args]: readonly string[] = JSON.parse(given);
    const check = (env: Readonly<Record<string, string>>) => run(process.execPath, args, { env });
    for (const address of [{}, { HOST: '127.0.0.2' }]) {
      const server = spawnServer(t, ['--port', '0', '--data', ':memory:'], address);
      const env = { ...address, PORT: `${await server.listening()}` };
      await check(env);
      await server.end('SIGTERM');
      await assert.rejects(check(env));
    }
  });

  test('is backed up while it runs, and restored before it starts, by its hooks', async (t) => {
    const storage = temporaryFolder(t);
    const data = join(storage, 'data');
    const bin = join(storage, 'bin');
    mkdirSync(bin);
    const args = chat.map((arg) => `'${arg}'`).join(' ');
    const command = `#!/bin/sh\ncd '${root}'\nexec '${process.execPath}' ${args} "$@"\n`;
    writeFileSync(join(bin, 'typhoon'), command, { mode: 0o755 });
    const env = { PATH: `${bin}:/usr/bin:/bin`, CHAT_DATA: data };
    const runHook = (hook: string) => run(join(root, 'scripts/release/hooks', hook), { env });

    const server = spawnServer(t, ['--port', '0', '--data', data]);
    const guest = await createGuest(await server.listening());
    await guest.postMessage('a', 'before the backup');
    await runHook('pre-backup');
    await runHook('pre-backup');
    await guest.postMessage('a', 'after the backup');
    await server.end('SIGTERM');
    await runHook('post-restore');
    const restored = spawnServer(t, ['--port', '0', '--data', data]);
    const port = await restored.listening();
    const page = await (await fetch(`http://127.0.0.1:${port}/rooms/a`)).text();
    assert.match(page, /before the backup/);
    assert.doesNotMatch(page, /after the backup/);
  });
});
