import { isEqual, MAX_SHOWN, type PresenceEntry, type PresenceUpdate } from './presence.ts';

/** Who is here now. */
interface PresenceNow {
  readonly count: number;
  /** The users who may differ from what was last shown. */
  readonly touched: readonly string[];
  /** All users who are here. */
  everybody(): Iterable<string>;
  /** How a user is to be shown; `undefined` where they are not here. */
  personOf(uid: string): PresenceEntry | undefined;
}

/** The users of a room as they were last shown: what differs from it is what clients are sent. */
export class ShownPresence {
  readonly #people = new Map<string, PresenceEntry>();
  #count = 0;

  /** All users who are shown, for a client that joins. */
  get all(): PresenceUpdate {
    return { people: [...this.#people.values()], count: this.#count, isWhole: true };
  }

  isTyping(uid: string): boolean {
    return this.#people.get(uid)?.isTyping ?? false;
  }

  /** What differs now, which is shown from now on; `undefined` where nothing does. */
  update({ count, touched, everybody, personOf }: PresenceNow): PresenceUpdate | undefined {
    const wasFull = this.#people.size === MAX_SHOWN;
    const gone = touched.flatMap((uid) => (personOf(uid) ? [] : (this.#remove(uid) ?? [])));
    // Others, of whom only the count was sent, are shown in their place.
    const candidates = wasFull && gone.length > 0 ? [...everybody()] : touched;
    const here = candidates.flatMap((uid) => this.#show(personOf(uid)) ?? []);
    const people = [...gone, ...here];
    if (people.length === 0 && this.#count === count) return undefined;
    this.#count = count;
    return { people, count, isWhole: false };
  }

  #remove(uid: string): PresenceEntry | undefined {
    const before = this.#people.get(uid);
    this.#people.delete(uid);
    return before && { ...before, state: 'gone', isTyping: false };
  }

  /** Returns the user if they are shown otherwise than before. */
  #show(person: PresenceEntry | undefined): PresenceEntry | undefined {
    if (!person) return undefined;
    const before = this.#people.get(person.uid);
    if (isEqual(person, before)) return undefined;
    if (!before && this.#people.size >= MAX_SHOWN) return undefined;
    this.#people.set(person.uid, person);
    return person;
  }
}
