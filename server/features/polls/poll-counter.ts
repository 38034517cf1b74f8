import type { Message } from '../../core/message.ts';
import { isPublic, type Poll, parsePoll } from './poll.ts';

/** The interval between counts: at most four per second. */
const COUNT_MS = 250;
/** The maximum delay of a timer. */
const MAX_TIMER_MS = 2 ** 31 - 1;

interface Watched {
  poll: Poll;
  /** Users who have voted and were here since: they may see more than the others. */
  readonly voters: Set<string>;
  /** There are votes that aren't counted yet. */
  isStale: boolean;
  /** A count is scheduled or running. */
  counting: NodeJS.Timeout | undefined;
  /** The timer that closes the poll. */
  closing: NodeJS.Timeout | undefined;
}

/** Counts the open polls of a room after votes, and closes them when their time is over. */
export class PollCounter {
  readonly #count: (id: number) => Promise<void>;
  readonly #watched = new Map<number, Watched>();

  /** @param count counts the votes of a poll, and resolves when the results are sent */
  constructor(count: (id: number) => Promise<void>) {
    this.#count = count;
  }

  /** Watches a poll in its current state. */
  watch({ id, body }: Message): void {
    const poll = parsePoll(body);
    const known = this.#watched.get(id);
    clearTimeout(known?.closing);
    if (!poll.isOpen) {
      clearTimeout(known?.counting);
      this.#watched.delete(id);
      return;
    }
    // It has no votes, so nobody has voted.
    if (poll.voters === 0) known?.voters.clear();
    // The object stays the same: a running count uses it.
    const watched = known ?? {
      poll,
      voters: new Set<string>(),
      isStale: false,
      counting: undefined,
      closing: undefined,
    };
    watched.poll = poll;
    this.#watched.set(id, watched);
    this.#closeInTime(id, watched);
  }

  /** A user voted, or took their vote back. @param keys that identify the user */
  onVote(id: number, keys: readonly string[], hasVoted: boolean): void {
    const watched = this.#watched.get(id);
    if (!watched) return;
    for (const key of keys) {
      if (hasVoted) watched.voters.add(key);
      else watched.voters.delete(key);
    }
    watched.isStale = true;
    this.#plan(id, watched);
  }

  /** The polls with counts for voters only, where it is unknown whether the user has voted. */
  unknownTo(keys: readonly string[]): readonly number[] {
    const ids = [...this.#watched.keys()];
    return ids.filter((id) => {
      const insiders = this.resultsAudience(id);
      return insiders && !keys.some((key) => insiders.has(key));
    });
  }

  /** A user has voted before. */
  admit(id: number, keys: readonly string[]): void {
    for (const key of keys) this.#watched.get(id)?.voters.add(key);
  }

  /** The keys of the users who see the counts of a poll that others don't see. */
  resultsAudience(id: number): ReadonlySet<string> | undefined {
    const watched = this.#watched.get(id);
    const isForVoters = watched?.poll.resultsVisibility === 'after-vote' && !isPublic(watched.poll);
    return isForVoters ? watched.voters : undefined;
  }

  unwatch(id: number): void {
    const watched = this.#watched.get(id);
    clearTimeout(watched?.counting);
    clearTimeout(watched?.closing);
    this.#watched.delete(id);
  }

  close(): void {
    for (const id of [...this.#watched.keys()]) this.unwatch(id);
  }

  /** Counts run one after the other: votes during a count wait for the next. */
  #plan(id: number, watched: Watched): void {
    const isOver = this.#watched.get(id) !== watched;
    if (isOver || watched.counting || !watched.isStale) return;
    watched.counting = setTimeout(async () => {
      watched.isStale = false;
      await this.#count(id);
      watched.counting = undefined;
      this.#plan(id, watched);
    }, COUNT_MS).unref();
  }

  #closeInTime(id: number, watched: Watched): void {
    const { closesAt } = watched.poll;
    if (closesAt === null) return;
    const leftMs = closesAt - Date.now();
    const wait = Math.min(Math.max(leftMs, 0), MAX_TIMER_MS);
    watched.closing = setTimeout(() => {
      if (wait === MAX_TIMER_MS) this.#closeInTime(id, watched);
      else void this.#count(id);
    }, wait).unref();
  }
}
