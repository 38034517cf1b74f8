import { ChatError } from '../../core/errors.ts';
import type { OperatorLog } from '../../operator-log.ts';

/** Why files can't be stored; see docs/operations.md. */
type UploadFailure = 'out-of-descriptors' | 'uploads-full' | 'upload-failed' | 'files-unavailable';

/** The client disconnected, or its body ended early. */
const BROKEN_OFF = /^(ECONN|EPIPE$|ERR_STREAM)/;
/** System errors that have their own error code. */
const FAILURES: Readonly<Record<string, UploadFailure>> = {
  EMFILE: 'out-of-descriptors',
  ENFILE: 'out-of-descriptors',
  ENOSPC: 'uploads-full',
  EDQUOT: 'uploads-full',
  EFBIG: 'uploads-full',
};
const REFUSALS = {
  'out-of-descriptors': 'overloaded',
  'uploads-full': 'storage-full',
  'upload-failed': 'file-not-saved',
  'files-unavailable': 'files-unavailable',
} as const;

/** Whether the process, or the system, is out of file descriptors. */
export function isOutOfDescriptors(error: unknown): boolean {
  return FAILURES[(error as NodeJS.ErrnoException).code ?? ''] === 'out-of-descriptors';
}

/** Reports when uploads start to fail, when the reason changes, and when they work again. */
export class UploadMonitor {
  readonly #operatorLog: OperatorLog;
  #failure: UploadFailure | undefined;
  #refused = 0;

  constructor(operatorLog: OperatorLog) {
    this.#operatorLog = operatorLog;
  }

  /** Returns the error to send: a ChatError, unless it is a bug of ours. */
  failed(error: unknown): unknown {
    if (error instanceof ChatError) {
      if (error.code === 'storage-full') this.#note('uploads-full', error);
      if (error.code === 'files-unavailable') this.#note(error.code, error.cause ?? error);
      return error;
    }
    const { code = '' } = error as NodeJS.ErrnoException;
    if (BROKEN_OFF.test(code)) return new ChatError('bad-request');
    if (!/^E[A-Z\d]+$/.test(code)) return error;
    const failure = FAILURES[code] ?? 'upload-failed';
    this.#note(failure, error);
    return new ChatError(REFUSALS[failure]);
  }

  /** Notes that an upload starts. Returns what to call when it is stored. */
  begin(): () => void {
    const refused = this.#refused;
    return () => {
      // If others failed since it started, its success proves nothing.
      if (this.#failure === undefined || this.#refused !== refused) return;
      this.#operatorLog.report('uploads-recovered', { after: this.#failure, refused });
      this.#failure = undefined;
      this.#refused = 0;
    };
  }

  #note(failure: UploadFailure, error: unknown): void {
    this.#refused += 1;
    if (failure === this.#failure) return;
    this.#failure = failure;
    this.#operatorLog.report(failure, { reason: String(error) });
  }
}
