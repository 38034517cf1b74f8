import type { Change } from './change.ts';
import type { ErrorCode } from './errors.ts';

/** The outcome of an event: what it changed, or why it was rejected. */
export type Outcome =
  | {
      readonly change: Change;
      /** False for a duplicate event: this is the outcome of the first. */
      readonly isNew: boolean;
    }
  | { readonly refused: ErrorCode; readonly details?: Readonly<Record<string, number>> };

export function rejected(code: ErrorCode, details: Readonly<Record<string, number>> = {}): Outcome {
  return { refused: code, details };
}
