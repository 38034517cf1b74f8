import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { BuildOptions } from 'esbuild';

/** The text of each file, by its path. */
export type Bundle = ReadonlyMap<string, string>;

export interface BundleOptions extends BuildOptions {
  /** The script or style of each page, by its name. */
  readonly entryPoints: Record<string, string>;
}

/** A bundle in the cache. */
interface CachedBundle {
  readonly inputs: readonly string[];
  readonly hash: string;
  readonly files: readonly (readonly [path: string, text: string])[];
}

/** The versions of the bundler and of bundled dependencies. Not in what npm packs. */
const LOCKFILE = 'package-lock.json';
/** Is raised when `build` changes: what it made before is not used then. */
const VERSION = 2;

/**
 * Bundles, or returns the cached bundle where none of its inputs has changed: bundling takes a
 * fifth of a start. Where nothing can be cached, nothing is.
 * @param root the directory that has all inputs
 * @param cache the path of the cache file
 */
export async function bundle(root: string, options: BundleOptions, cache: string): Promise<Bundle> {
  const hash = (inputs: readonly string[]) => hashOf(root, options, inputs);
  const cached = await readCache(cache);
  if (cached && cached.hash === (await hash(cached.inputs).catch(() => '')))
    return new Map(cached.files);
  const { files, inputs } = await build(root, options);
  await hash(inputs)
    .then((made) => writeCache(cache, { inputs, hash: made, files }))
    .catch(() => {});
  return new Map(files);
}

/**
 * Bundles, whatever is in the cache: each entry point by itself. A page loads one or two files so,
 * where parts that pages share would be a dozen small ones, each a request.
 * @returns the files, and the paths of all inputs relative to the root
 */
export async function build(root: string, { entryPoints, ...options }: BundleOptions) {
  // What npm packs has its bundle, and needs no bundler.
  const esbuild = await import('esbuild');
  const built = await Promise.all(
    Object.entries(entryPoints).map(([name, path]) =>
      esbuild.build({
        ...options,
        entryPoints: { [name]: path },
        absWorkingDir: root,
        bundle: true,
        write: false,
        metafile: true,
        logLevel: 'silent',
      }),
    ),
  );
  // Scripts that pages load later are the same for several of them.
  const files = new Map(
    built.flatMap(({ outputFiles }) => outputFiles.map(({ path, text }) => [path, text] as const)),
  );
  const inputs = new Set(built.flatMap(({ metafile }) => Object.keys(metafile.inputs)));
  return { files: [...files], inputs: [...inputs, LOCKFILE] };
}

async function hashOf(root: string, options: BundleOptions, inputs: readonly string[]) {
  const texts = await Promise.all(inputs.map((input) => readFile(`${root}/${input}`)));
  const hash = createHash('sha256').update(JSON.stringify([VERSION, options, inputs]));
  for (const text of texts) hash.update(`${text.length} `).update(text);
  return hash.digest('hex');
}

async function readCache(cache: string): Promise<CachedBundle | undefined> {
  try {
    return JSON.parse(await readFile(cache, 'utf8'));
  } catch {
    return undefined;
  }
}

/** Others may read and write it at the same time: it is complete, or not there. */
async function writeCache(cache: string, bundle: CachedBundle): Promise<void> {
  await mkdir(dirname(cache), { recursive: true });
  const part = `${cache}.${process.pid}`;
  try {
    await writeFile(part, JSON.stringify(bundle));
    await rename(part, cache);
  } finally {
    await rm(part, { force: true });
  }
}
