import { access, mkdtemp, open, rename, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { StartupError } from '../core/errors.ts';

/**
 * Writes a file that is complete or not there, whatever happens, and never replaces one.
 * @param write writes it as `part`, with a folder for what it needs meanwhile, which is removed
 * @throws StartupError where the file exists
 */
export async function writeWhole<T>(
  file: string,
  write: (part: string, folder: string) => Promise<T>,
): Promise<T> {
  await assertFree(file);
  const parent = dirname(resolve(file));
  const folder = await mkdtemp(join(parent, '.typhoon-'));
  try {
    const part = join(folder, 'part');
    const written = await write(part, folder);
    await assertFree(file);
    await rename(part, file);
    await sync(parent);
    return written;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function assertFree(file: string): Promise<void> {
  const isThere = await access(file).then(
    () => true,
    () => false,
  );
  if (isThere) throw new StartupError(`${file} exists: choose another name, or remove it.`);
}

/** The new name is on the disk when this resolves. Windows opens no directories. */
export async function sync(folder: string): Promise<void> {
  const directory = await open(folder).catch(() => undefined);
  await directory?.sync().catch(() => undefined);
  await directory?.close();
}
