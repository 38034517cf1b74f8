import type { Settings } from '../auth/room-settings.ts';
import type { User } from '../auth/user.ts';
import type { RoomState } from '../transports/framing/format.ts';
import { type EncodedFrames, encodeOnce } from './encoded-frames.ts';
import type { Framing } from './framing.ts';
import { type Presence, PresenceTracker } from './presence-tracker.ts';

/** Changes are collected for this long, so that many users who join at once are one update. */
const COALESCE_MS = 300;

/** Sends a room's presence and settings as they change. */
export class PresenceBroadcaster {
  readonly #tracker: PresenceTracker;
  readonly #graceMs: number;
  readonly #broadcast: (frames: EncodedFrames) => void;
  #room: RoomState['room'];
  #snapshot: EncodedFrames | undefined;
  #timer: NodeJS.Timeout | undefined;
  #due = Number.POSITIVE_INFINITY;

  /** @param graceMs how long a user who left is still shown */
  constructor(graceMs: number, tell: (frames: EncodedFrames) => void) {
    this.#graceMs = graceMs;
    this.#tracker = new PresenceTracker(graceMs, performance.now.bind(performance));
    this.#broadcast = tell;
  }

  get count(): number {
    return this.#tracker.count;
  }

  get isEmpty(): boolean {
    return this.#tracker.isEmpty;
  }

  /** Nobody is here, and nothing is sent any more. */
  close(): void {
    clearTimeout(this.#timer);
  }

  /** The complete state. */
  get snapshot(): RoomState {
    return { ...(this.#room && { room: this.#room }), ...this.#tracker.all };
  }

  /** The same as frames, built once for everybody who joins between two changes. */
  snapshotFrames(framing: Framing): Buffer {
    this.#snapshot ??= stateFrames(this.snapshot);
    return this.#snapshot(framing);
  }

  userOf(uid: string): User | undefined {
    return this.#tracker.userOf(uid);
  }

  /** The browsers that a user is online with. */
  browsers(uid: string): readonly string[] {
    return this.#tracker.browsers(uid);
  }

  setRoomState({ topic, owner, isLocked, slowS, pinned }: Settings): void {
    const isFirst = this.#room === undefined;
    this.#room = { topic, owner, isLocked, slowS, pinned };
    this.#snapshot = undefined;
    const changed = { room: this.#room, people: [], count: this.count, isWhole: false };
    if (!isFirst) this.#broadcast(stateFrames(changed));
  }

  join(user: User): Presence {
    const presence = this.#tracker.join(user);
    this.#schedule(COALESCE_MS);
    return presence;
  }

  leave(presence: Presence): void {
    this.#tracker.leave(presence);
    this.#schedule(this.#graceMs);
  }

  /** A user's state: of a connection, or of a request without one. */
  report(user: User, isAway: boolean, presence: Presence | undefined): void {
    if (presence) presence.isAway = isAway;
    else this.#tracker.report(user, isAway);
    this.#schedule(COALESCE_MS);
  }

  evict(concerns: (user: User) => boolean): void {
    this.#tracker.evict(concerns);
    this.#schedule(this.#graceMs);
  }

  startTyping(uid: string): void {
    this.#tracker.startTyping(uid);
    this.#schedule(COALESCE_MS);
  }

  stopTyping(uid: string): void {
    if (this.#tracker.stopTyping(uid)) this.#schedule(COALESCE_MS);
  }

  /** Makes sure that changes are sent within this time. */
  #schedule(ms: number | undefined): void {
    if (ms === undefined) return;
    const due = performance.now() + ms;
    if (due >= this.#due) return;
    clearTimeout(this.#timer);
    this.#due = due;
    // An empty room does not keep the process alive.
    this.#timer = setTimeout(() => this.#flush(), ms).unref();
  }

  #flush(): void {
    this.#due = Number.POSITIVE_INFINITY;
    const changes = this.#tracker.changes();
    if (changes) {
      this.#snapshot = undefined;
      this.#broadcast(stateFrames(changes));
    }
    this.#schedule(this.#tracker.nextMs);
  }
}

function stateFrames(aside: RoomState): EncodedFrames {
  return encodeOnce((format) => format.state(aside));
}
