import type { Actor, Principal } from './actor.ts';
import type { Admission } from './admission.ts';
import { toBatches } from './batch.ts';
import type { Change } from './change.ts';
import { coalesce } from './coalesce.ts';
import { Counters } from './counters.ts';
import type { Cursor, Position } from './cursor.ts';
import { type EncodedFrames, encodeOnce } from './encoded-frames.ts';
import type { ErrorCode } from './errors.ts';
import type { LazyFragment, TextType } from './fragment.ts';
import type { EphemeralMessage, Framing } from './framing.ts';
import type { HistoryStore } from './history-store.ts';
import type { PublishedLog } from './log.ts';
import type { Message } from './message.ts';
import type { PresenceUpdate } from './presence.ts';
import { PresenceBroadcaster } from './presence-broadcaster.ts';
import type { PresenceExchange } from './presence-exchange.ts';
import type { Presence } from './presence-tracker.ts';
import type { FragmentRenderer, Reader } from './renderer.ts';
import { RoomFailure } from './room-failure.ts';
import { RoomHistory } from './room-history.ts';
import type { ChangeFeed, Chunk, Waiter } from './waiter.ts';

/** Sends each user in a room what is for them, if there is something. */
export type SendEach = (framesFor: (who: Principal) => EncodedFrames | undefined) => void;

/** What the rooms share. */
interface RoomParts {
  readonly log: PublishedLog;
  readonly messages: HistoryStore;
  readonly renderer: FragmentRenderer;
  /** How long a user who left a room is still shown there. */
  readonly graceMs: number;
  /** @default all users are on this server */
  readonly exchange?: PresenceExchange | undefined;
  /** @default counters that nobody reads */
  readonly counters?: Counters;
}

/**
 * A room: its history, and the waiters for its changes. The state of a room and the meaning of its
 * changes `C` are left to the subclass.
 */
export abstract class Room<C extends Change = Change> implements ChangeFeed {
  readonly name: string;
  readonly history: RoomHistory;
  protected readonly presence: PresenceBroadcaster;
  readonly #renderer: FragmentRenderer;
  readonly #counters: Counters;
  /** The waiters, by which form of a message they receive; forms that nobody receives are absent. */
  readonly #waiters = new Map<TextType, Set<Waiter>>();
  /** Changes that arrived while the room was read from the store. */
  #pendingChanges: C[] | undefined = [];

  constructor(name: string, parts: RoomParts) {
    const { log, messages, renderer, graceMs, exchange, counters } = parts;
    this.name = name;
    this.history = new RoomHistory(name, log, messages, renderer);
    this.presence = new PresenceBroadcaster({
      room: name,
      graceMs,
      exchange,
      message: (update, includesRoom) => this.stateMessage(update, includesRoom),
      broadcast: (frames) => this.#pushEphemeral(frames),
    });
    this.#renderer = renderer;
    this.#counters = counters ?? new Counters();
  }

  /** Reads the initial state from the store. */
  abstract open(): Promise<this>;

  /**
   * The ephemeral state, as it is sent.
   * @param includesRoom whether the state of the room itself is sent with the presence
   */
  protected abstract stateMessage(update: PresenceUpdate, includesRoom: boolean): EphemeralMessage;

  /**
   * Receives each change, in the order of the log.
   * @param isNew false where the room was opened with it
   */
  protected abstract onChange(change: C, isNew: boolean): void;

  /** The initial state is there: applies the changes that arrived meanwhile. */
  protected start(): void {
    const early = this.#pendingChanges ?? [];
    this.#pendingChanges = undefined;
    this.apply(early);
  }

  /** The room is empty and released: opening its name again creates a new one. */
  close(): void {
    this.presence.close();
  }

