import type { Message } from '../../core/message.ts';
import { isPublic, type Poll, parsePoll } from './poll.ts';

/** So long after a count the next one begins: four times a second at most. */
const COUNT_MS = 250;
/** The longest a timer can wait. */
const MAX_TIMER_MS = 2 ** 31 - 1;

interface Watched {
  poll: Poll;
  /** Who has voted and was here since: they may see more than the others. */
  readonly voters: Set<string>;
  /** Votes came that are not counted yet. */
  isStale: boolean;
  /** A count is planned, or under way. */
  counting: NodeJS.Timeout | undefined;
  /** It closes by itself. */
  closing: NodeJS.Timeout | undefined;
}

/** Sees to it that the open polls of a room are counted when votes came, and closed when it is time. */
export class PollCounter {
  readonly #count: (id: number) => Promise<void>;
  readonly #watched = new Map<number, Watched>();

  /** @param count has the votes of a poll counted, and ends when all have heard of it */
  constructor(count: (id: number) => Promise<void>) {
    this.#count = count;
  }

  /** A poll of the room, as it stands now. */
  watch({ id, body }: Message): void {
    const poll = parsePoll(body);
    const known = this.#watched.get(id);
    clearTimeout(known?.closing);
    if (!poll.isOpen) {
      clearTimeout(known?.counting);
      this.#watched.delete(id);
      return;
    }
    // Every vote that was heard of before is in its counts.
    if (poll.voters === 0) known?.voters.clear();
    // It stays the same one: a count that is under way ends in it.
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

  /** Somebody voted, or took their vote back. @param keys by which they are known */
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

  /** The polls whose counts somebody would see if they had voted, and of whom that is not known. */
  unknownTo(keys: readonly string[]): readonly number[] {
    const ids = [...this.#watched.keys()];
    return ids.filter((id) => {
      const insiders = this.resultsAudience(id);
      return insiders && !keys.some((key) => insiders.has(key));
    });
  }

  /** Somebody has voted before. */
  admit(id: number, keys: readonly string[]): void {
    for (const key of keys) this.#watched.get(id)?.voters.add(key);
  }

  /** Those who see the counts of a poll that the others do not see, by their keys. */
  resultsAudience(id: number): ReadonlySet<string> | undefined {
    const watched = this.#watched.get(id);
    const isForVoters = watched?.poll.shows === 'voted' && !isPublic(watched.poll);
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

  /** One count after the other: votes that come while one is under way wait for the next. */
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
