import type { Logger } from 'pino';

/** What whoever runs the server has to know. docs/operations.md says of each code what to do. */
const LINES = {
  'disk-full': ['error', 'The disk is full: messages are refused until there is room.'],
  'database-locked': ['error', 'Another process locks the database: messages are refused.'],
  'database-damaged': ['error', 'The database is damaged: messages are refused.'],
  'data-missing': ['error', 'The data folder was moved or removed: messages are refused.'],
  'write-failed': ['error', 'Messages cannot be saved, and are refused.'],
  'writes-recovered': ['warn', 'Messages are saved again.'],
  'read-failed': ['error', 'The database could not be read: a request was answered with 500.'],
  'checkpoint-failed': ['warn', 'The write-ahead log could not be copied, and grows.'],
  'index-failed': ['warn', 'Messages could not be indexed; searches may miss the newest.'],
  'changes-lost': ['warn', 'The database lost its last changes: it goes on as a new epoch.'],
  'database-replaced': ['warn', 'The database was restored or replaced: it is a new epoch.'],
  'room-failed': ['error', 'A room could not apply a change, and was opened again.'],
  'listener-failed': ['error', 'A part of the server failed on a change; the others went on.'],
  'data-exposed': ['warn', 'Other users of this machine may open the data folder.'],
  'out-of-descriptors': ['error', 'No file descriptors are left: uploads are refused.'],
  'uploads-full': ['warn', 'The disk has too little room: uploads are refused.'],
  'upload-failed': ['error', 'Files cannot be stored: uploads are refused.'],
  'uploads-recovered': ['warn', 'Files are stored again.'],
  'file-missing': ['error', 'A file of a message is not in the data folder.'],
  'file-unreadable': ['error', 'A file of a message cannot be read.'],
  'file-not-removed': ['error', 'A file that was deleted could not be removed.'],
  'image-given-up': ['warn', 'An image was given up while it was processed.'],
  'files-unknown': ['warn', 'Files that the database does not know were moved aside.'],
  'files-restored': ['warn', 'Files that were moved aside are known again, and were moved back.'],
  'unknown-files-deleted': ['warn', 'Files that were moved aside 30 days ago were deleted.'],
  'thread-died': ['fatal', 'A thread of the database died: the server ends.'],
} as const satisfies Record<string, readonly ['warn' | 'error' | 'fatal', string]>;

export type OperatorCode = keyof typeof LINES;

export const OPERATOR_CODES = Object.keys(LINES) as readonly OperatorCode[];

/** The same code is logged once in so long; what came in between is counted in the next line. */
const REPEAT_MS = 60_000;

/** One line for each thing an operator has to know, however often it happens. */
export class OperatorLog {
  readonly #logger: Logger;
  readonly #now: () => number;
  readonly #last = new Map<OperatorCode, { atMs: number; repeated: number }>();

  /** @param now milliseconds that only grow */
  constructor(logger: Logger, now: () => number = performance.now.bind(performance)) {
    this.#logger = logger;
    this.#now = now;
  }

  /** @param details numbers, paths and reasons; never what somebody wrote */
  report(code: OperatorCode, details: Readonly<Record<string, unknown>> = {}): void {
    const last = this.#last.get(code);
    if (last && this.#now() - last.atMs < REPEAT_MS) {
      last.repeated += 1;
      return;
    }
    this.#last.set(code, { atMs: this.#now(), repeated: 0 });
    const [level, sentence] = LINES[code];
    const repeated = last?.repeated ? { repeated: last.repeated } : {};
    this.#logger[level]({ code, ...details, ...repeated }, sentence);
  }
}
