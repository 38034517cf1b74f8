import { isEqual, MAX_SHOWN, type PresenceEntry, type PresenceUpdate } from './presence.ts';

/** The users of one node. */
interface Part {
  readonly people: Map<string, PresenceEntry>;
  /** How many there are: more than `people` has, where they are many. */
  count: number;
}

/**
 * Who is in a room, on all nodes together: a user is one person however many nodes they are on. Each
 * part is written by its node alone, so that two never contradict each other. A user beyond the ones
 * shown by name counts once on each node.
 */
export class PresenceUnion {
  readonly #parts = new Map<string, Part>();
  /** The users as they were last sent. */
  readonly #shown = new Map<string, PresenceEntry>();
  /** The users who may differ from that. */
  readonly #touched = new Set<string>();
  #count = 0;

  /** How many users are online. */
  get count(): number {
    const parts = [...this.#parts.values()];
    const [only] = parts;
    if (only && parts.length === 1) return only.count;
    const known = new Set(parts.flatMap(({ people }) => [...people.keys()]));
    return parts.reduce((sum, { people, count }) => sum + count - people.size, known.size);
  }

  /** All users who are shown, for a client that joins. */
  get all(): PresenceUpdate {
    return { people: [...this.#shown.values()], count: this.#count, isWhole: true };
  }

  /** A node has told who is there, or what differs. */
  update(node: string, { people, count, isWhole }: PresenceUpdate): void {
    const part = this.#parts.get(node) ?? { people: new Map(), count: 0 };
    if (isWhole) {
      for (const uid of part.people.keys()) this.#touched.add(uid);
      part.people.clear();
    }
    for (const person of people) {
      const { uid, state } = person;
      this.#touched.add(uid);
      if (state === 'gone') part.people.delete(uid);
      else if (part.people.has(uid) || part.people.size < MAX_SHOWN) part.people.set(uid, person);
    }
    part.count = Math.max(count, part.people.size);
    if (part.count > 0) this.#parts.set(node, part);
    else this.#parts.delete(node);
  }

  /** A node is no longer heard of. */
  remove(node: string): void {
    this.update(node, { people: [], count: 0, isWhole: true });
  }

  /**
   * The user has posted: their node says so too, a moment later.
   * @returns whether they were shown as typing
   */
  stopTyping(uid: string): boolean {
    for (const { people } of this.#parts.values()) {
      const person = people.get(uid);
      if (!person?.isTyping) continue;
      people.set(uid, { ...person, isTyping: false });
      this.#touched.add(uid);
    }
    return this.#touched.has(uid);
  }

  /** What differs from what was last sent. */
  changes(): PresenceUpdate | undefined {
    const wasFull = this.#shown.size === MAX_SHOWN;
    const gone = [...this.#touched].flatMap((uid) => this.#gone(uid) ?? []);
    // Others, of whom only the count was sent, are shown in their place.
    if (wasFull && gone.length > 0) {
      for (const { people } of this.#parts.values())
        for (const uid of people.keys()) this.#touched.add(uid);
    }
    const here = [...this.#touched].flatMap((uid) => this.#changed(uid) ?? []);
    this.#touched.clear();
    const people = [...gone, ...here];
    const { count } = this;
    if (people.length === 0 && this.#count === count) return undefined;
    this.#count = count;
    return { people, count, isWhole: false };
  }

  /** A user who was shown, and is nowhere any more. */
  #gone(uid: string): PresenceEntry | undefined {
    const before = this.#shown.get(uid);
    if (!before || this.#personOf(uid)) return undefined;
    this.#shown.delete(uid);
    return { ...before, state: 'gone', isTyping: false };
  }

  /** A user who is to be shown otherwise than before. */
  #changed(uid: string): PresenceEntry | undefined {
    const before = this.#shown.get(uid);
    const now = this.#personOf(uid);
    if (!now || isEqual(now, before)) return undefined;
    if (!before && this.#shown.size >= MAX_SHOWN) return undefined;
    this.#shown.set(uid, now);
    return now;
  }

  /** Online where one of their nodes says so. */
  #personOf(uid: string): PresenceEntry | undefined {
    const known = [...this.#parts.values()].flatMap(({ people }) => people.get(uid) ?? []);
    const [first] = known;
    if (!first || known.length === 1) return first;
    const { name } = known.find((person) => person.name !== null) ?? first;
    const isOnline = known.some(({ state }) => state === 'online');
    const isTyping = known.some((person) => person.isTyping);
    return { uid, name, state: isOnline ? 'online' : 'away', isTyping };
  }
}
