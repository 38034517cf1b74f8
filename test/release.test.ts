import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { root } from '../scripts/chat.ts';
import { temporaryFolder } from './support/server.ts';

test('A release runs where nothing else is installed, and is removed as a whole', async (t) => {
  const folder = temporaryFolder(t);
  const target = join(folder, 'root');
  mkdirSync(target);
  const script = ['-r', './scripts/require-node.cjs', 'scripts/release.ts'];
  const options = ['--machine', process.arch, '--out', folder];
  execFileSync(process.execPath, [...script, ...options], { cwd: root, stdio: 'pipe' });
  execFileSync('sha256sum', ['--check', '--quiet', 'SHA256SUMS'], { cwd: folder });
  const [archive = ''] = readdirSync(folder).filter((name) => name.endsWith('.tar.gz'));
  execFileSync('tar', ['xzf', archive], { cwd: folder });
  const install = join(folder, archive.replace('.tar.gz', ''), 'install.sh');
  execFileSync(install, ['--root', target], { stdio: 'pipe' });

  const program = join(target, 'usr/local/bin/typhoon');
  const data = join(folder, 'data');
  const server = spawn(program, ['--port', '0', '--host', '127.0.0.1', '--data', data], {
    env: {},
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  t.after(() => server.kill('SIGKILL'));
  const exited = once(server, 'exit');
  let url = '';
  for await (const line of createInterface(server.stderr)) {
    ({ url = '' } = JSON.parse(line));
    if (url) break;
  }
  server.stderr.resume();
  assert.equal((await fetch(`${url}/up`)).status, 200);
  assert.equal((await fetch(url)).status, 200);
  const page = await (await fetch(`${url}/rooms/a`)).text();
  const [, bundle = ''] = /<script type="module" src="([^"]+)"/.exec(page) ?? [];
  assert.equal((await fetch(new URL(bundle, url))).status, 200);
  server.kill('SIGTERM');
  assert.deepEqual(await exited, [0, null]);

  const unit = join(target, 'usr/local/lib/systemd/system/typhoon.service');
  assert.match(readFileSync(unit, 'utf8'), /^ExecStart=\/usr\/local\/bin\/typhoon$/m);
  execFileSync(install, ['--root', target, '--uninstall'], { stdio: 'pipe' });
  const files = readdirSync(target, { recursive: true, withFileTypes: true });
  assert.deepEqual(
    files.filter((entry) => !entry.isDirectory()).map(({ name }) => name),
    [],
  );
});
