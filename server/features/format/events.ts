import type { Erasing } from '../event.ts';

/** All nodes of a cluster know this format: what follows in the log is applied by it. */
export interface FormatRaised {
  readonly kind: 'format-raised';
  readonly format: number;
  readonly at: number;
}

export const formatErasing: Erasing<FormatRaised> = { 'format-raised': false };
