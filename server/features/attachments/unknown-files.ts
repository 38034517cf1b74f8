import { mkdir, readdir, rename, rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { OperatorLog } from '../../operator-log.ts';
import { idOf, isFileName } from './file-folder.ts';

/** The directory for files that the database doesn't know, with one directory per day. */
const ASIDE = 'unknown';
const KEPT_DAYS = 30;
const DAY_MS = 24 * 60 * 60 * 1000;
const DAY = /^\d{4}-\d\d-\d\d$/;

interface Options {
  readonly folder: string;
  /** Returns those of the ids that are not in the database. */
  readonly unknownIds: (ids: readonly string[]) => Promise<readonly string[]>;
  /** Returns those of the ids whose files were deleted. */
  readonly deletedIds: (ids: readonly string[]) => Promise<readonly string[]>;
  readonly operatorLog: OperatorLog;
}

/**
 * Files that the database doesn't know. It may be an older backup of one that does, so they are
 * moved aside, moved back when they are known again, and deleted after 30 days.
 */
export class UnknownFiles {
  readonly #folder: string;
  readonly #unknownIds: Options['unknownIds'];
  readonly #deletedIds: Options['deletedIds'];
  readonly #operatorLog: OperatorLog;

  constructor({ folder, unknownIds, deletedIds, operatorLog }: Options) {
    this.#folder = folder;
    this.#unknownIds = unknownIds;
    this.#deletedIds = deletedIds;
    this.#operatorLog = operatorLog;
  }

  /** Removes the files that a server was killed before it removed. What can't be removed is unknown. */
  async removeDeleted(): Promise<void> {
    const days = (await this.#days()).map((day) => this.#folderOf(day));
    for (const folder of [this.#folder, ...days]) {
      const [deleted] = await divide(folder, this.#deletedIds);
      for (const name of deleted)
        await rm(join(folder, name), { force: true }).catch(() => undefined);
    }
  }

  /** Moves known files back, and unknown files aside. */
  async sort(): Promise<void> {
    for (const day of await this.#days()) {
      const folder = this.#folderOf(day);
      const [, known] = await divide(folder, this.#unknownIds);
      await move(known, folder, this.#folder);
      if (known.length > 0)
        this.#operatorLog.report('files-restored', { files: known.length, day });
      // A directory that isn't empty stays.
      await rmdir(folder).catch(() => undefined);
    }
    const [unknown] = await divide(this.#folder, this.#unknownIds);
    if (unknown.length === 0) return;
    const folder = this.#folderOf(dayOf(Date.now()));
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await move(unknown, this.#folder, folder);
    this.#operatorLog.report('files-unknown', { files: unknown.length, folder });
  }

  /** Deletes what was moved aside more than 30 days ago. */
  async expire(): Promise<void> {
    const first = dayOf(Date.now() - KEPT_DAYS * DAY_MS);
    for (const day of await this.#days()) {
      if (day >= first) continue;
      await rm(this.#folderOf(day), { recursive: true, force: true });
      this.#operatorLog.report('unknown-files-deleted', { day });
    }
  }

  /** The days on which files were moved aside. */
  async #days(): Promise<readonly string[]> {
    return (await list(join(this.#folder, ASIDE))).filter((name) => DAY.test(name));
  }

  #folderOf(day: string): string {
    return join(this.#folder, ASIDE, day);
  }
}

/** The names of a directory's files: those whose ids are selected, and the others. */
async function divide(folder: string, select: Options['unknownIds']) {
  const names = (await list(folder)).filter(isFileName);
  const selected = new Set(await select([...new Set(names.map(idOf))]));
  const isSelected = (name: string) => selected.has(idOf(name));
  return [names.filter(isSelected), names.filter((name) => !isSelected(name))] as const;
}

function dayOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

async function move(names: readonly string[], from: string, to: string): Promise<void> {
  for (const name of names) await rename(join(from, name), join(to, name));
}

/** The names in a directory; empty if it doesn't exist. */
async function list(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
