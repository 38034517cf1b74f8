import type { DatabaseSync } from 'node:sqlite';
import { type Poll, sum } from './poll.ts';
import { POLL_KINDS } from './poll-kinds.ts';

/**
 * The minimum that a point of an anonymous poll covers: new voters since the point before, or
 * clicks of applause. Fewer are merged into the point before, so that no single vote is visible.
 */
const MIN_COVERED = 5;
/** Points stored per poll. Of more, every second is dropped, then every fourth, and so on. */
const MAX_POINTS = 200;
const SECOND_MS = 1_000;

/** The counts of a poll's options at a time. */
export interface HistoryPoint {
  /** Milliseconds since 1970; whole seconds if the poll is anonymous. */
  readonly at: number;
  readonly counts: readonly number[];
}

/** How the counts of polls grew. It is based on the counts, because votes have no times. */
interface VoteHistory {
  /** Adds the current counts of a poll: when it was created, reset or counted. */
  add(id: number, poll: Poll, at: number): void;
  /** The points of a poll, oldest first, with a count for each of its options. */
  points(id: number, poll: Pick<Poll, 'isAnonymous' | 'options'>): HistoryPoint[];
}

interface Row {
  /** Its index among the points of the poll. */
  readonly n: number;
  readonly at: number;
  /** The number of voters, or of clicks. */
  readonly total: number;
  readonly counts: string;
}

export function voteHistory(db: DatabaseSync): VoteHistory {
  const columns = 'SELECT n, at, total, counts FROM vote_history WHERE poll = ?';
  const last = db.prepare(`${columns} ORDER BY n DESC LIMIT 2`);
  const all = db.prepare(`${columns} ORDER BY n`);
  const insert = db.prepare('INSERT OR REPLACE INTO vote_history VALUES (?, ?, ?, ?, ?)');
  const count = db.prepare('SELECT count(*) AS n FROM vote_history WHERE poll = ?');
  const thin = db.prepare('DELETE FROM vote_history WHERE poll = ? AND n < ? AND n % ? <> 0');
  // node:sqlite types a row by its columns' values only; the schema says which they are.
  const rows = (of: typeof all, id: number) => of.all(id) as unknown as Row[];

  return {
    add(id, { kind, isAnonymous, voters, counts }, at) {
      const [newest, before] = rows(last, id);
      const total = POLL_KINDS[kind].isRepeatable ? sum(counts) : voters;
      const text = JSON.stringify(counts);
      if (newest?.counts === text) return;
      const isPending = isAnonymous && covers(newest, before) < MIN_COVERED;
      const n = newest === undefined ? 0 : newest.n + Number(!isPending);
      const time = Math.max(isAnonymous ? wholeSecond(at) : at, newest?.at ?? 0);
      insert.run(id, n, time, total, text);
      if (Number(count.get(id)?.n) <= MAX_POINTS) return;
      let step = 2;
      while (n / step > MAX_POINTS / 2) step *= 2;
      thin.run(id, n, step);
    },
    points(id, { isAnonymous, options }) {
      const points = rows(all, id);
      const [newest, before] = points.toReversed();
      // The newest are too few for a point of their own, so they are merged with those before.
      if (isAnonymous && points.length > 2 && covers(newest, before) < MIN_COVERED)
        points.splice(-2, 1);
      return points.map(({ at, counts }) => {
        const known: readonly number[] = JSON.parse(counts);
        return { at, counts: options.map((_, option) => known[option] ?? 0) };
      });
    },
  };
}

/** The time stored for an anonymous vote. */
export function wholeSecond(at: number): number {
  return at - (at % SECOND_MS);
}

/** How many votes are in a point and not in the previous point: all, if it is the first. */
function covers(row: Row | undefined, before: Row | undefined): number {
  if (!before) return Number.POSITIVE_INFINITY;
  return Math.abs((row?.total ?? 0) - before.total);
}
