/** A message was posted. */
export interface Posted {
  readonly kind: 'posted';
  readonly room: string;
  /** The visitor who posted it. */
  readonly uid: string;
  /** The sender's own id for it: the same `cid` of the same visitor is the same message. */
  readonly cid: string | null;
  readonly body: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** What can happen in a room. The log gives each its number, the store adds them up. */
export type Event = Posted;
