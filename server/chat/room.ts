import type { RefusalCode } from '../errors.ts';
import type { Event } from '../event.ts';
import type { Appended, Log } from '../log/log.ts';
import type { Person } from '../people/person.ts';
import type { Answer } from '../render/answer.ts';
import type { Encoding } from '../render/encoding.ts';
import { type Fragment, fragment } from '../render/fragment.ts';
import type { Aside } from '../render/speech.ts';
import type { Change } from '../store/change.ts';
import { type Settings, sanctionOf, settingsOf } from '../store/settings.ts';
import type { Store } from '../store/store.ts';
import { actOf } from './act.ts';
import { Attendance } from './attendance.ts';
import { Batch, batches } from './batch.ts';
import { type Command, readBody } from './command.ts';
import { type Cursor, formatCursor } from './cursor.ts';
import { Recent } from './recent.ts';
import type { Presence } from './roster.ts';
import type { Piece, Source, Waiter } from './waiter.ts';

/** More changes than these are not sent after an absence: one who missed so much begins anew. */
const MAX_RESUME = 1_000;
/** Messages read from the store at once for a waiter that is behind. */
const PIECE_MESSAGES = 64;

/** Where people talk: one log of events, and those who wait for the next. */
export class Room implements Source {
  readonly name: string;
  readonly #log: Log;
  readonly #store: Store;
  readonly #recent: Recent;
  readonly #attendance = new Attendance((frames) => this.#tell(frames));
  readonly #waiters = new Set<Waiter>();
  #settings: Settings;
  /** What came while the room was read from the store. */
  #early: Change[] | undefined = [];

  constructor(name: string, log: Log, store: Store) {
    this.name = name;
    this.#log = log;
    this.#store = store;
    this.#recent = new Recent(log.epoch);
    this.#settings = settingsOf(name);
  }

  /** Reads what the room begins with from the store. */
  async open(): Promise<this> {
    const [stored, settings] = await Promise.all([
      this.#store.latest(this.name, Recent.ENOUGH),
      this.#store.settings(this.name),
    ]);
    const early = this.#early ?? [];
    this.#early = undefined;
    this.#settings = settings ?? this.#settings;
    this.#recent.add(stored.map(fragment));
    this.#attendance.keep(this.#settings);
    this.receive(early);
    return this;
  }

  get epoch(): string {
    return this.#log.epoch;
  }

  get head(): number {
    return this.#recent.head;
  }

  /** Where one stands who has heard all there is. */
  get cursor(): Cursor {
    return { epoch: this.epoch, seq: this.head };
  }

  get settings(): Settings {
    return this.#settings;
  }

  /** How many people are here. */
  get count(): number {
    return this.#attendance.count;
  }

  get isEmpty(): boolean {
    const isQuiet = this.#waiters.size === 0 && this.#early === undefined;
    return isQuiet && this.#attendance.isEmpty;
  }

  /** The room is empty and let go: who comes after that finds another one by its name. */
  close(): void {
    this.#attendance.close();
  }

