import type { LogObserver } from '../core/log.ts';
import { withTimeout } from '../core/with-timeout.ts';
import { failureOf, type StorageFailure } from '../storage/storage-error.ts';

/** Why no writes are accepted; codes of docs/operations.md, and some that need no line there. */
export type Unhealthy = StorageFailure | Lack | 'not-responding' | 'shutting-down';

/** Why a node of a cluster may lack what the others have. */
type Lack = 'behind' | 'cut-off';

/** The result of a check is that of all checks in this time: each writes to the disk. */
const VALID_MS = 2_000;
/** A disk that takes longer than this for a commit is as good as none. */
const TIMEOUT_MS = 5_000;

interface HealthOptions {
  /** Commits something that changes nothing. */
  readonly probe: () => Promise<void>;
  /** Of a node of a cluster: `undefined` where it has what the others have. */
  readonly lack?: () => Lack | undefined;
  /** Is notified as of any other commit: so the log says when it fails, and when it works again. */
  readonly observer: LogObserver;
  /** A monotonic clock, in milliseconds. */
  readonly now?: () => number;
  /** @default TIMEOUT_MS */
  readonly timeoutMs?: number;
}

/** Whether the server accepts writes, found out by a write. */
export class Health {
  readonly #options: HealthOptions;
  readonly #now: () => number;
  #last: Promise<Unhealthy | undefined> | undefined;
  #validUntilMs = 0;
  #isClosed = false;

  constructor(options: HealthOptions) {
    this.#options = options;
    this.#now = options.now ?? performance.now.bind(performance);
  }

  /** `undefined` where it accepts writes. */
  check(): Promise<Unhealthy | undefined> {
    if (this.#isClosed) return Promise.resolve('shutting-down');
    if (!this.#last || this.#now() >= this.#validUntilMs) {
      this.#validUntilMs = Number.POSITIVE_INFINITY;
      this.#last = this.#probe().finally(() => {
        this.#validUntilMs = this.#now() + VALID_MS;
      });
    }
    // A node whose disk fails also lacks something: the disk says more.
    return this.#last.then((failure) => failure ?? this.#options.lack?.());
  }

  close(): void {
    this.#isClosed = true;
  }

  async #probe(): Promise<Unhealthy | undefined> {
    const { probe, observer, timeoutMs = TIMEOUT_MS } = this.#options;
    const written = probe().then(
      () => {
        observer.committed();
        return undefined;
      },
      (error: unknown) => {
        observer.commitFailed(error);
        return failureOf(error);
      },
    );
    return withTimeout(written, timeoutMs, () => 'not-responding' as const);
  }
}
