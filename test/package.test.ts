import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, suite, test } from 'node:test';
import { root } from '../scripts/chat.ts';
import { spawnProgram, temporaryFolder } from './support/server.ts';

// Both pack the checkout, one after the other: npm writes into it meanwhile.

suite('What npm packs', () => {
  const folder = mkdtempSync(join(tmpdir(), 'typhoon-test-'));
  const installed = join(folder, 'node_modules', 'typhoon');
  let files: readonly string[] = [];

  before(() => {
    const args = ['pack', '--json', '--pack-destination', folder];
    const output = execFileSync('npm', args, { cwd: root, encoding: 'utf8', stdio: 'pipe' });
    const [packed] = JSON.parse(output.slice(output.indexOf('[\n')));
    files = packed.files.map(({ path }: { path: string }) => path);
    mkdirSync(installed, { recursive: true });
    const archive = join(folder, packed.filename);
    execFileSync('tar', ['xzf', archive, '--strip-components=1', '-C', installed]);
    // Its dependencies, as npm would install them, but the bundler.
    const modules = join(installed, 'node_modules');
    mkdirSync(modules);
    for (const name of readdirSync(join(root, 'node_modules'))) {
      if (!/^(\.|@?esbuild$)/.test(name)) {
        symlinkSync(join(root, 'node_modules', name), join(modules, name));
      }
    }
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  test('is the program, its pages and its notices, and nothing else.', () => {
    const others = files.filter(
      (file) =>
        !/^(LICENSE|README\.md|THIRD-PARTY-NOTICES\.txt|package\.json|npm-shrinkwrap\.json|bin\/typhoon\.cjs)$/.test(
          file,
        ) &&
        !/^build\/(server\/.*\.js(on)?|templates\/.*\.html|static\/public\/.*|scripts\/require-node\.cjs|(assets|package)\.json)$/.test(
          file,
        ),
    );
    assert.deepEqual(others, []);
    assert.ok(files.includes('npm-shrinkwrap.json'), 'the versions of all dependencies');
  });

  test('leaves nothing behind in the checkout.', () => {
    const left = readdirSync(root).filter((name) => /^build$|\.tgz$|shrinkwrap/.test(name));
    assert.deepEqual(left, []);
  });

  test('runs where it is installed, without a bundler and without a warning.', async (t) => {
    const program = join(installed, 'bin', 'typhoon.cjs');
    const server = spawnProgram(t, program, ['--port', '0', '--data', ':memory:']);
    const port = await server.listening();
    const page = await (await fetch(`http://127.0.0.1:${port}/rooms/a`)).text();
    const [, script = ''] = /<script type="module" src="([^"]+)"/.exec(page) ?? [];
    assert.equal((await fetch(`http://127.0.0.1:${port}${script}`)).status, 200, script);
    const form = { method: 'POST', body: new URLSearchParams({ message: 'hello' }) };
    assert.ok((await fetch(`http://127.0.0.1:${port}/rooms/a/messages`, form)).ok);
    assert.equal(await server.end('SIGTERM'), 0);
    assert.deepEqual(server.linesAfterStart, [], server.output);
  });

  test('explains itself by the name of its command.', async (t) => {
    const help = spawnProgram(t, join(installed, 'bin', 'typhoon.cjs'), ['backup', '--help']);
    assert.equal(await help.ended(), 0);
    assert.match(help.output, /^ {2}typhoon backup FILE \[options\]/);
    const failed = spawnProgram(t, join(installed, 'bin', 'typhoon.cjs'), ['backup']);
    assert.equal(await failed.ended(), 1);
  });
});

test('A release runs where nothing else is installed, and is removed as a whole', async (t) => {
  const folder = temporaryFolder(t);
  const target = join(folder, 'root');
  mkdirSync(target);
  const script = ['-r', './scripts/require-node.cjs', 'scripts/release.ts'];
  const release = ['--machine', process.arch, '--out', folder];
  execFileSync(process.execPath, [...script, ...release], { cwd: root, stdio: 'pipe' });
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

  // As of the service: its data in the folder that systemd makes, its options in the file beside it.
  mkdirSync(join(target, 'etc'));
  mkdirSync(join(target, 'var/lib'), { recursive: true });
  renameSync(data, join(target, 'var/lib/typhoon'));
  const options = join(target, 'etc/typhoon.env');
  const run = (...args: readonly string[]) =>
    execFileSync(program, args, { cwd: folder, env: { PATH: process.env.PATH }, encoding: 'utf8' });
  assert.match(run('owner'), /: http:\/\/localhost:8888\/own\//);
  writeFileSync(options, '# The service\nCHAT_PUBLIC_URL="https://chat.example"\nPORT=1\n');
  assert.match(run('owner'), /: https:\/\/chat\.example\/own\//);
  assert.match(run('backup', join(folder, 'a')), /^Backed up/);
  writeFileSync(options, `CHAT_DATA=${join(folder, 'other')}\n`);
  assert.throws(() => run('backup', join(folder, 'b')), /There is no database [^\n]*other/);
  assert.match(
    run('backup', join(folder, 'b'), '--data', join(target, 'var/lib/typhoon')),
    /^Back/,
  );
  rmSync(options);
  rmSync(join(target, 'var'), { recursive: true });

  const unit = join(target, 'usr/local/lib/systemd/system/typhoon.service');
  assert.match(readFileSync(unit, 'utf8'), /^ExecStart=\/usr\/local\/bin\/typhoon$/m);
  execFileSync(install, ['--root', target, '--uninstall'], { stdio: 'pipe' });
  const files = readdirSync(target, { recursive: true, withFileTypes: true });
  assert.deepEqual(
    files.filter((entry) => !entry.isDirectory()).map(({ name }) => name),
    [],
  );
});
