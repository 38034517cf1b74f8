import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { suite, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import manifest from '../package.json' with { type: 'json' };
import { help } from '../server/config/read-config.ts';

const root = new URL('..', import.meta.url);
const documents = [...readdirSync(root), ...filesIn('docs')].filter((path) => path.endsWith('.md'));
const pages = documents.map((path) => ({ path, url: new URL(path, root), text: read(path) }));

/** Folders of the repository: a path in them that a document mentions has to exist. */
const FOLDERS = ['docs', 'scripts', 'server', 'static', 'templates', 'test'] as const;
/** What short paths in documents are relative to. */
const STARTS = ['', 'server/', 'static/client/'] as const;
const files = FOLDERS.flatMap(filesIn);
const names = new Set(files.map((path) => basename(path)));
/** The first folders of our paths, as opposed to those of a data directory. */
const known = new Set([
  ...FOLDERS,
  ...files.flatMap((path) => /^(?:server|static\/client)\/([^/.]+)\//.exec(path)?.[1] ?? []),
]);

/** The paths of all files in a folder of the repository. */
function filesIn(folder: string): readonly string[] {
  return readdirSync(new URL(folder, root), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.parentPath.includes('node_modules'))
    .map(({ parentPath, name }) => `${parentPath}/${name}`.slice(fileURLToPath(root).length));
}

function read(path: string): string {
  return readFileSync(new URL(path, root), 'utf8');
}

/** Whether a text in backticks is a path of this repository that does not exist. */
function isMissing(text: string): boolean {
  if (!/^[\w@.-]+(?:\/[\w@.-]+)*\/?$/.test(text)) return false;
  const [first = '', ...rest] = text.split('/');
  if (rest.length === 0) return /.\.(?:ts|cjs|html|css)$/.test(text) && !names.has(text);
  return known.has(first) && !STARTS.some((start) => existsSync(new URL(start + text, root)));
}

/** The rows of the tables of a page, each as the texts in backticks of its first cells. */
function rows(page: string): readonly (readonly string[])[] {
  return page
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) => line.split('|').slice(1, -1));
}

/** The texts in backticks in a cell. */
function codes(cell = ''): readonly string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code);
}

suite('The documentation', () => {
  for (const { path, url, text } of pages) {
    test(`${path} links only to files that exist.`, () => {
      for (const [, target = ''] of text.matchAll(/\]\(([^)\s#]+)(?:#[^)]*)?\)/g)) {
        if (/^\w+:/.test(target)) continue;
        assert.ok(existsSync(fileURLToPath(new URL(target, url))), `${path}: ${target}`);
      }
    });

    test(`${path} names only commands and files that exist.`, () => {
      for (const [, script = ''] of text.matchAll(/npm run ([\w:]+)/g)) {
        assert.ok(script in manifest.scripts, `${path}: npm run ${script}`);
      }
      for (const code of codes(text.replace(/^```.*?^```/gms, ''))) {
        assert.ok(!isMissing(code), `${path}: ${code}`);
      }
      // Including those in blocks of commands.
      for (const [found] of text.matchAll(
        /(?<![\w/.(-])(?:server|static|scripts|test)\/[\w./-]*\w/g,
      )) {
        assert.ok(!isMissing(found), `${path}: ${found}`);
      }
    });
  }

  test('The README is short, and every page can be reached from it.', () => {
    const readme = read('README.md');
    assert.ok(Buffer.byteLength(readme) <= 8 * 1024);
    const index = read('docs/decisions/README.md');
    for (const { path } of pages) {
      const isLinked = path.startsWith('docs/decisions/')
        ? index.includes(`(${basename(path)})`) || path === 'docs/decisions/README.md'
        : readme.includes(`(${path})`);
      assert.ok(path === 'README.md' || isLinked, path);
    }
    assert.ok(readme.includes('(docs/decisions/README.md)'));
  });

  test('The figures in the README are those of docs/benchmarks.md.', () => {
    const figures = read('README.md')
      .split('\n')
      .filter((line) => line.startsWith('| '));
    const measured = read('docs/benchmarks.md').split('\n');
    assert.ok(figures.length >= 3);
    for (const row of figures) assert.ok(measured.includes(row), row);
  });

  test('docs/configuration.md has each option with its variable and default, and no others.', () => {
    const options = [...help.matchAll(/^ {2}(--[\w-]+) \S+ +([A-Z_]+) .*?(?: \((\w+)\))?$/gm)];
    assert.equal(options.length, 22);
    assert.deepEqual(
      rows(read('docs/configuration.md'))
        .filter(([flag = '']) => flag.includes('`--'))
        .map(([flag, variable, , standard]) => [flag, variable, standard].flatMap(codes).join(' '))
        .sort(),
      options.map((found) => found.slice(1).filter(Boolean).join(' ')).sort(),
    );
  });

  test('docs/configuration.md has each environment variable that the server reads.', () => {
    const page = read('docs/configuration.md');
    const sources = filesIn('server').filter((path) => path.endsWith('.ts'));
    const variables = sources.flatMap((path) => [...read(path).matchAll(/process\.env\.(\w+)/g)]);
    for (const [, name = ''] of variables) assert.ok(codes(page).includes(name), name);
  });

  test('docs/decisions/dependencies.md has a row for each package, and no others.', () => {
    const { dependencies, optionalDependencies, devDependencies } = manifest;
    assert.deepEqual(
      rows(read('docs/decisions/dependencies.md'))
        .flatMap(([first]) => codes(first))
        .sort(),
      Object.keys({ ...dependencies, ...optionalDependencies, ...devDependencies }).sort(),
    );
  });

  test('The server imports wasm-vips in one file, which docs/decisions names.', () => {
    const importing = filesIn('server').filter(
      (path) => path.endsWith('.ts') && /from 'wasm-vips'/.test(read(path)),
    );
    assert.deepEqual(importing, ['server/features/attachments/images/vips-encoder.ts']);
  });
});
