import type { MessageKey } from '../shared/i18n.ts';

/** The error codes and their HTTP status. The messages are in shared/i18n/errors.ts. */
const STATUS = {
  'not-json': 400,
  'not-text': 400,
  'no-message': 400,
  'bad-cid': 400,
  empty: 400,
  'unknown-command': 400,
  // Asking for help is no mistake, but nothing was posted either.
  help: 400,
  'too-long': 413,
  'cid-reused': 409,
  'bad-name': 400,
  'reserved-name': 400,
  'bad-passphrase': 400,
  'bad-cursor': 400,
  'bad-number': 400,
  'exclusive-parameters': 400,
  'unsupported-parameter': 400,
  'not-utf8': 400,
  'too-large': 413,
  'too-many-fields': 400,
  'unknown-type': 415,
  'needs-web-socket': 426,
  'bad-request': 400,
  'bad-host': 400,
  // RFC 9110, section 15.5.20.
  'unknown-host': 421,
  'foreign-origin': 403,
  'no-page': 404,
  'no-room': 404,
  'no-run': 404,
  'wrong-method': 405,
  'no-such-message': 404,
  'not-yours': 403,
  'is-deleted': 409,
  'not-editable': 409,
  'bad-emoji': 400,
  'too-many-reactions': 409,
  'bad-search': 400,
  'no-search-word': 400,
  'bad-act': 400,
  'bad-question': 400,
  'bad-options': 400,
  'same-options': 400,
  'unread-poll': 400,
  'unread-question': 400,
  'bad-vote': 400,
  'no-such-poll': 404,
  'not-yet': 403,
  'poll-closed': 409,
  'too-many-choices': 409,
  'vote-stays': 409,
  'no-suggestion': 400,
  'bad-suggestion': 400,
  'too-many-suggestions': 409,
  'poll-full': 409,
  'bad-topic': 400,
  'bad-word': 400,
  'no-uploads': 403,
  'empty-file': 400,
  'file-too-large': 413,
  'bad-files': 400,
  'bad-pictures': 400,
  'no-such-file': 404,
  'file-taken': 409,
  'unclean-picture': 415,
  'broken-picture': 400,
  'picture-too-large': 413,
  'image-too-complex': 413,
  'no-space': 507,
  'needs-name': 401,
  'signed-out': 401,
  'name-taken': 409,
  'wrong-passphrase': 403,
  'wrong-key': 403,
  'needs-word': 403,
  'wrong-word': 403,
  'needs-passcode': 401,
  'wrong-passcode': 403,
  'room-taken': 409,
  'not-keeper': 403,
  'is-keeper': 409,
  'no-address': 409,
  'too-many-sanctions': 409,
  'too-many-pins': 409,
  removed: 403,
  silenced: 403,
  locked: 403,
  'slow-room': 429,
  'too-many-guesses': 429,
  'too-many-connections': 429,
  'slow-down': 429,
  flood: 429,
  busy: 503,
  'too-many-images': 503,
  'file-not-saved': 503,
  'not-saved': 503,
  closing: 503,
  broken: 500,
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
  return new ChatError('broken');
}

/** Why the server does not start, in one sentence for the operator. */
export class StartupError extends Error {
  override readonly name = 'StartupError';
}
