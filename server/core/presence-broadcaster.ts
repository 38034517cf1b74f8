import type { Actor } from './actor.ts';
import { type EncodedFrames, encodeOnce } from './encoded-frames.ts';
import type { EphemeralMessage, Framing } from './framing.ts';
import type { PresenceUpdate } from './presence.ts';
import { aloneInRoom, type PresenceExchange, type SharedPresence } from './presence-exchange.ts';
import { type Presence, PresenceTracker } from './presence-tracker.ts';

/** How presence is sent, with the state of the room itself or without it. */
type StateMessage = (update: PresenceUpdate, includesRoom: boolean) => EphemeralMessage;

/** Changes are collected for this long, so that many users who join at once are one update. */
const COALESCE_MS = 300;
/** The part of the users of this server. */
const OWN = '';

interface Parts {
  readonly room: string;
  /** How long a user who left is still shown. */
  readonly graceMs: number;
  /** @default all users are on this server */
  readonly exchange?: PresenceExchange | undefined;
  readonly message: StateMessage;
  readonly broadcast: (frames: EncodedFrames) => void;
}

/** Sends a room's presence and state as they change. */
export class PresenceBroadcaster {
  /** The users of this server. */
  readonly #tracker: PresenceTracker;
  /** They and those of other nodes. */
  readonly #shared: SharedPresence;
  readonly #graceMs: number;
  readonly #message: StateMessage;
  readonly #broadcast: (frames: EncodedFrames) => void;
  #snapshot: EncodedFrames | undefined;
  #timer: NodeJS.Timeout | undefined;
  #due = Number.POSITIVE_INFINITY;
  /** How many of the users of this server are in `#shared`. */
  #sharedCount = 0;
  #isClosed = false;

  constructor({ room, graceMs, exchange, message, broadcast }: Parts) {
    this.#graceMs = graceMs;
    this.#tracker = new PresenceTracker(graceMs, performance.now.bind(performance));
    this.#message = message;
    this.#broadcast = broadcast;
    this.#shared =
      exchange?.share(room, {
        own: () => this.#tracker.all,
        onChange: () => this.#schedule(COALESCE_MS),
      }) ?? aloneInRoom();
  }

  get count(): number {
    return this.#shared.union.count - this.#sharedCount + this.#tracker.count;
  }

  /** Whether nobody is here, on this server. */
  get isEmpty(): boolean {
    return this.#tracker.isEmpty;
  }

  /** Nobody is here, and nothing is sent any more. */
  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    this.#shared.union.remove(OWN);
    this.#shared.union.changes();
    this.#shared.close();
  }

  /** All who are here. */
  get snapshot(): PresenceUpdate {
    return this.#shared.union.all;
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

  /** The user has posted, on this server or another. */
  stopTyping(uid: string): void {
    const isTyping = this.#tracker.stopTyping(uid);
    if (this.#shared.union.stopTyping(uid) || isTyping) this.#schedule(COALESCE_MS);
  }

  /** Makes sure that changes are sent within this time. */
  #schedule(ms: number): void {
    if (this.#isClosed) return;
    const due = performance.now() + ms;
    if (due >= this.#due) return;
    clearTimeout(this.#timer);
    this.#due = due;
    // An empty room does not keep the process alive.
    this.#timer = setTimeout(() => this.#flush(), ms).unref();
  }

  #flush(): void {
    this.#due = Number.POSITIVE_INFINITY;
    const own = this.#tracker.changes();
    if (own) {
      this.#sharedCount = own.count;
      this.#shared.union.update(OWN, own);
      this.#shared.tell(own);
    }
    const changes = this.#shared.union.changes();
    if (changes) {
      this.#snapshot = undefined;
      this.#broadcast(encodeOnce(this.#message(changes, false)));
    }
    const { nextMs } = this.#tracker;
    // Many who left one after the other: without this, one update for each, to all.
    if (nextMs !== undefined) this.#schedule(Math.max(nextMs, COALESCE_MS));
  }
}
