import { accessSync, constants, existsSync, readdirSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Config } from '../config.ts';
import { MIB, RESERVE_BYTES } from '../features/attachments/disk-space.ts';
import { readDatabase } from '../features/schema.ts';
import { formatBytes } from '../shared/format-bytes.ts';
import { withAdvice } from '../storage/advice.ts';
import { damageIn } from '../storage/damage.ts';
import { assertDatabaseThere, assertWritable } from '../storage/data-dir-checks.ts';
import { DATABASE } from '../storage/file-names.ts';
import { type Finding, ok, problem, warning } from './finding.ts';

const COMFORTABLE_BYTES = 1024 * MIB;
const MINUTE_MS = 60_000;

/** The folder and its database, which a server may be using. */
export function checkFolder({ data }: Pick<Config, 'data'>): readonly Finding[] {
  const folder = resolve(data);
  if (data === ':memory:')
    return [warning('data', 'Nothing is stored: history is gone at a restart.')];
  if (!existsSync(folder))
    return [ok('data', `${data} does not exist yet: the server creates it.`)];
  try {
    assertWritable(folder, data);
    assertDatabaseThere(folder, data);
  } catch (error) {
    return [problem('data', (error as Error).message)];
  }
  const file = join(folder, DATABASE);
  if (!existsSync(file)) return [ok('data', `${data} has no database yet: the server creates it.`)];
  const closed = readdirSync(folder).find((name) => !isOpenToUs(join(folder, name)));
  const ours =
    closed === undefined
      ? ok('data', `${data} can be written.`)
      : problem('data', `This user can't read and write ${closed} there: chown or chmod it.`);
  return [ours, ...checkDatabase(file)];
}

function isOpenToUs(path: string): boolean {
  try {
    accessSync(path, constants.R_OK | constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

function checkDatabase(file: string): readonly Finding[] {
  try {
    const db = readDatabase(file);
    try {
      const damage = damageIn(db);
      if (damage !== undefined)
        return [problem('database', `It is damaged (${damage}): restore a backup.`)];
      const latest = Number(db.prepare('SELECT max(at) AS at FROM events').get()?.at ?? 0);
      const future = latest - Date.now();
      return [
        ok('database', 'It is sound.'),
        future > MINUTE_MS
          ? warning(
              'clock',
              `It is ${Math.round(future / MINUTE_MS)} minutes behind what was stored: set it.`,
            )
          : ok('clock', 'Nothing that was stored is in the future.'),
      ];
    } finally {
      db.close();
    }
  } catch (error) {
    return [problem('database', withAdvice(error))];
  }
}

export async function checkDisk({ data }: Pick<Config, 'data'>): Promise<readonly Finding[]> {
  const folder = existsSync(resolve(data)) ? resolve(data) : '.';
  const { bavail, bsize, files, ffree } = await statfs(folder);
  const free = bavail * bsize;
  const text = `${formatBytes(free)} are free`;
  if (files > 0 && ffree < 1_000)
    return [problem('disk', `Only ${ffree} inodes are free (df -i).`)];
  if (free < RESERVE_BYTES) return [problem('disk', `${text}: uploads are refused. Free space.`)];
  if (free < COMFORTABLE_BYTES) return [warning('disk', `${text}: free some before it is full.`)];
  return [ok('disk', `${text}.`)];
}
