import { statfs } from 'node:fs/promises';

/** Free disk space that is left for messages. */
const RESERVED_BYTES = 256 * 1024 * 1024;

/** Whether there is room for a snapshot in a folder. */
export async function hasSpaceFor(bytes: number, folder: string): Promise<boolean> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize > bytes + RESERVED_BYTES;
}
