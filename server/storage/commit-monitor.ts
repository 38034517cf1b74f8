import type { LogObserver } from '../core/log.ts';
import type { OperatorLog } from '../operator-log.ts';
import { failureOf, type StorageFailure } from './storage-error.ts';

/** Reports when commits start to fail, when the reason changes, and when they work again. */
export class CommitMonitor implements LogObserver {
  readonly #operatorLog: OperatorLog;
  #failure: StorageFailure | undefined;
  #failedCommits = 0;

  constructor(operatorLog: OperatorLog) {
    this.#operatorLog = operatorLog;
  }

  commitFailed(error: unknown): void {
    const failure = failureOf(error);
    this.#failedCommits += 1;
    if (failure === this.#failure) return;
    this.#failure = failure;
    this.#operatorLog.report(failure, { reason: String(error) });
  }

  committed(): void {
    if (this.#failure === undefined) return;
    const details = { after: this.#failure, failedCommits: this.#failedCommits };
    this.#operatorLog.report('writes-recovered', details);
    this.#failure = undefined;
    this.#failedCommits = 0;
  }

  eventFailed(reason: string): void {
    this.#operatorLog.report('event-failed', { reason });
  }

  listenerFailed(error: unknown): void {
    this.#operatorLog.report('listener-failed', { error });
  }
}
