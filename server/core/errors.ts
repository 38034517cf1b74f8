import type { MessageKey } from '../shared/i18n.ts';

/** The error codes and their HTTP status. The messages are in shared/i18n/errors.ts. */
const STATUS = {
  'not-json': 400,
  'not-text': 400,
  'missing-message': 400,
  'invalid-cid': 400,
  'empty-message': 400,
  'unknown-command': 400,
  // Asking for help is no mistake, but nothing was posted either.
  help: 400,
  'too-long': 413,
  'cid-reused': 409,
  'invalid-name': 400,
  'reserved-name': 400,
  'invalid-user-password': 400,
  'invalid-cursor': 400,
  'invalid-number': 400,
  'exclusive-parameters': 400,
  'unsupported-parameter': 400,
  'not-utf8': 400,
  'too-large': 413,
  'too-many-fields': 400,
  'unsupported-media-type': 415,
  'needs-web-socket': 426,
  'bad-request': 400,
  'invalid-host': 400,
  // RFC 9110, section 15.5.20.
  'unknown-host': 421,
  'origin-not-allowed': 403,
  'not-found': 404,
  'invalid-room-name': 404,
  'run-not-found': 404,
  'method-not-allowed': 405,
  'no-such-message': 404,
  'not-author': 403,
  'message-deleted': 409,
  'not-editable': 409,
  'invalid-emoji': 400,
  'too-many-reactions': 409,
  'invalid-search': 400,
  'empty-search': 400,
  'unknown-action': 400,
  'invalid-question': 400,
  'invalid-options': 400,
  'duplicate-options': 400,
  'invalid-poll-command': 400,
  'invalid-question-command': 400,
  'no-such-option': 400,
  'no-such-poll': 404,
  'results-hidden': 403,
  'poll-closed': 409,
  'too-many-choices': 409,
  'vote-is-final': 409,
  'missing-answer': 400,
  'suggestion-too-long': 400,
  'too-many-suggestions': 409,
  'poll-full': 409,
  'invalid-topic': 400,
  'invalid-password': 400,
  'uploads-disabled': 403,
  'empty-file': 400,
  'file-too-large': 413,
  'invalid-files': 400,
  'invalid-poll-images': 400,
  'no-such-file': 404,
  'file-already-attached': 409,
  'unsupported-image': 415,
  'broken-image': 400,
  'image-too-large': 413,
  'image-too-complex': 413,
  'storage-full': 507,
  'sign-in-required': 401,
  'session-expired': 401,
  'name-taken': 409,
  'wrong-user-password': 403,
  'wrong-moderator-key': 403,
  'password-required': 403,
  'wrong-password': 403,
  'server-password-required': 401,
  'wrong-server-password': 403,
  'room-exists': 409,
  'not-moderator': 403,
  'target-is-owner': 409,
  'address-unknown': 409,
  'too-many-restrictions': 409,
  'too-many-pins': 409,
  banned: 403,
  muted: 403,
  locked: 403,
  'slow-mode': 429,
  'too-many-attempts': 429,
  'too-many-connections': 429,
  'rate-limited': 429,
  'rate-limit-disconnect': 429,
  overloaded: 503,
  'too-many-images': 503,
  'file-not-saved': 503,
  'not-saved': 503,
  'shutting-down': 503,
  'internal-error': 500,
} as const satisfies Partial<Record<MessageKey, number>>;

const RETRY_S = 2;

export type ErrorCode = keyof typeof STATUS;

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
    this.status = STATUS[code];
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

/** Why the server does not start, in one sentence for the operator. */
export class StartupError extends Error {
  override readonly name = 'StartupError';
}
