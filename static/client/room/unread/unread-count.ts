/** What is on the page, for counting what is unread. */
interface OnPage {
  /** Unread messages on the page. */
  readonly here: number;
  /** Unread messages that that arrived since they were counted. */
  readonly arrived: number;
  /** Whether the page has everything after the read position. */
  readonly isComplete: boolean;
  /** The last event that the page knows of. */
  readonly newestId: number;
}

/**
 * How many messages are unread in the room. The page counts them if it has all of them; otherwise they
 * were counted before, by the page or the server, and what was read and what arrived since is known.
 */
export class UnreadCount {
  #counted = 0;
  #throughId = 0;

  /** What was posted up to this event was counted. */
  get throughId(): number {
    return this.#throughId;
  }

  /** @param throughId the last event that the page knew of then */
  counted(count: number, throughId: number): void {
    this.#counted = count;
    this.#throughId = throughId;
  }

  /** The reader has read these messages. */
  read(ids: readonly number[]): void {
    const known = ids.filter((id) => id <= this.#throughId).length;
    this.#counted = Math.max(0, this.#counted - known);
  }

  total({ here, arrived, isComplete, newestId }: OnPage): number {
    if (!isComplete) return Math.max(here, this.#counted + arrived);
    this.counted(here, newestId);
    return here;
  }
}
