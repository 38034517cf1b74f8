import { MAX_SHOWN, type PresenceEntry, type PresenceUpdate } from './presence.ts';
import { ShownPresence } from './shown-presence.ts';

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
  readonly #shown = new ShownPresence();
  /** The users who may differ from what was last shown. */
  readonly #touched = new Set<string>();

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
    return this.#shown.all;
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
    const touched = [...this.#touched];
    this.#touched.clear();
    return this.#shown.update({
      count: this.count,
      touched,
      everybody: () =>
        new Set([...this.#parts.values()].flatMap(({ people }) => [...people.keys()])),
      personOf: (uid) => this.#personOf(uid),
    });
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
