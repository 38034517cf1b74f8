import type { Rate } from './limiter.ts';

/**
 * How much is taken: so much at once, and then so much a second. What is for an address is for a school
 * of 300 people behind one router, who come, answer a question and look something up together.
 */
export const RATES = {
  user: {
    /** What one sends, by all connections and by requests: nobody types faster. */
    sent: { burst: 20, perSecond: 5 },
    /** What is more than that, until the connection it comes on is closed: that is a program. */
    excess: { burst: 50, perSecond: 1 },
  },
  address: {
    /** What is sent: an answer of each at once, and then a message or a vote of each in three seconds. */
    sent: { burst: 400, perSecond: 100 },
    /** Connections that are opened: a page may try some transports before it stays with one. */
    connections: { burst: 3_000, perSecond: 100 },
  },
  /** What is asked for from one address, by what that costs. */
  requests: {
    /** Pages, and what belongs to them. */
    reads: { burst: 3_000, perSecond: 100 },
    /** Passwords that are given, of the server and of rooms. */
    entries: { burst: 300, perSecond: 20 },
    /** Names that are taken: one with a passphrase costs 0.2 s. */
    signIns: { burst: 100, perSecond: 1 },
    /** Files. */
    files: { burst: 300, perSecond: 2 },
    /** Searches and histories of votes keep a thread of the store from others. */
    searches: { burst: 30, perSecond: 1 },
    voteHistories: { burst: 100, perSecond: 20 },
    /** Rooms that are made: they stay. */
    rooms: { burst: 10, perSecond: 1 / 30 },
  },
} as const satisfies Record<string, Record<string, Rate>>;
