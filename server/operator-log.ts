import type { Logger } from 'pino';

/** What an operator has to know. docs/operations.md explains what to do about each code. */
const LINES = {
  started: ['info', 'The server is running.'],
  stopping: ['info', 'The server is shutting down.'],
  stopped: ['info', 'The server has shut down.'],
  'disk-full': ['error', 'The disk is full: messages are rejected until space is freed.'],
  'database-locked': ['error', 'Another process has locked the database: messages are rejected.'],
  'database-damaged': ['error', 'The database is damaged: messages are rejected.'],
  'data-missing': ['error', 'The data directory was moved or removed: messages are rejected.'],
  'write-failed': ['error', "Messages can't be saved and are rejected."],
  'writes-recovered': ['warn', 'Messages are being saved again.'],
  'read-failed': ['error', 'Reading the database failed: a request was answered with 500.'],
  'checkpoint-failed': ['warn', "The write-ahead log couldn't be checkpointed and keeps growing."],
  'index-failed': ['warn', "Messages couldn't be indexed: searches may miss the newest."],
  'changes-lost': ['warn', 'The database lost its last changes and continues as a new epoch.'],
  'database-replaced': ['warn', 'The database was restored or replaced and starts a new epoch.'],
  'room-failed': ['error', 'A room failed to apply a change and was reopened.'],
  'event-failed': ['error', 'An event could not be applied: it was rejected, the others were not.'],
  'listener-failed': ['error', 'A log listener failed on a change; the others continued.'],
  'data-exposed': ['warn', 'Other users of this machine can access the data directory.'],
  'out-of-descriptors': ['error', 'No file descriptors are left: uploads are rejected.'],
  'uploads-full': ['warn', 'Disk space is low: uploads are rejected.'],
  'upload-failed': ['error', "Files can't be stored: uploads are rejected."],
  'files-unavailable': ['error', "The cluster's servers can't store files: uploads are rejected."],
  'uploads-recovered': ['warn', 'Files are being stored again.'],
  'file-missing': ['error', 'An attachment is missing from the data directory.'],
  'file-unreadable': ['error', "An attachment can't be read."],
  'file-not-removed': ['error', "A deleted file couldn't be removed from disk."],
  'image-given-up': ['warn', 'Processing an image was given up.'],
  'files-unknown': ['warn', 'Files unknown to the database were moved aside.'],
  'files-restored': [
    'warn',
    'Files that had been moved aside are known again and were moved back.',
  ],
  'unknown-files-deleted': ['warn', 'Files moved aside 30 days ago were deleted.'],
  'certificate-reloaded': ['info', 'The certificate was read again.'],
  'certificate-not-reloaded': ['error', "The new certificate can't be used: the old one stays."],
  'cluster-fault': [
    'fatal',
    'This node and the log of the cluster differ: the node is shutting down.',
  ],
  'cluster-newer': [
    'fatal',
    'The log of the cluster has what only a newer version can apply: the node is shutting down.',
  ],
  'cluster-config-differs': [
    'warn',
    'Another node of the cluster has other options, of those that all need alike.',
  ],
  'nats-outdated': [
    'warn',
    'The NATS server has a version that can lose acknowledged messages when its leader hangs or is cut off.',
  ],
  'snapshot-fetching': ['info', 'The history is being fetched from another node of the cluster.'],
  'snapshot-fetched': ['info', 'The history was fetched from another node of the cluster.'],
  'snapshot-sent': ['info', 'The history was sent to another node of the cluster.'],
  'worker-ended': ['error', 'A worker ended: another one is started in its place.'],
  'thread-died': ['fatal', 'A database thread died: the server is shutting down.'],
} as const satisfies Record<string, readonly ['info' | 'warn' | 'error' | 'fatal', string]>;

export type OperatorCode = keyof typeof LINES;

export const OPERATOR_CODES = Object.keys(LINES) as readonly OperatorCode[];

/** The same code is logged once in this time; repeats are counted in the next line. */
const REPEAT_MS = 60_000;

/** One log line for each thing an operator has to know, however often it happens. */
export class OperatorLog {
  readonly #logger: Logger;
  readonly #now: () => number;
  readonly #last = new Map<OperatorCode, { atMs: number; repeated: number }>();

  /** @param now a monotonic clock, in milliseconds */
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
