import { sum } from './poll.ts';

export interface Rating {
  /** To two decimal places. */
  readonly mean: number;
  /** The standard deviation of the votes from it. */
  readonly spread: number;
}

/** Statistics of a rating: `counts` are the votes for 1, 2, 3 and so on. */
export function ratingOf(counts: readonly number[]): Rating | undefined {
  const total = sum(counts);
  if (total === 0) return undefined;
  const average = (of: (value: number) => number) =>
    sum(counts.map((count, index) => count * of(index + 1))) / total;
  const mean = average((value) => value);
  const spread = Math.sqrt(average((value) => (value - mean) ** 2));
  return { mean: rounded(mean), spread: rounded(spread) };
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}
