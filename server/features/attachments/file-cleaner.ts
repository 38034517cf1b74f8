import { ChatError } from '../../core/errors.ts';
import type { OperatorLog } from '../../operator-log.ts';
import type { ChatChange, ChatLog } from '../change.ts';
import type { StoreReader } from '../store.ts';
import { type FileFolder, namesOf } from './file-folder.ts';
import type { SharedCopies } from './shared-copies.ts';
import { UnknownFiles } from './unknown-files.ts';

/** How often unattached files are looked for within the time after which they expire. */
const CHECKS_PER_TTL = 6;
/** Files removed at once. */
const AT_ONCE = 10;

interface Parts {
  readonly folder: FileFolder;
  /** What the nodes of a cluster share; a server alone has none. */
  readonly copies: SharedCopies | undefined;
  readonly log: ChatLog;
  readonly queries: Pick<StoreReader['queries'], 'unusedFiles' | 'unknownFiles' | 'deletedFiles'>;
  readonly operatorLog: OperatorLog;
  readonly unattachedFileTtlMs: number;
}

/** Removes the files that nothing refers to. One process does, however many take files into the folder. */
export class FileCleaner {
  readonly #parts: Parts;
  readonly #unknown: UnknownFiles;
  #timer: NodeJS.Timeout | undefined;
  /** The ids of files that are freed, and still on the disk. */
  readonly #freed: string[] = [];
  #isRemoving = false;
  #isClosed = false;

  constructor(parts: Parts) {
    const { folder, queries, operatorLog } = parts;
    this.#parts = parts;
    this.#unknown = new UnknownFiles({
      folder: folder.path,
      unknownIds: (ids) => queries.unknownFiles(ids),
      deletedIds: (ids) => queries.deletedFiles(ids),
      operatorLog,
    });
  }

  /** Cleans up what a crash has left, and expires files from now on. Uploads come after it. */
  async start(): Promise<void> {
    await this.#parts.folder.removeDrafts();
    await this.#unknown.removeDeleted();
    await this.#unknown.sort();
    await this.#cleanUp();
    this.#timer = setInterval(
      () => void this.#cleanUp().catch(() => undefined),
      this.#parts.unattachedFileTtlMs / CHECKS_PER_TTL,
    );
  }

  /** Removes the files that a commit has freed. */
  apply(batch: readonly ChatChange[]): void {
    for (const { freed } of batch) for (const id of freed ?? []) this.#freed.push(id);
    if (this.#freed.length > 0 && !this.#isRemoving) void this.#removeFreed();
  }

  /** What is not removed by then is removed at the next start. */
  close(): void {
    this.#isClosed = true;
    clearInterval(this.#timer);
  }

  /** Some at a time: a room may have thousands. */
  async #removeFreed(): Promise<void> {
    const { folder, copies } = this.#parts;
    this.#isRemoving = true;
    while (this.#freed.length > 0 && !this.#isClosed) {
      const some = this.#freed.splice(0, AT_ONCE);
      await Promise.all(
        some.map((id) => Promise.all([folder.remove(id), copies?.remove(namesOf(id))])),
      );
    }
    this.#isRemoving = false;
  }

  /** Expires the files that were never attached, and those moved aside long ago. */
  async #cleanUp(): Promise<void> {
    const { log, queries, copies, unattachedFileTtlMs } = this.#parts;
    const at = Date.now();
    const unused = () => queries.unusedFiles(at - unattachedFileTtlMs);
    try {
      for (let files = await unused(); files.length > 0; files = await unused()) {
        await log.append({ kind: 'uploads-expired', files });
      }
    } catch (error) {
      // What can't be written now is written at the next check.
      if (!(error instanceof ChatError)) throw error;
    }
    await this.#unknown.expire();
    void copies?.compare();
  }
}