  /** The room does not match the log: it ends, with every stream of it. */
  fail(error: unknown): void {
    const failure = new RoomFailure(this.name, error);
    for (const waiter of this.#allWaiters) waiter.fail(failure);
    this.close();
  }

  /** How many users are online. */
  get count(): number {
    return this.presence.count;
  }

  get isEmpty(): boolean {
    const isQuiet = this.#waiters.size === 0 && this.#pendingChanges === undefined;
    return isQuiet && this.presence.isEmpty;
  }

  /** Applies what a commit changed: rendered once, framed once, pushed to every waiter. */
  apply(changes: readonly C[]): void {
    if (this.#pendingChanges) {
      this.#pendingChanges.push(...changes);
      return;
    }
    let messages: Message[] = [];
    const send = () => {
      if (messages.length > 0) this.#deliver(coalesce(messages));
      messages = [];
    };
    for (const change of changes) {
      const { seq, message, others = [], isClearing, expiredId } = change;
      const isNew = seq > this.end.seq;
      if (isNew && isClearing) {
        send();
        this.history.clearAt(seq);
        this.#renderer.clear(this.name, seq);
        if (message) this.#deliver([message], true);
      } else if (isNew) {
        if (expiredId !== undefined) {
          send();
          this.history.expire(expiredId);
          this.#renderer.clear(this.name, expiredId);
        }
        messages.push(...(message ? [message] : []), ...others);
        if (message?.id === seq) this.presence.stopTyping(message.uid);
      }
      this.onChange(change, isNew);
    }
    send();
  }

  subscribe(waiter: Waiter): void {
    const others = this.#waiters.get(waiter.type);
    if (others) others.add(waiter);
    else this.#waiters.set(waiter.type, new Set([waiter]));
  }

  unsubscribe(waiter: Waiter): void {
    const all = this.#waiters.get(waiter.type);
    all?.delete(waiter);
    if (all?.size === 0) this.#waiters.delete(waiter.type);
  }

  /** A user is connected to the room, until they leave. */
  join(user: Actor): Presence {
    return this.presence.join(user);
  }

  leave(presence: Presence): void {
    this.presence.leave(presence);
  }

  get epoch(): string {
    return this.history.epoch;
  }

  get end(): Position {
    return this.history.end;
  }

  get historyStart(): number {
    return this.history.historyStart;
  }

  async canResume(cursor: Cursor): Promise<boolean> {
    const canResume = await this.history.canResume(cursor);
    this.#counters[canResume ? 'resumes' : 'resets'] += 1;
    return canResume;
  }

  changesAfter(position: Position, floor: number, reader: Reader): Promise<Chunk> {
    return this.history.changesAfter(position, floor, reader);
  }

  messagesAfter(id: number, reader: Reader): Promise<Chunk> {
    return this.history.messagesAfter(id, reader);
  }

  stateFrames(framing: Framing): Buffer {
    return this.presence.snapshotFrames(framing);
  }

  /** Sends each user in the room what is for them, if there is something. */
  protected sendEach(framesFor: (who: Principal) => EncodedFrames | undefined): void {
    for (const waiter of this.#allWaiters) {
      const frames = framesFor(waiter.admission.who);
      if (frames) waiter.pushOwn(frames);
    }
  }

  /** Sends everybody in the room what the log does not have. */
  protected broadcastEphemeral(message: EphemeralMessage): void {
    this.#pushEphemeral(encodeOnce(message));
  }

  /** Disconnects users who may no longer be in the room. */
  protected disconnectEach(why: (admission: Admission) => ErrorCode | undefined): void {
    for (const waiter of this.#allWaiters) {
      const code = why(waiter.admission);
      if (code) waiter.disconnect(code);
    }
  }

  /** @param isReset whether the room was cleared, so that earlier messages no longer exist */
  #deliver(messages: readonly Message[], isReset = false): void {
    const fragments = messages.map((message) => this.#renderer.message(message));
    this.history.add(fragments);
    for (const type of this.#waiters.keys()) this.#send(fragments, type, isReset);
  }

  /** Pushes new messages to the waiters of this type. */
  #send(fragments: readonly LazyFragment[], type: TextType, isReset: boolean): void {
    const waiters = this.#waiters.get(type) ?? new Set();
    if (!this.#renderer.renderNow(fragments, type)) {
      for (const waiter of waiters) waiter.fallBehind();
      return;
    }
    this.#counters.deliveries += fragments.length * waiters.size;
    for (const batch of toBatches(fragments, type, this.epoch, isReset)) {
      for (const waiter of waiters) waiter.push(batch);
    }
  }

  /** How many events of the log each waiter that is not live has not been sent. */
  get waiterLags(): readonly number[] {
    return this.#allWaiters.flatMap(({ lag }) => lag ?? []);
  }

  /** A copy of the list of waiters: some may leave during a loop. */
  get #allWaiters(): readonly Waiter[] {
    return [...this.#waiters.values()].flatMap((waiters) => [...waiters]);
  }

  #pushEphemeral(frames: EncodedFrames): void {
    for (const waiter of this.#allWaiters) waiter.pushEphemeral(frames);
  }
}
