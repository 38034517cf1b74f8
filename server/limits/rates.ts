/** A burst of so many, and then so many a second. */
export interface Rate {
  readonly burst: number;
  readonly perSecond: number;
}

/** What all addresses of an IPv6 site may do together, as a multiple of what one may. */
export const SITE_FACTOR = 8;

/**
 * The limits: a burst, and then so much a second. Those of an address are for a school of 300
 * people behind one router, who connect, answer a question and look something up together.
 */
export const RATES = {
  user: {
    /** What a user sends, over all connections and by requests: nobody types faster. */
    sent: { burst: 20, perSecond: 5 },
    /** What exceeds that, until the connection is closed: then it is a program. */
    excess: { burst: 50, perSecond: 1 },
  },
  address: {
    /** What is sent: an answer each at once, then a message or a vote each in three seconds. */
    sent: { burst: 400, perSecond: 100 },
    /** New connections: a page may try some transports before it stays with one. */
    connections: { burst: 3_000, perSecond: 100 },
  },
  /** Wrong passwords. Those of a browser for one secret are limited sooner (attempt-limiter.ts). */
  failures: {
    /** Of a browser, for any secret: a fifth of what its address may. */
    browser: { burst: 20, perSecond: 1 / 60 },
    /** Of all browsers at an address: a third of a school mistypes at once. */
    address: { burst: 100, perSecond: 1 / 30 },
    /** Of unknown addresses for one account, all together: some 1,500 a day. */
    account: { burst: 20, perSecond: 1 / 60 },
  },
  /** Requests of one address, by what they cost. */
  requests: {
    /** Pages, and what belongs to them. */
    reads: { burst: 3_000, perSecond: 100 },
    /** Passwords that are given, for the server and for rooms. */
    entries: { burst: 300, perSecond: 20 },
    /** Sign-ins: one with a password costs 0.2 s. */
    signIns: { burst: 100, perSecond: 1 },
    /** Uploads. */
    files: { burst: 300, perSecond: 2 },
    /** Searches and vote histories, which occupy a thread of the store. */
    searches: { burst: 30, perSecond: 1 },
    voteHistories: { burst: 100, perSecond: 20 },
    /** Downloads of all that is stored about a user, and erasing it: each reads all tables. */
    ownData: { burst: 30, perSecond: 1 / 60 },
    /** Wrong join codes: all 10,000 take three days. */
    joinCodes: { burst: 100, perSecond: 1 / 30 },
    /** New rooms: they stay. */
    rooms: { burst: 10, perSecond: 1 / 30 },
  },
} as const satisfies Record<string, Record<string, Rate>>;
