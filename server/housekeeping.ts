import type { Config } from './config.ts';
import type { OwnerLinks } from './features/administration/owner-links.ts';
import { FileCleaner } from './features/attachments/file-cleaner.ts';
import type { FileFolder } from './features/attachments/file-folder.ts';
import type { SharedCopies } from './features/attachments/shared-copies.ts';
import type { ChatChange, ChatLog } from './features/change.ts';
import type { EraseRequests } from './features/erasure/erase-requests.ts';
import { Erasure } from './features/erasure/erasure.ts';
import { Retention } from './features/retention/retention.ts';
import type { StoreReader } from './features/store.ts';
import type { OperatorLog } from './operator-log.ts';
import type { Timeouts } from './timeouts.ts';

interface Parts {
  readonly config: Pick<Config, 'keepDays'>;
  readonly timeouts: Pick<
    Timeouts,
    'retentionIntervalMs' | 'unattachedFileTtlMs' | 'erasureIntervalMs'
  >;
  readonly ownerLinks: OwnerLinks;
  readonly eraseRequests: EraseRequests;
  /** The folder of attachments, and what of it other nodes have. */
  readonly folder: FileFolder;
  readonly copies: SharedCopies | undefined;
  readonly log: ChatLog;
  readonly queries: StoreReader['queries'];
  readonly operatorLog: OperatorLog;
}

/** What is done once for a data directory, however many processes serve its users. */
export class Housekeeping {
  readonly #parts: Parts;
  readonly #files: FileCleaner;
  readonly #retention: Retention;
  readonly #erasure: Erasure;

  constructor(parts: Parts) {
    const { config, timeouts, log, queries, eraseRequests } = parts;
    this.#parts = parts;
    this.#files = new FileCleaner({ ...parts, ...timeouts });
    this.#retention = new Retention({
      log,
      queries,
      keepDays: config.keepDays,
      intervalMs: timeouts.retentionIntervalMs,
    });
    this.#erasure = new Erasure({
      log,
      queries,
      requests: eraseRequests,
      intervalMs: timeouts.erasureIntervalMs,
    });
  }

  /** Cleans up what a crash has left. Uploads come after it. */
  async start(): Promise<void> {
    await this.#files.start();
    this.#retention.start();
    await this.#erasure.start();
  }

  /** Issues the link that makes a user the owner of the server: its path; `undefined` where it has one. */
  async issueOwnerLink(): Promise<string | undefined> {
    const { queries, ownerLinks } = this.#parts;
    return (await queries.serverOwner()) === null ? ownerLinks.issue('first') : undefined;
  }

  apply(batch: readonly ChatChange[]): void {
    this.#files.apply(batch);
    this.#erasure.apply(batch);
  }

  async close(): Promise<void> {
    this.#files.close();
    await Promise.all([this.#retention.close(), this.#erasure.close()]);
  }
}
