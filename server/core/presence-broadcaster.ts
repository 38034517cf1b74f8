import type { Person } from '../auth/user.ts';
import type { Settings } from '../features/moderation/room-settings.ts';
import type { Aside } from '../transports/framing/format.ts';
import { type Frames, framesOf } from './encoded-frames.ts';
import type { Encoding } from './framing.ts';
import { type Presence, Roster } from './presence-tracker.ts';

/** Changes are gathered for so long, so that many who come at once are told of at once. */
const GATHER_MS = 300;

/** Tells a room who is in it and how it is kept, as that changes. */
export class Attendance {
  readonly #roster: Roster;
  readonly #graceMs: number;
  readonly #tell: (frames: Frames) => void;
  #room: Aside['room'];
  #whole: Frames | undefined;
  #timer: NodeJS.Timeout | undefined;
  #due = Number.POSITIVE_INFINITY;

  /** @param graceMs how long one who has left is still shown */
  constructor(graceMs: number, tell: (frames: Frames) => void) {
    this.#graceMs = graceMs;
    this.#roster = new Roster(graceMs, performance.now.bind(performance));
    this.#tell = tell;
  }

  get count(): number {
    return this.#roster.count;
  }

  get isEmpty(): boolean {
    return this.#roster.isEmpty;
  }

  /** Nobody is here, and nobody is told anything any more. */
  close(): void {
    clearTimeout(this.#timer);
  }

  /** All there is to tell. */
  get all(): Aside {
    return { ...(this.#room && { room: this.#room }), ...this.#roster.all };
  }

  /** The same as frames, made once for all who come between two changes. */
  whole(encoding: Encoding): Buffer {
    this.#whole ??= asideFrames(this.all);
    return this.#whole(encoding);
  }

  person(uid: string): Person | undefined {
    return this.#roster.person(uid);
  }

  /** The browsers by which somebody is here. */
  browsers(uid: string): readonly string[] {
    return this.#roster.browsers(uid);
  }

  keep({ topic, owner, isLocked, slowS, pinned }: Settings): void {
    const isFirst = this.#room === undefined;
    this.#room = { topic, owner, isLocked, slowS, pinned };
    this.#whole = undefined;
    const changed = { room: this.#room, people: [], count: this.count, isWhole: false };
    if (!isFirst) this.#tell(asideFrames(changed));
  }

  enter(person: Person): Presence {
    const presence = this.#roster.enter(person);
    this.#plan(GATHER_MS);
    return presence;
  }

  leave(presence: Presence): void {
    this.#roster.leave(presence);
    this.#plan(this.#graceMs);
  }

  /** How somebody is here: by a line, or by a request that has none. */
  tell(person: Person, isAway: boolean, presence: Presence | undefined): void {
    if (presence) presence.isAway = isAway;
    else this.#roster.tell(person, isAway);
    this.#plan(GATHER_MS);
  }

  forget(concerns: (person: Person) => boolean): void {
    this.#roster.forget(concerns);
    this.#plan(this.#graceMs);
  }

  type(uid: string): void {
    this.#roster.type(uid);
    this.#plan(GATHER_MS);
  }

  stopTyping(uid: string): void {
    if (this.#roster.stopTyping(uid)) this.#plan(GATHER_MS);
  }

  /** Sees to it that changes are told by then. */
  #plan(ms: number | undefined): void {
    if (ms === undefined) return;
    const due = performance.now() + ms;
    if (due >= this.#due) return;
    clearTimeout(this.#timer);
    this.#due = due;
    // A room that nobody is in does not keep the process alive.
    this.#timer = setTimeout(() => this.#flush(), ms).unref();
  }

  #flush(): void {
    this.#due = Number.POSITIVE_INFINITY;
    const changes = this.#roster.changes();
    if (changes) {
      this.#whole = undefined;
      this.#tell(asideFrames(changes));
    }
    this.#plan(this.#roster.nextMs);
  }
}

function asideFrames(aside: Aside): Frames {
  return framesOf((speech) => speech.aside(aside));
}
