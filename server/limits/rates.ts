/** So many at once, and then so many a second. */
export interface Rate {
  readonly burst: number;
  readonly perSecond: number;
}

/** What all addresses of a site with IPv6 may do together, times what one of them may. */
export const SITE_FACTOR = 8;

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
  /** Passwords that are wrong. Those of a browser on one secret are held back sooner (backoff.ts). */
  failures: {
    /** Of a browser, whatever it tries: a fifth of what its address may. */
    browser: { burst: 20, perSecond: 1 / 60 },
    /** Of all browsers at an address: a third of a school mistypes at once. */
    address: { burst: 100, perSecond: 1 / 30 },
    /** Of strangers on one account, wherever they are: some 1,500 a day. */
    account: { burst: 20, perSecond: 1 / 60 },
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
