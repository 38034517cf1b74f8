import { rename, rm } from 'node:fs/promises';
import { ChatError } from '../../core/errors.ts';
import type { SharedFile, SharedFiles } from '../../core/shared-files.ts';
import { JobQueue } from '../../limits/job-queue.ts';
import type { DiskSpace } from './disk-space.ts';
import { type FileFolder, idOf } from './file-folder.ts';

/** Files that are transferred at once in each direction; each is some MiB in memory. */
const MAX_TRANSFERS = 4;
/** Downloads that wait. */
const MAX_WAITING = 200;
/** A file that the database does not know may be one that is being uploaded. */
const UNKNOWN_MS = 60 * 60 * 1_000;
/** Whose turn it is where no client waits. */
const NOBODY = '';

interface Parts {
  readonly shared: SharedFiles;
  readonly folder: FileFolder;
  readonly space: DiskSpace;
  /** Returns those of the ids that are not in the database. */
  readonly unknownIds: (ids: readonly string[]) => Promise<readonly string[]>;
  /** Whether this node has applied all that the others have: one that is behind knows fewer files. */
  readonly isLevel: () => boolean;
}

/** The files of a node that the other nodes of its cluster have, too: each under its name in the folder. */
export class SharedCopies {
  readonly #parts: Parts;
  readonly #uploads = new JobQueue({ concurrency: MAX_TRANSFERS });
  readonly #downloads = new JobQueue({ concurrency: MAX_TRANSFERS, maxWaiting: MAX_WAITING });
  /** Downloads in progress: a file that many wait for is fetched once. */
  readonly #fetching = new Map<string, Promise<boolean>>();
  #comparing: Promise<void> | undefined;
  #isClosed = false;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /**
   * Shares a file of this node, and its preview.
   * @param client whose turn it is
   * @throws ChatError `files-unavailable`
   */
  async share(names: readonly string[], client: string, signal?: AbortSignal): Promise<void> {
    const { shared, folder } = this.#parts;
    for (const name of names)
      await this.#uploads.run(client, () => shared.put(name, folder.file(name)), signal);
  }

  /**
   * Gets a file that this node does not have.
   * @param bytes of disk space to hold for it
   * @returns false where no node has shared it, or it was deleted meanwhile
   * @throws ChatError `files-unavailable`, or where the disk or the queue is full
   */
  async fetch(name: string, bytes: number, client: string): Promise<boolean> {
    const known = this.#fetching.get(name);
    if (known) return known;
    const fetching = this.#downloads.run(client, () => this.#fetch(name, bytes));
    this.#fetching.set(name, fetching);
    try {
      return await fetching;
    } finally {
      this.#fetching.delete(name);
    }
  }

  /** Nothing refers to a file any more. All nodes remove it, and one of them is enough. */
  async remove(names: readonly string[]): Promise<void> {
    try {
      for (const name of names) await this.#parts.shared.remove(name);
    } catch {
      // It is found to be unknown later, and removed then.
    }
  }

  /**
   * Compares this node with what is shared: each gets what it does not have, and what the database no
   * longer knows is removed. Where the servers can't be reached, a later call does it.
   */
  compare(): Promise<void> {
    this.#comparing ??= this.#compare()
      .catch(() => {})
      .finally(() => {
        this.#comparing = undefined;
      });
    return this.#comparing;
  }

  /** Resolves when nothing is transferred any more. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#uploads.close();
    this.#downloads.close();
    await Promise.allSettled([this.#comparing, ...this.#fetching.values()]);
  }

  async #fetch(name: string, bytes: number): Promise<boolean> {
    const { shared, folder, space, unknownIds } = this.#parts;
    const draft = folder.fetched(name);
    const hold = await space.hold(bytes);
    try {
      const size = await shared.get(name, draft);
      if (size === undefined) return false;
      hold.wrote(size);
      await rename(draft, folder.file(name));
      await folder.sync();
    } finally {
      hold.release();
      await rm(draft, { force: true });
    }
    const isUnknown = (await unknownIds([idOf(name)])).length > 0;
    if (isUnknown) await folder.remove(idOf(name));
    return !isUnknown;
  }

  async #compare(): Promise<void> {
    const { shared, folder } = this.#parts;
    const [there, here] = await Promise.all([shared.list(), folder.names()]);
    const isThere = new Set(there.map(({ name }) => name));
    const isHere = new Set(here);
    const all = [...new Set([...isThere, ...isHere].map(idOf))];
    const unknown = new Set(await this.#parts.unknownIds(all));
    const isKnown = (name: string) => !unknown.has(idOf(name));
    if (this.#parts.isLevel()) {
      const old = Date.now() - UNKNOWN_MS;
      await this.#each(
        there.filter(({ name, at }) => !isKnown(name) && at < old),
        ({ name }) => shared.remove(name),
      );
    }
    await this.#each(
      here.filter((name) => isKnown(name) && !isThere.has(name)),
      (name) => this.share([name], NOBODY),
    );
    await this.#each(
      there.filter(({ name }) => isKnown(name) && !isHere.has(name)),
      ({ name, bytes }: SharedFile) => this.fetch(name, bytes, NOBODY),
    );
  }

  async #each<T>(items: readonly T[], job: (item: T) => Promise<unknown>): Promise<void> {
    for (const item of items) {
      if (this.#isClosed) throw new ChatError('shutting-down');
      await job(item);
    }
  }
}
