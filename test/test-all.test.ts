import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { batches } from '../scripts/test/batches.ts';
import { temporaryFolder } from './support/server.ts';

const SCRIPT = fileURLToPath(new URL('../scripts/test-all.ts', import.meta.url));

/** Runs the files with these texts. Resolves to the exit code and the output. */
async function runAll(t: TestContext, files: Readonly<Record<string, string>>) {
  const cwd = temporaryFolder(t);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(cwd, name), text);
  // A test that runs tests of its own reports only the former to its runner.
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  const { promise, resolve } = Promise.withResolvers<{ code: unknown; output: string }>();
  execFile(process.execPath, [SCRIPT, ...Object.keys(files)], { cwd, env }, (error, stdout) =>
    resolve({ code: error?.code ?? 0, output: stdout }),
  );
  return promise;
}

const PASSING = "import { test } from 'node:test'; test('passes', () => {});";
const FAILING =
  "import { test } from 'node:test'; test('fails', () => { throw new Error('why'); });";

suite('npm run test:all', () => {
  test('reports files that pass in one line', async (t) => {
    const { code, output } = await runAll(t, { 'a.test.mjs': PASSING, 'b.test.mjs': PASSING });
    assert.equal(code, 0);
    assert.match(output, /^✔ 2 tests in \d+ s: a\.test\.mjs b\.test\.mjs\n$/);
  });

  for (const [what, text, expected] of [
    ['a test fails', FAILING, /Error: why/],
    ['a file cannot be loaded', 'nonsense(', /SyntaxError/],
  ] as const) {
    test(`fails and says why where ${what}`, async (t) => {
      const { code, output } = await runAll(t, { 'a.test.mjs': text });
      assert.equal(code, 1);
      assert.match(output, expected);
    });
  }

  test('runs each file once', () => {
    const files = ['client', 'browser', 'features/polls', 'features/search'].flatMap((folder) =>
      Array.from({ length: 13 }, (_, n) => `test/${folder}/${n}.test.ts`),
    );
    files.push('test/words.test.ts');
    const all = batches(files);
    assert.deepEqual(all.flat().toSorted(), files.toSorted());
    assert.ok(all.every((batch) => batch.length > 0 && batch.length <= 12));
    assert.match(all[0]?.[0] ?? '', /^test\/browser\//);
  });
});
