import type { Actor } from './actor.ts';
import type { PresenceEntry, PresenceUpdate } from './presence.ts';
import { ShownPresence } from './shown-presence.ts';

/** How long a user is shown as typing. */
const TYPING_MS = 5_000;
/** How long presence that was reported by a request lasts. */
const REPORT_TTL_MS = 45_000;

/** A user's presence in a room, in one tab or program. */
export interface Presence {
  readonly user: Actor;
  isAway: boolean;
  /** When it ends, by the tracker's clock; infinite while connected. */
  until: number;
}

interface Entry {
  user: Actor;
  readonly presences: Set<Presence>;
  /** Presence reported by requests: one for all tabs without a connection of their own. */
  reported: Presence | undefined;
  typingUntil: number;
}

/** Who is in a room: one entry per user, however many tabs they have. It is only in memory. */
export class PresenceTracker {
  readonly #graceMs: number;
  readonly #now: () => number;
  readonly #entries = new Map<string, Entry>();
  readonly #shown = new ShownPresence();

  /**
   * @param graceMs how long a user who left is still shown, so that a reload does not show
   * @param now a monotonic clock, in milliseconds
   */
  constructor(graceMs: number, now: () => number) {
    this.#graceMs = graceMs;
    this.#now = now;
  }

  get count(): number {
    return this.#entries.size;
  }

  /** Whether nobody is here except users who have just left. */
  get isEmpty(): boolean {
    const isOver = ({ reported, presences }: Entry) =>
      !reported && [...presences].every(({ until }) => until !== Number.POSITIVE_INFINITY);
    return [...this.#entries.values()].every(isOver);
  }

  userOf(uid: string): Actor | undefined {
    return this.#entries.get(uid)?.user;
  }

  browsers(uid: string): readonly string[] {
    const presences = [...(this.#entries.get(uid)?.presences ?? [])];
    return [...new Set(presences.flatMap(({ user }) => user.browser ?? []))];
  }

  /** All users who are shown, for a client that joins. */
  get all(): PresenceUpdate {
    return this.#shown.all;
  }

  /** A user has connected to the room. */
  join(person: Actor): Presence {
    const presence = { user: person, isAway: false, until: Number.POSITIVE_INFINITY };
    this.#entry(person).presences.add(presence);
    return presence;
  }

  /** The connection has closed. Until the grace period ends, the user is shown as before. */
  leave(presence: Presence): void {
    presence.until = this.#now() + this.#graceMs;
  }

  /** A user without a connection reports their state; it expires unless it is reported again. */
  report(person: Actor, isAway: boolean): void {
    const entry = this.#entry(person);
    entry.reported ??= { user: person, isAway, until: 0 };
    entry.reported.isAway = isAway;
    entry.reported.until = this.#now() + REPORT_TTL_MS;
    entry.presences.add(entry.reported);
  }

  /** Ends what matching users reported: they may not be here any more. */
  evict(concerns: (person: Actor) => boolean): void {
    for (const { user, reported } of this.#entries.values()) {
      if (reported && concerns(user)) this.leave(reported);
    }
  }

  startTyping(uid: string): void {
    const entry = this.#entries.get(uid);
    if (entry) entry.typingUntil = this.#now() + TYPING_MS;
  }

  /** The user has posted. Returns whether they were shown as typing. */
  stopTyping(uid: string): boolean {
    const entry = this.#entries.get(uid);
    if (entry) entry.typingUntil = 0;
    return this.#shown.isTyping(uid);
  }

  /** What differs from what was last shown. */
  changes(): PresenceUpdate | undefined {
    const now = this.#now();
    const touched = [...this.#entries.keys()];
    for (const [uid, entry] of this.#entries) {
      expire(entry, now);
      if (entry.presences.size === 0) this.#entries.delete(uid);
    }
    return this.#shown.update({
      count: this.#entries.size,
      touched,
      everybody: () => this.#entries.keys(),
      personOf: (uid) => {
        const entry = this.#entries.get(uid);
        return entry && toPresenceEntry(entry, now);
      },
    });
  }

  /** Milliseconds until something changes by itself; `undefined` if nothing does. */
  get nextMs(): number | undefined {
    const now = this.#now();
    let next = Number.POSITIVE_INFINITY;
    for (const { presences, typingUntil } of this.#entries.values()) {
      for (const { until } of presences) next = Math.min(next, until);
      if (typingUntil > now) next = Math.min(next, typingUntil);
    }
    return next === Number.POSITIVE_INFINITY ? undefined : Math.max(1, Math.ceil(next - now));
  }

  #entry(person: Actor): Entry {
    const known = this.#entries.get(person.uid);
    if (known) {
      known.user = person;
      return known;
    }
    const entry: Entry = {
      user: person,
      presences: new Set(),
      reported: undefined,
      typingUntil: 0,
    };
    this.#entries.set(person.uid, entry);
    return entry;
  }
}

function expire(entry: Entry, now: number): void {
  for (const presence of entry.presences) {
    if (presence.until <= now) entry.presences.delete(presence);
  }
  if (entry.reported && entry.reported.until <= now) entry.reported = undefined;
}

function toPresenceEntry({ user, presences, typingUntil }: Entry, now: number): PresenceEntry {
  const { uid, name } = user;
  const isAway = [...presences].every((presence) => presence.isAway);
  return { uid, name, state: isAway ? 'away' : 'online', isTyping: typingUntil > now };
}