  /**
   * The one door for writing. What leaves no trace gives nothing.
   * @param presence the line by which it was asked, if it was by one
   * @throws Refusal, and nothing has happened
   */
  async do(command: Command, person: Person, presence?: Presence): Promise<Appended | undefined> {
    const event = { room: this.name, who: person, at: Date.now() };
    switch (command.do) {
      case 'here':
        this.#attendance.tell(person, command.away, presence);
        return undefined;
      case 'typing':
        this.#attendance.type(person.uid);
        return undefined;
      case 'say': {
        const { cid } = command;
        const body = readBody(command.message);
        this.#attendance.stopTyping(person.uid);
        return this.#append({ kind: 'posted', cid, body, ...event });
      }
      case 'delete':
        return this.#append({ kind: 'deleted', id: command.id, ...event });
      default: {
        const act = await actOf(command, (uid) => this.#find(uid));
        return this.#append({ kind: 'acted', act, ...event });
      }
    }
  }

  /** Makes the room somebody's own. @throws Refusal where it is not free */
  make(person: Person, how: Pick<Settings, 'topic' | 'isListed' | 'word'>): Promise<Appended> {
    const act = { act: 'made' as const, ...how };
    return this.#append({ kind: 'acted', act, room: this.name, who: person, at: Date.now() });
  }

  /** Takes what a commit changed: rendered once, framed once, given to every waiter. */
  receive(changes: readonly Change[]): void {
    if (this.#early) {
      this.#early.push(...changes);
      return;
    }
    let fragments: Fragment[] = [];
    const send = () => {
      for (const batch of batches(fragments, this.epoch)) this.#deliver(batch);
      fragments = [];
    };
    for (const { seq, message, settings } of changes) {
      if (seq <= this.head) continue;
      if (settings && settings.clearedSeq > this.#settings.clearedSeq) {
        send();
        this.#recent.clear(seq - 1);
        if (message) this.#deliver(new Batch([fragment(message)], this.epoch, true));
      } else if (message) {
        fragments.push(fragment(message));
      }
      if (settings) this.#keep(settings);
    }
    send();
  }

  enter(waiter: Waiter): void {
    this.#waiters.add(waiter);
  }

  leave(waiter: Waiter): void {
    this.#waiters.delete(waiter);
  }

  /** Somebody has a line to the room, until they leave. */
  attend(person: Person): Presence {
    return this.#attendance.enter(person);
  }

  depart(presence: Presence): void {
    this.#attendance.leave(presence);
  }

  /** Ends every line of those whom it concerns. */
  dismiss(why: RefusalCode, concerns: (person: Person) => boolean): void {
    for (const waiter of [...this.#waiters]) {
      if (waiter.person && concerns(waiter.person)) waiter.dismiss(why);
    }
  }

  /** The last messages, rendered. */
  get latest(): readonly Fragment[] {
    return this.#recent.history;
  }

  /** The last messages before the message `id`, rendered, the oldest first. */
  async before(id: number, limit: number): Promise<readonly Fragment[]> {
    return (await this.#store.before(this.name, id, limit)).map(fragment);
  }

  /** How many messages were posted after the message `id`, counted up to `limit`. */
  countAfter(id: number, limit: number): Promise<number> {
    return this.#store.countAfter(this.name, id, limit);
  }

  get historyFloor(): number {
    return this.#recent.historyFloor;
  }

  async canResume({ epoch, seq }: Cursor): Promise<boolean> {
    if (epoch !== this.epoch || seq > Math.max(this.head, this.#log.head)) return false;
    if (seq < this.#settings.clearedSeq) return false;
    if (this.#recent.reaches(seq)) return true;
    return (await this.#store.countSince(this.name, seq, MAX_RESUME + 1)) <= MAX_RESUME;
  }

  /** What one is answered who asks now: what changed after the cursor, the first of it. */
  async since(after: Cursor | undefined): Promise<Answer> {
    const { epoch } = this;
    if (!after || !(await this.canResume(after))) {
      const cursor = formatCursor(this.cursor);
      return { isGap: after !== undefined, fragments: this.latest, cursor };
    }
    const { batch, upTo } = await this.read(after.seq, false);
    const seq = Math.max(upTo, after.seq);
    return {
      isGap: batch?.isAnew ?? false,
      fragments: batch?.fragments ?? [],
      cursor: formatCursor({ epoch, seq }),
    };
  }

  async read(seq: number, isNewcomer: boolean): Promise<Piece> {
    const { head } = this;
    const { clearedSeq } = this.#settings;
    if (seq < clearedSeq && !isNewcomer) {
      const [first] = batches(this.latest, this.epoch);
      const anew = first && new Batch(first.fragments, this.epoch, true);
      return { batch: anew, upTo: anew?.head ?? head };
    }
    if (this.#recent.reaches(seq)) {
      const batch = this.#recent.after(seq, !isNewcomer);
      return { batch, upTo: batch?.head ?? head };
    }
    const stored = await this.#store.changedSince(this.name, seq, PIECE_MESSAGES);
    // What the log has not brought here yet comes with its batch, and not before.
    const fragments = stored.filter((message) => message.seq <= head).map(fragment);
    const [batch] = batches(fragments, this.epoch);
    const isLast =
      fragments.length < PIECE_MESSAGES && (batch?.fragments.length ?? 0) === fragments.length;
    return { batch: batch ?? undefined, upTo: isLast ? head : (batch?.head ?? head) };
  }

  aside(encoding: Encoding): Buffer {
    return this.#attendance.whole(encoding);
  }

  /** All that is beside the log, for one who has no line. */
  get surroundings(): Aside {
    return this.#attendance.all;
  }

  #append(event: Event): Promise<Appended> {
    return this.#log.append(event);
  }

  #deliver(batch: Batch): void {
    this.#recent.add(batch.fragments);
    for (const waiter of this.#waiters) waiter.deliver(batch);
  }

  #tell(frames: (encoding: Encoding) => Buffer): void {
    for (const waiter of this.#waiters) waiter.tell(frames);
  }

  /** The room is kept differently from now on: those who were removed leave. */
  #keep(settings: Settings): void {
    this.#settings = settings;
    this.#attendance.keep(settings);
    const now = Date.now();
    this.dismiss('removed', (who) => sanctionOf(settings, who, 'removed', now) !== undefined);
  }

  /** Who somebody is, who is or was here. */
  async #find(uid: string): Promise<{ uid: string; name: string | null; address?: string }> {
    const here = this.#attendance.person(uid);
    if (here) return here;
    const known = this.#settings.sanctions.find((sanction) => sanction.uid === uid);
    return { uid, name: known?.name ?? (await this.#store.nameOf(uid)) };
  }
}
