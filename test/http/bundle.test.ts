import assert from 'node:assert/strict';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import { bundleAssets } from '../../server/http/assets.ts';
import { type BundleOptions, bundle } from '../../server/http/bundle.ts';
import { temporaryFolder } from '../support/server.ts';

const OPTIONS: BundleOptions = { entryPoints: { a: 'a.ts' }, outdir: '/assets', format: 'esm' };

/** A script of two files, bundled and cached; and the cached bundle, made recognizable. */
async function openCached(t: TestContext) {
  const root = temporaryFolder(t);
  const put = (name: string, text: string) => writeFileSync(join(root, name), text);
  put('package-lock.json', '{}');
  put('a.ts', "import { b } from './b.ts'; console.log(b);");
  put('b.ts', "export const b = 'first';");
  const cache = join(root, 'cache', 'assets.json');
  const read = async (options = OPTIONS) => {
    const files = await bundle(root, options, cache);
    return files.get('/assets/a.js') ?? '';
  };
  const built = await read();
  assert.match(built, /"first"/);
  writeFileSync(cache, readFileSync(cache, 'utf8').replace('\\"first\\"', '\\"kept\\"'));
  return { put, read, cache };
}

suite('A bundle', () => {
  test('is not built again while nothing has changed', async (t) => {
    const { read } = await openCached(t);
    assert.match(await read(), /"kept"/);
    assert.match(await read(), /"kept"/);
  });

  test('is built again when a file, a package or an option has changed', async (t) => {
    const { put, read, cache } = await openCached(t);
    const cached = readFileSync(cache);
    assert.doesNotMatch(await read({ ...OPTIONS, minify: true }), /"kept"/);
    writeFileSync(cache, cached);
    put('package-lock.json', '{ }');
    assert.match(await read(), /"first"/);
    put('b.ts', "export const b = 'other';");
    assert.match(await read(), /"other"/);
  });

  test('is built again when the cache cannot be read, and built without a cache when there cannot be one', async (t) => {
    const { put, read, cache } = await openCached(t);
    for (const text of ['', '{', 'null', '{}', '[1]']) {
      writeFileSync(cache, text);
      assert.match(await read(), /"first"/);
    }
    put('file', '');
    const root = join(cache, '../..');
    const files = await bundle(root, OPTIONS, join(root, 'file', 'assets.json'));
    assert.match(files.get('/assets/a.js') ?? '', /"first"/);
  });

  test('is built each time in an npm package, which has no lockfile', async (t) => {
    const { read, cache } = await openCached(t);
    rmSync(join(cache, '../..', 'package-lock.json'));
    assert.match(await read(), /"first"/);
    assert.match(await read(), /"first"/);
  });

  test('has two scripts at most that a page loads at once: each is a request', async () => {
    const { room, rooms, present, remote, search, roomSettings, signIn, transports } =
      await bundleAssets();
    for (const { path, imports } of [room, rooms, present, remote, search, roomSettings, signIn])
      assert.ok(imports.length <= 1, path);
    assert.ok(transports.imports.length <= 1, transports.path);
  });
});
