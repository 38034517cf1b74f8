import { stat, statfs } from 'node:fs/promises';
import type { DiskUsage } from '../features/administration/server-status.ts';
import type { DataDir } from '../storage/data-dir.ts';
import { DATABASE, SEARCH_INDEX } from '../storage/file-names.ts';

const FILES = [DATABASE, `${DATABASE}-wal`, SEARCH_INDEX] as const;

/** The sizes of the databases and of their disk; `undefined` where nothing is stored. */
export async function diskUsage(folder: Pick<DataDir, 'path'>): Promise<DiskUsage | undefined> {
  const root = folder.path('.');
  if (root === undefined) return undefined;
  const sizes = FILES.map(async (file) => {
    const stats = await stat(folder.path(file) ?? '').catch(() => undefined);
    return [file, stats?.size ?? 0] as const;
  });
  const files = new Map(await Promise.all(sizes));
  const disk = await statfs(root).catch(() => undefined);
  const [free, total] = disk ? [disk.bavail * disk.bsize, disk.blocks * disk.bsize] : [0, 0];
  return { files, free, total };
}
