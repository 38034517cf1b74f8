import { ERROR_STATUS } from '../shared/error-status.ts';

const RETRY_S = 2;

export type ErrorCode = keyof typeof ERROR_STATUS;

/** A request that was refused: only its client gets the error, and nothing else changes. */
export class ChatError extends Error {
  override readonly name = 'ChatError';
  readonly code: ErrorCode;
  readonly status: number;
  /** Values that the error message names: a count, a room. */
  readonly details: Readonly<Record<string, string | number>>;

  constructor(code: ErrorCode, details: Readonly<Record<string, string | number>> = {}) {
    super(code);
    this.code = code;
    this.status = ERROR_STATUS[code];
    this.details = details;
  }

  /** Seconds after which to retry, where that makes sense. */
  get retryAfterSeconds(): number | undefined {
    if (this.status !== 429 && this.status !== 503) return undefined;
    return typeof this.details.count === 'number' ? this.details.count : RETRY_S;
  }
}

/** An error of the server that is reported where it happens, once, and not by all who run into it. */
export class ReportedError extends Error {}

/** An error for a client. The server's own are logged. */
export function toChatError(error: unknown, note: (error: unknown) => void): ChatError {
  if (error instanceof ChatError) return error;
  if (!(error instanceof ReportedError)) note(error);
  return new ChatError('internal-error');
}

/** Why the server does not start, or a command failed, in one sentence for the operator. */
export class StartupError extends Error {
  override readonly name = 'StartupError';
}
