import { LruMap } from '../../shared/lru-map.ts';
import { isPublic, type Poll } from './poll.ts';

/** The interval between counts: at most four per second. */
const COUNT_MS = 250;
/**
 * How much longer a process waits that did not write the last count, for the one that did: after a vote
 * that was sent to it, and after one that was sent to another.
 */
const OWN_DELAY_MS = 100;
const OTHER_DELAY_MS = 1_500;
/** After this time, a count or a close that could not be written is tried again. */
const RETRY_MS = 10_000;
/** The maximum delay of a timer. */
const MAX_TIMER_MS = 2 ** 31 - 1;
/** Polls whose voters are known. */
const MAX_AUDIENCES = 200;

/** What came of a count: `unchanged` where another process has just written the same one. */
export type Counted = 'written' | 'unchanged' | 'failed';

/** A count that is scheduled or running. */
interface Count {
  timer: NodeJS.Timeout;
  isStarted: boolean;
  /** It is for votes that were sent to this process. */
  isOwn: boolean;
  /** There are votes since it started. */
  hasNewVotes: boolean;
}

interface Audience {
  /** The poll, in its last state; unknown until it is counted, if it is an old one. */
  poll: Poll | undefined;
  /** Whether this process wrote the last count; unknown where none was written since it watches. */
  isLeading: boolean | undefined;
  /** Users who have voted and were here since: they may see more than the others. */
  readonly voters: Set<string>;
}

/**
 * Counts the open polls of a room after votes, and closes them when their time is over. Of several
 * processes with the same log, the one that wrote the last count writes the next: four a second for all.
 */
export class PollCounter {
  readonly #count: (id: number) => Promise<Counted>;
  readonly #counts = new Map<number, Count>();
  /** The timers that close polls. */
  readonly #closings = new Map<number, NodeJS.Timeout>();
  readonly #audiences = new LruMap<number, Audience>(MAX_AUDIENCES);

  /**
   * @param count counts the votes of a poll, and resolves when the results are sent, or where that has
   *     to be tried again
   */
  constructor(count: (id: number) => Promise<Counted>) {
    this.#count = count;
  }

  /** Watches a poll in its current state. */
  watch(id: number, poll: Poll): void {
    if (!poll.isOpen) {
      this.unwatch(id);
      return;
    }
    const audience = this.#audience(id);
    // All that changes a poll counts it, too.
    const isCounted =
      audience.poll !== undefined && JSON.stringify(poll) !== JSON.stringify(audience.poll);
    audience.poll = poll;
    if (isCounted) this.#onCounted(id, audience);
    // It has no votes, so nobody has voted.
    if (poll.voters === 0) audience.voters.clear();
    this.closeAt(id, poll.closesAt);
  }

  /** Closes a poll at a time, in milliseconds since 1970; `null`: not by itself. */
  closeAt(id: number, closesAt: number | null): void {
    clearTimeout(this.#closings.get(id));
    this.#closings.delete(id);
    if (closesAt === null) return;
    const wait = Math.min(Math.max(closesAt - Date.now(), 0), MAX_TIMER_MS);
    const close = async () => {
      const isTooEarly = wait === MAX_TIMER_MS;
      const isDone = !isTooEarly && (await this.#count(id)) !== 'failed';
      // It may close at another time now, or be gone.
      if (isDone || this.#closings.get(id) !== timer) return;
      this.closeAt(id, isTooEarly ? closesAt : Date.now() + RETRY_MS);
    };
    const timer = setTimeout(close, wait).unref();
    this.#closings.set(id, timer);
  }

  /**
   * A user voted, or took their vote back.
   * @param keys that identify the user
   * @param isOwn whether the vote was sent to this process
   */
  onVote(id: number, keys: readonly string[], hasVoted: boolean, isOwn = true): void {
    const { voters } = this.#audience(id);
    for (const key of keys) {
      if (hasVoted) voters.add(key);
      else voters.delete(key);
    }
    const count = this.#counts.get(id);
    if (count) count.hasNewVotes = true;
    if (!count || (isOwn && !count.isOwn && !count.isStarted)) this.#countVote(id, isOwn);
  }

  /** The polls with counts for voters only, where it is unknown whether the user has voted. */
  unknownTo(keys: readonly string[]): readonly number[] {
    return [...this.#audiences].flatMap(([id, audience]) => {
      const isUnknown = isForVoters(audience) && !keys.some((key) => audience.voters.has(key));
      return isUnknown ? [id] : [];
    });
  }

  /** A user has voted before. */
  admit(id: number, keys: readonly string[]): void {
    for (const key of keys) this.#audiences.get(id)?.voters.add(key);
  }

  /** The keys of the users who see the counts of a poll that others don't see. */
  resultsAudience(id: number): ReadonlySet<string> | undefined {
    const audience = this.#audiences.get(id);
    return audience && isForVoters(audience) ? audience.voters : undefined;
  }

  unwatch(id: number): void {
    clearTimeout(this.#counts.get(id)?.timer);
    this.#counts.delete(id);
    this.closeAt(id, null);
    this.#audiences.delete(id);
  }

  close(): void {
    for (const { timer } of this.#counts.values()) clearTimeout(timer);
    for (const timer of this.#closings.values()) clearTimeout(timer);
    this.#counts.clear();
    this.#closings.clear();
  }

  #audience(id: number): Audience {
    const known = this.#audiences.get(id);
    if (known) return known;
    const audience = { poll: undefined, isLeading: undefined, voters: new Set<string>() };
    this.#audiences.set(id, audience);
    return audience;
  }

  #countVote(id: number, isOwn: boolean): void {
    const { isLeading = isOwn } = this.#audience(id);
    const delayMs = isOwn ? OWN_DELAY_MS : OTHER_DELAY_MS;
    this.#countIn(isLeading ? COUNT_MS : COUNT_MS + delayMs, id, isOwn);
  }

  /** The poll has been counted, by this process if it is just doing that. */
  #onCounted(id: number, audience: Audience): void {
    const count = this.#counts.get(id);
    audience.isLeading = count?.isStarted ?? false;
    if (count && !count.isStarted) this.#countVote(id, false);
  }

  /** Counts run one after the other: votes during a count wait for the next. */
  #countIn(ms: number, id: number, isOwn = true): void {
    clearTimeout(this.#counts.get(id)?.timer);
    const run = async () => {
      count.isStarted = true;
      count.hasNewVotes = false;
      const counted = await this.#count(id);
      // The poll may have ended meanwhile.
      if (this.#counts.get(id) !== count) return;
      this.#counts.delete(id);
      if (counted === 'unchanged') this.#audience(id).isLeading = false;
      if (counted === 'failed') this.#countIn(RETRY_MS, id);
      else if (count.hasNewVotes) this.#countVote(id, true);
    };
    const timer = setTimeout(run, ms).unref();
    const count: Count = { timer, isOwn, isStarted: false, hasNewVotes: false };
    this.#counts.set(id, count);
  }
}

function isForVoters({ poll }: Audience): boolean {
  return poll?.resultsVisibility === 'after-vote' && !isPublic(poll);
}
