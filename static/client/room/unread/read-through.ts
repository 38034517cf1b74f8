/** A message on the page, for the read position. */
export interface Readable {
  readonly id: number;
  /** Whether it is unread until it was on the screen: the reader's own messages are not. */
  readonly counts: boolean;
}

/**
 * How far the reader has read: every message up to there that counts was on the screen. What a jump
 * skipped stays unread, and so does what comes after it.
 * @param messages on the page, in order, and without a gap between them and `after`
 * @param after the last read position
 * @param seen the ids of the messages that were on the screen
 */
export function readThrough(
  messages: readonly Readable[],
  after: number,
  seen: ReadonlySet<number>,
): number {
  let last = after;
  for (const { id, counts } of messages) {
    if (id <= after) continue;
    if (counts && !seen.has(id)) break;
    last = id;
  }
  return last;
}
