import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { suite, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import manifest from '../package.json' with { type: 'json' };
import { help } from '../server/config.ts';

const root = new URL('..', import.meta.url);
const pages = ['README.md', ...readdirSync(new URL('docs', root)).map((name) => `docs/${name}`)]
  .filter((path) => path.endsWith('.md'))
  .map((path) => ({ path, url: new URL(path, root), text: read(path) }));

function read(path: string): string {
  return readFileSync(new URL(path, root), 'utf8');
}

suite('The documentation', () => {
  for (const { path, url, text } of pages) {
    test(`${path} links only to files that exist`, () => {
      for (const [, target = ''] of text.matchAll(/\]\(([^)\s#]+)(?:#[^)]*)?\)/g)) {
        if (/^\w+:/.test(target)) continue;
        assert.ok(existsSync(fileURLToPath(new URL(target, url))), `${path}: ${target}`);
      }
    });

    test(`${path} names only commands and source files that exist`, () => {
      for (const [, script = ''] of text.matchAll(/npm run ([\w:]+)/g)) {
        assert.ok(script in manifest.scripts, `${path}: npm run ${script}`);
      }
      for (const [, source = ''] of text.matchAll(
        /`((?:server|static|scripts|templates|test)\/[\w./-]+)`/g,
      )) {
        assert.ok(existsSync(new URL(source, root)), `${path}: ${source}`);
      }
    });
  }

  test('The README is short, and every page of docs/ can be reached from it', () => {
    const readme = read('README.md');
    assert.ok(Buffer.byteLength(readme) <= 8 * 1024);
    for (const { path } of pages) {
      assert.ok(path === 'README.md' || readme.includes(`(${path})`), path);
    }
  });

  test('The figures in the README are those of docs/benchmarks.md', () => {
    const rows = read('README.md')
      .split('\n')
      .filter((line) => line.startsWith('| '));
    const measured = read('docs/benchmarks.md').split('\n');
    assert.ok(rows.length >= 3);
    for (const row of rows) assert.ok(measured.includes(row), row);
  });

  test('docs/configuration.md has each option with its variable', () => {
    const page = read('docs/configuration.md');
    const options = [...help.matchAll(/^ {2}(--[\w-]+) \S+ +([A-Z_]+) /gm)];
    assert.equal(options.length, 12);
    for (const [, flag, variable] of options) {
      assert.match(page, new RegExp(`\\| \`${flag}\` +\\| \`${variable}\` +\\|`));
    }
  });
});
