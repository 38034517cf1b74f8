import type { OperatorCode, OperatorLog } from '../operator-log.ts';
import type { WentBack } from '../storage/log-guard.ts';
import type { StorageError } from '../storage/storage-error.ts';
import type { StoreObserver } from '../storage/worker-client.ts';
import type { Methods } from './writer-thread.ts';

/** What is reported of a failed call; failed commits are reported by the log, and by `Health`. */
const CODES: Readonly<Partial<Record<string, OperatorCode | undefined>>> = {
  append: undefined,
  probe: undefined,
  removeCleared: 'write-failed',
  assertInPlace: 'data-missing',
  checkpoint: 'checkpoint-failed',
  cutLog: 'checkpoint-failed',
  index: 'index-failed',
} satisfies Partial<Record<keyof Methods, OperatorCode | undefined>>;

/** Reports failures in the store threads, and shuts the server down when one of them died. */
export class StoreMonitor implements StoreObserver {
  readonly #operatorLog: OperatorLog;
  readonly #onFatal: () => void;

  constructor(operatorLog: OperatorLog, onFatal: () => void) {
    this.#operatorLog = operatorLog;
    this.#onFatal = onFatal;
  }

  logWentBack({ code, ...details }: WentBack): void {
    this.#operatorLog.report(code, details);
  }

  callFailed(method: string, { failure, message }: StorageError): void {
    const code = method in CODES ? CODES[method] : 'read-failed';
    if (code) this.#operatorLog.report(code, { method, failure, reason: message });
  }

  threadDied(error: unknown): void {
    this.#operatorLog.report('thread-died', { reason: String(error) });
    this.#onFatal();
  }
}
