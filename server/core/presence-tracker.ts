import type { User } from '../auth/user.ts';
import type { PresenceEntry, RoomState } from '../transports/framing/format.ts';

/** One who types is shown typing for so long. */
const TYPING_MS = 5_000;
/** A presence that was told by a request holds for so long. */
const REPORT_TTL_MS = 45_000;
/** The people who are shown by name; of more than these only the count is told. */
const MAX_SHOWN = 200;

/** How one is in a room, in one tab or program. */
export interface Presence {
  readonly user: User;
  isAway: boolean;
  /** When it ends, in the roster's clock; one who has a line has no end yet. */
  until: number;
}

interface Entry {
  user: User;
  readonly presences: Set<Presence>;
  /** Presences told by requests: one for all tabs that have no line of their own. */
  reported: Presence | undefined;
  typingUntil: number;
  /** As it was shown last; nothing where it is not shown. */
  lastSent: PresenceEntry | undefined;
}

/** Who is in a room: by person, however many tabs they have. It is nowhere but in memory. */
export class PresenceTracker {
  readonly #graceMs: number;
  readonly #now: () => number;
  readonly #entries = new Map<string, Entry>();
  #shown = 0;
  #count = 0;

  /**
   * @param graceMs one who went is shown for so long still, so that a reload is no leaving
   * @param now milliseconds that only grow
   */
  constructor(graceMs: number, now: () => number) {
    this.#graceMs = graceMs;
    this.#now = now;
  }

  get count(): number {
    return this.#entries.size;
  }

  /** Whether nobody is here but those who have just gone. */
  get isEmpty(): boolean {
    const isOver = ({ reported, presences }: Entry) =>
      !reported && [...presences].every(({ until }) => until !== Number.POSITIVE_INFINITY);
    return [...this.#entries.values()].every(isOver);
  }

  userOf(uid: string): User | undefined {
    return this.#entries.get(uid)?.user;
  }

  browsers(uid: string): readonly string[] {
    const presences = [...(this.#entries.get(uid)?.presences ?? [])];
    return [...new Set(presences.flatMap(({ user }) => user.browser ?? []))];
  }

  /** Everybody who is shown, for one who comes in. */
  get all(): RoomState {
    const people = [...this.#entries.values()].flatMap(({ lastSent }) => lastSent ?? []);
    return { people, count: this.#count, isWhole: true };
  }

  /** Somebody has a line to the room. */
  join(person: User): Presence {
    const presence = { user: person, isAway: false, until: Number.POSITIVE_INFINITY };
    this.#entry(person).presences.add(presence);
    return presence;
  }

  /** The line has ended. Until the grace is over, they are as they were. */
  leave(presence: Presence): void {
    presence.until = this.#now() + this.#graceMs;
  }

  /** Somebody without a line says how they are; it holds until they say it again, or not. */
  report(person: User, isAway: boolean): void {
    const entry = this.#entry(person);
    entry.reported ??= { user: person, isAway, until: 0 };
    entry.reported.isAway = isAway;
    entry.reported.until = this.#now() + REPORT_TTL_MS;
    entry.presences.add(entry.reported);
  }

  /** Those whom it concerns may not be here any more, whatever they told. */
  evict(concerns: (person: User) => boolean): void {
    for (const { user, reported } of this.#entries.values()) {
      if (reported && concerns(user)) this.leave(reported);
    }
  }

  startTyping(uid: string): void {
    const entry = this.#entries.get(uid);
    if (entry) entry.typingUntil = this.#now() + TYPING_MS;
  }

  /** They have said it. Gives whether they were shown typing. */
  stopTyping(uid: string): boolean {
    const entry = this.#entries.get(uid);
    if (entry) entry.typingUntil = 0;
    return entry?.lastSent?.isTyping ?? false;
  }

  /** What is to be shown differently from what was shown last. */
  changes(): RoomState | undefined {
    const now = this.#now();
    const people: PresenceEntry[] = [];
    for (const [uid, entry] of this.#entries) {
      expire(entry, now);
      if (entry.presences.size === 0) {
        this.#entries.delete(uid);
        if (!entry.lastSent) continue;
        this.#shown -= 1;
        people.push({ ...entry.lastSent, state: 'gone', isTyping: false });
      } else if (entry.lastSent || this.#shown < MAX_SHOWN) {
        const shown = toPresenceEntry(entry, now);
        if (isEqual(shown, entry.lastSent)) continue;
        if (!entry.lastSent) this.#shown += 1;
        entry.lastSent = shown;
        people.push(shown);
      }
    }
    if (people.length === 0 && this.#count === this.#entries.size) return undefined;
    this.#count = this.#entries.size;
    return { people, count: this.#count, isWhole: false };
  }

  /** How long until something changes by itself, in milliseconds; `undefined` if nothing does. */
  get nextMs(): number | undefined {
    const now = this.#now();
    let next = Number.POSITIVE_INFINITY;
    for (const { presences, typingUntil } of this.#entries.values()) {
      for (const { until } of presences) next = Math.min(next, until);
      if (typingUntil > now) next = Math.min(next, typingUntil);
    }
    return next === Number.POSITIVE_INFINITY ? undefined : Math.max(1, Math.ceil(next - now));
  }

  #entry(person: User): Entry {
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
      lastSent: undefined,
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
  return { uid, name, state: isAway ? 'away' : 'here', isTyping: typingUntil > now };
}

function isEqual(a: PresenceEntry, b: PresenceEntry | undefined): boolean {
  return a.state === b?.state && a.isTyping === b.isTyping && a.name === b.name;
}
