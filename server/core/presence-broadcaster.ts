import type { Actor } from './actor.ts';
import { type EncodedFrames, encodeOnce } from './encoded-frames.ts';
import type { EphemeralMessage, Framing } from './framing.ts';
import { type Presence, PresenceTracker, type PresenceUpdate } from './presence-tracker.ts';

/** How presence is sent, with the state of the room itself or without it. */
type StateMessage = (update: PresenceUpdate, includesRoom: boolean) => EphemeralMessage;

/** Changes are collected for this long, so that many users who join at once are one update. */
const COALESCE_MS = 300;

/** Sends a room's presence and state as they change. */
export class PresenceBroadcaster {
  readonly #tracker: PresenceTracker;
  readonly #graceMs: number;
  readonly #message: StateMessage;
  readonly #broadcast: (frames: EncodedFrames) => void;
  #snapshot: EncodedFrames | undefined;
  #timer: NodeJS.Timeout | undefined;
  #due = Number.POSITIVE_INFINITY;

  /** @param graceMs how long a user who left is still shown */
  constructor(graceMs: number, message: StateMessage, broadcast: (frames: EncodedFrames) => void) {
    this.#graceMs = graceMs;
    this.#tracker = new PresenceTracker(graceMs, performance.now.bind(performance));
    this.#message = message;
    this.#broadcast = broadcast;
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

  /** All who are here. */
  get snapshot(): PresenceUpdate {
    return this.#tracker.all;
  }

  /** The complete state as frames, built once for everybody who joins between two changes. */
  snapshotFrames(framing: Framing): Buffer {
    this.#snapshot ??= encodeOnce(this.#message(this.snapshot, true));
    return this.#snapshot(framing);
  }

  userOf(uid: string): Actor | undefined {
    return this.#tracker.userOf(uid);
  }

  /** The browsers that a user is online with. */
  browsers(uid: string): readonly string[] {
    return this.#tracker.browsers(uid);
  }

  /** The state of the room itself has changed. */
  roomChanged(): void {
    this.#snapshot = undefined;
    const nobody = { people: [], count: this.count, isWhole: false };
    this.#broadcast(encodeOnce(this.#message(nobody, true)));
  }

  join(user: Actor): Presence {
    const presence = this.#tracker.join(user);
    this.#schedule(COALESCE_MS);
    return presence;
  }

  leave(presence: Presence): void {
    this.#tracker.leave(presence);
    this.#schedule(this.#graceMs);
  }

  /** A user's state: of a connection, or of a request without one. */
  report(user: Actor, isAway: boolean, presence: Presence | undefined): void {
    if (presence) presence.isAway = isAway;
    else this.#tracker.report(user, isAway);
    this.#schedule(COALESCE_MS);
  }

  evict(concerns: (user: Actor) => boolean): void {
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
      this.#broadcast(encodeOnce(this.#message(changes, false)));
    }
    this.#schedule(this.#tracker.nextMs);
  }
}
