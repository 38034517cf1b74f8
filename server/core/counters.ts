import type { Change } from './change.ts';

/** The upper bounds of a histogram's buckets, and how many values were in each; the last has the rest. */
export class Histogram {
  readonly bounds: readonly number[];
  readonly counts: number[];
  sum = 0;

  constructor(bounds: readonly number[]) {
    this.bounds = bounds;
    this.counts = new Array(bounds.length + 1).fill(0);
  }

  add(value: number): void {
    const index = this.bounds.findIndex((bound) => value <= bound);
    const bucket = index < 0 ? this.bounds.length : index;
    this.counts[bucket] = (this.counts[bucket] ?? 0) + 1;
    this.sum += value;
  }
}

/** What the server did since its start, as plain numbers: counting costs next to nothing. */
export class Counters {
  /** Messages that were posted. */
  messages = 0;
  /** Changed messages, each times the waiters that it was pushed to. */
  deliveries = 0;
  /** Streams and long polls that continued from their cursor, and clients that were reset. */
  resumes = 0;
  resets = 0;
  /** Polling requests without news. */
  notModified = 0;
  /** How often a connection was full: its client read slower than it was sent to. */
  slowReaders = 0;
  failedCommits = 0;
  readonly commitSeconds = new Histogram([0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 1, 5]);
  /** Events in a commit. */
  readonly batchSizes = new Histogram([1, 2, 5, 10, 20, 50, 100, 200, 500]);
  /** Refused requests, by their code. */
  readonly errors = new Map<string, number>();

  /** Counts what a commit changed. */
  count(batch: readonly Change[]): void {
    for (const { seq, message } of batch) {
      if (message?.id === seq && message.kind === 'message') this.messages += 1;
    }
  }

  refused(code: string): void {
    this.errors.set(code, (this.errors.get(code) ?? 0) + 1);
  }
}
