export interface Rating {
  /** To two places. */
  readonly mean: number;
  /** The standard deviation of the votes from it. */
  readonly spread: number;
}

/** What ratings add up to: `counts` are the votes for 1, 2, 3 and so on. None where nobody voted. */
export function ratingOf(counts: readonly number[]): Rating | undefined {
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total === 0) return undefined;
  const average = (of: (value: number) => number) =>
    counts.reduce((sum, count, index) => sum + count * of(index + 1), 0) / total;
  const mean = average((value) => value);
  const spread = Math.sqrt(average((value) => (value - mean) ** 2));
  return { mean: rounded(mean), spread: rounded(spread) };
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}
