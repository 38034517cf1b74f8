import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type BuildOptions, build } from 'esbuild';

/** The text of each file, by its path. */
export type Bundle = ReadonlyMap<string, string>;

/** What is kept of a bundle. */
interface CachedBundle {
  readonly inputs: readonly string[];
  readonly hash: string;
  readonly files: readonly (readonly [path: string, text: string])[];
}

/** Which version of what made it, and of what others wrote for it. Not in what npm packs. */
const LOCKFILE = 'package-lock.json';

/**
 * Bundles, or gives what was bundled before where nothing that it was made from has changed: it takes
 * a fifth of a start. Where nothing can be kept, nothing is.
 * @param root the folder that all inputs are in
 * @param cache the path of a file of its own
 */
export async function bundle(root: string, options: BuildOptions, cache: string): Promise<Bundle> {
  const hash = (inputs: readonly string[]) => hashOf(root, options, inputs);
  const kept = await readCache(cache);
  if (kept && kept.hash === (await hash(kept.inputs).catch(() => ''))) return new Map(kept.files);
  const { outputFiles, metafile } = await build({
    ...options,
    absWorkingDir: root,
    bundle: true,
    write: false,
    metafile: true,
    logLevel: 'silent',
  });
  const files = outputFiles.map(({ path, text }) => [path, text] as const);
  const inputs = [...Object.keys(metafile.inputs), LOCKFILE];
  await hash(inputs)
    .then((made) => writeCache(cache, { inputs, hash: made, files }))
    .catch(() => {});
  return new Map(files);
}

async function hashOf(root: string, options: BuildOptions, inputs: readonly string[]) {
  const texts = await Promise.all(inputs.map((input) => readFile(`${root}/${input}`)));
  const hash = createHash('sha256').update(JSON.stringify([options, inputs]));
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

/** Others may read and write it at the same time: it is there whole, or not at all. */
async function writeCache(cache: string, kept: CachedBundle): Promise<void> {
  await mkdir(dirname(cache), { recursive: true });
  const part = `${cache}.${process.pid}`;
  try {
    await writeFile(part, JSON.stringify(kept));
    await rename(part, cache);
  } finally {
    await rm(part, { force: true });
  }
}
