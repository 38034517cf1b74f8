import type { DatabaseSync } from 'node:sqlite';

/** Points of a course; of more, some are left out. */
const MAX_POINTS = 200;

/** How the votes of a poll came in: the counts of its options after a vote, and when that was. */
export interface Point {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly counts: readonly number[];
}

/** Makes the function that follows the votes of a poll from the first to the last. */
export function courses(
  db: DatabaseSync,
): (poll: number, options: number, adds: boolean) => Point[] {
  const ballots = db.prepare('SELECT uid, options, at FROM ballots WHERE poll = ? ORDER BY seq');
  return (poll, options, adds) => {
    const counts: number[] = Array(options).fill(0);
    const chosen = new Map<string, readonly number[]>();
    const rows = ballots.all(poll);
    const step = Math.max(1, Math.ceil(rows.length / MAX_POINTS));
    const points: Point[] = [];
    for (const [index, row] of rows.entries()) {
      const uid = String(row.uid);
      const before = adds ? [] : (chosen.get(uid) ?? []);
      const now: number[] = JSON.parse(String(row.options));
      for (const option of before) counts[option] = (counts[option] ?? 0) - 1;
      for (const option of now) counts[option] = (counts[option] ?? 0) + 1;
      chosen.set(uid, now);
      const isLast = index === rows.length - 1;
      if (index % step === 0 || isLast) points.push({ at: Number(row.at), counts: [...counts] });
    }
    return points;
  };
}
