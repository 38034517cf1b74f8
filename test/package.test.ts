import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { root } from '../scripts/chat.ts';
import { spawnProgram } from './support/server.ts';

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
