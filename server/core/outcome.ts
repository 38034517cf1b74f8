import type { Change } from './change.ts';
import type { ErrorCode } from './errors.ts';

/** The result of an accepted event. */
export interface Accepted<C extends Change = Change> {
  readonly change: C;
  /** False for a duplicate event: this is the result of the first. */
  readonly isNew: boolean;
}

/** Why an event was rejected. */
export interface Rejected {
  readonly refused: ErrorCode;
  readonly details?: Readonly<Record<string, number>>;
  /** What went wrong in the server, where it is not the client's fault: for its log alone. */
  readonly failure?: string;
}

/** The outcome of an event. */
export type Outcome<C extends Change = Change> = Accepted<C> | Rejected;

export function rejected(
  code: ErrorCode,
  details: Readonly<Record<string, number>> = {},
): Rejected {
  return { refused: code, details };
}
