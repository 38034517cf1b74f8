import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { root } from '../scripts/chat.ts';

/**
 * The layers of the server, in the order of docs/architecture.md: a file imports only from its own layer and from
 * those before it. Of two that fit, the longer path counts.
 */
const LAYERS: readonly (readonly string[])[] = [
  ['server/shared/', 'server/templates.ts', 'server/timeouts.ts'],
  ['server/core/'],
  ['server/operator-log.ts', 'server/limits/'],
  ['server/storage/'],
  ['server/http/request/'],
  ['server/auth/'],
  ['server/cluster/'],
  ['server/http/'],
  ['server/features/'],
  ['server/transports/'],
  ['server/'],
];

/** Imports and exports of another module, including types and dynamic imports. */
const IMPORT =
  /^(?:import|export)\b[^'";]*?\bfrom '([^']+)'|^import '([^']+)'|\bimport\('([^']+)'\)/gms;

/** The modules that each module of a folder imports, by their paths. */
function importsIn(folder: string): ReadonlyMap<string, readonly string[]> {
  const files = globSync(`${folder}/**/*.ts`, { cwd: root });
  return new Map(
    files.map((file) => {
      const text = readFileSync(join(root, file), 'utf8');
      const names = [...text.matchAll(IMPORT)].map(([, ...found]) => found.find(Boolean) ?? '');
      const own = names.filter((name) => name.startsWith('.'));
      return [
        file,
        own.map((name) => join(dirname(file), name)).filter((to) => to.endsWith('.ts')),
      ];
    }),
  );
}

/** A cycle of imports from a module back to itself; `undefined` if there is none. */
function cycleIn(imports: ReadonlyMap<string, readonly string[]>): readonly string[] | undefined {
  const done = new Set<string>();
  const visit = (file: string, path: readonly string[]): readonly string[] | undefined => {
    if (path.includes(file)) return [...path.slice(path.indexOf(file)), file];
    if (done.has(file)) return undefined;
    for (const next of imports.get(file) ?? []) {
      const cycle = visit(next, [...path, file]);
      if (cycle) return cycle;
    }
    done.add(file);
    return undefined;
  };
  for (const file of imports.keys()) {
    const cycle = visit(file, []);
    if (cycle) return cycle;
  }
  return undefined;
}

function layerOf(file: string): number {
  const lengths = LAYERS.map((prefixes) =>
    Math.max(
      0,
      ...prefixes.filter((prefix) => file.startsWith(prefix)).map(({ length }) => length),
    ),
  );
  return lengths.indexOf(Math.max(...lengths));
}

for (const folder of ['server', 'static/client']) {
  test(`No module of ${folder} imports itself over others, not even for a type.`, () => {
    const imports = importsIn(folder);
    assert.ok(imports.size > 50 && [...imports.values()].flat().length > 2 * imports.size);
    assert.equal(cycleIn(imports)?.join(' → '), undefined);
  });
}

test('Each module of the server imports only from its own layer and those below it.', () => {
  const upward = [...importsIn('server')].flatMap(([file, names]) =>
    names.filter((to) => layerOf(to) > layerOf(file)).map((to) => `${file} → ${to}`),
  );
  assert.deepEqual(upward, []);
});

test('The page imports of the server only what is in its folder for both.', () => {
  const others = [...importsIn('static/client')].flatMap(([file, names]) =>
    names
      .filter((to) => to.startsWith('server/') && !to.startsWith('server/shared/'))
      .map((to) => `${file} → ${to}`),
  );
  assert.deepEqual(others, []);
});

test('No feature imports the list of all events: it knows its own, and those of features it names.', () => {
  const importing = [...importsIn('server/features')].flatMap(([file, names]) =>
    /^server\/features\/.+\//.test(file) && names.includes('server/features/events.ts')
      ? [file]
      : [],
  );
  assert.deepEqual(importing, []);
});

test('The listeners of the log are registered where their order can be seen: in one file for each kind of process.', () => {
  const registering = globSync('server/**/*.ts', { cwd: root }).filter((file) =>
    /\.onCommit\(/.test(readFileSync(join(root, file), 'utf8')),
  );
  assert.deepEqual(registering.sort(), ['server/app.ts', 'server/workers/primary.ts']);
});

/** The modules that are loaded with a module, before any of its own code runs. */
function loadedWith(file: string, loaded = new Set<string>()): ReadonlySet<string> {
  const text = readFileSync(join(root, file), 'utf8');
  for (const [, name = ''] of text.matchAll(
    /^(?:import|export) (?!type\b)[^'";]*?'(\.[^']+\.ts)'/gms,
  )) {
    const to = join(dirname(file), name);
    if (loaded.has(to)) continue;
    loaded.add(to);
    loadedWith(to, loaded);
  }
  return loaded;
}

test('The thread that searches yields to the others before it loads what it needs.', () => {
  const loaded = loadedWith('server/features/search/search-thread.ts');
  assert.deepEqual([...loaded], ['server/storage/thread-priority.ts']);
});

test('A start loads in its threads no search, and in the one that reads nothing that writes.', () => {
  const [writer, reader] = ['writer', 'reader'].map((thread) =>
    loadedWith(`server/features/${thread}-thread.ts`),
  );
  for (const loaded of [writer, reader])
    assert.equal(loaded?.has('server/features/search/search.ts'), false);
  assert.equal(writer?.has('server/features/appender.ts'), true);
  assert.equal(reader?.has('server/features/appender.ts'), false);
});

test('Whatever a template inserts as HTML has a comment that says why it is safe.', () => {
  for (const file of globSync('templates/*.html', { cwd: root })) {
    const lines = readFileSync(join(root, file), 'utf8').split('\n');
    const explained = lines.flatMap((line) =>
      [...line.matchAll(/<%# `(\w+)`/g)].map(([, name]) => name),
    );
    for (const [index, line] of lines.entries()) {
      for (const [, expression = ''] of line.matchAll(/<%-\s*(\w+)/g)) {
        // Templates of ours, and functions that a comment explains once.
        if (expression === 'include' || explained.includes(expression)) continue;
        assert.match(lines[index - 1] ?? '', /^\s*<%# .+ -%>$/, `${file}:${index + 1}`);
      }
    }
  }
});
