import type { Change } from './change.ts';
import type { ErrorCode } from './errors.ts';

/** What came of an event: what it changed, or why it does not count. */
export type Outcome =
  | {
      readonly change: Change;
      /** False where the event was a repetition: this is what came of the first. */
      readonly isNew: boolean;
    }
  | { readonly refused: ErrorCode; readonly details?: Readonly<Record<string, number>> };

export function rejected(code: ErrorCode, details: Readonly<Record<string, number>> = {}): Outcome {
  return { refused: code, details };
}
