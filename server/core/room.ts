import { accessDenial } from '../auth/admission.ts';
import { defaultSettings, type Settings } from '../auth/room-settings.ts';
import type { Principal, User } from '../auth/user.ts';
import type { Command } from '../features/command.ts';
import type { TextType } from '../features/messages/fragment.ts';
import type { RenderedMessage } from '../features/messages/rendered-message.ts';
import type { Reader, Renderer } from '../features/messages/renderer.ts';
import type { ResolveUser } from '../features/moderation/room-action.ts';
import { isBallot, RoomPolls } from '../features/polls/room-polls.ts';
import type { Store } from '../features/store.ts';
import { toEvent } from '../features/to-event.ts';
import type { RoomState } from '../transports/framing/format.ts';
import { toBatches } from './batch.ts';
import type { Change } from './change.ts';
import { coalesce } from './coalesce.ts';
import type { Cursor, Position } from './cursor.ts';
import type { EncodedFrames } from './encoded-frames.ts';
import type { Framing } from './framing.ts';
import type { AppendResult, Log } from './log.ts';
import type { Message } from './message.ts';
import { PresenceBroadcaster } from './presence-broadcaster.ts';
import type { Presence } from './presence-tracker.ts';
import { RoomFailure } from './room-failure.ts';
import { RoomHistory } from './room-history.ts';
import type { ChangeFeed, Chunk, Waiter } from './waiter.ts';

/** What the rooms share. */
export interface RoomParts {
  readonly log: Log;
  readonly store: Store;
  readonly renderer: Renderer;
  /** How long a user who left a room is still shown there. */
  readonly graceMs: number;
}

/** A chat room: one log of events, and the waiters for the next ones. */
export class Room implements ChangeFeed {
  readonly name: string;
  readonly history: RoomHistory;
  readonly polls: RoomPolls;
  readonly #log: Log;
  readonly #store: Store;
  readonly #renderer: Renderer;
  readonly #presence: PresenceBroadcaster;
  /** The waiters, by which form of a message they receive. */
  readonly #waiters: Readonly<Record<TextType, Set<Waiter>>> = { html: new Set(), json: new Set() };
  #settings: Settings;
  /** Changes that arrived while the room was read from the store. */
  #pendingChanges: Change[] | undefined = [];

  constructor(name: string, { log, store, renderer, graceMs }: RoomParts) {
    this.name = name;
    this.#presence = new PresenceBroadcaster(graceMs, (frames) => this.#broadcastEphemeral(frames));
    this.history = new RoomHistory(name, log, store, renderer);
    this.polls = new RoomPolls({
      room: name,
      log,
      store,
      renderer,
      rendered: (message) => this.history.renderedMessage(message),
      tell: (framesFor) => this.#sendEach(framesFor),
    });
    this.#log = log;
    this.#store = store;
    this.#renderer = renderer;
    this.#settings = defaultSettings(name);
  }

  /** Reads the initial state from the store. */
  async open(): Promise<this> {
    // All are awaited together: a failed read must leave no unhandled rejection.
    const [settings] = await Promise.all([
      this.#store.queries.settings(this.name),
      this.history.open(),
      this.polls.open(),
    ]);
    const early = this.#pendingChanges ?? [];
    this.#pendingChanges = undefined;
    this.#applySettings(settings ?? this.#settings);
    this.apply(early);
    return this;
  }

  /** The room is empty and released: opening its name again creates a new one. */
  close(): void {
    this.polls.close();
    this.#presence.close();
  }

  /** The room does not match the log: it ends, with every stream of it. */
  fail(error: unknown): void {
    const failure = new RoomFailure(this.name, error);
    for (const waiter of this.#allWaiters) waiter.fail(failure);
    this.close();
  }

  get settings(): Settings {
    return this.#settings;
  }

  /** How many users are online. */
  get count(): number {
    return this.#presence.count;
  }

  get isEmpty(): boolean {
    const { html, json } = this.#waiters;
    const isQuiet = html.size + json.size === 0 && this.#pendingChanges === undefined;
    return isQuiet && this.#presence.isEmpty;
  }

  /**
   * All writes go through here. What the log does not have, or only counts, returns nothing.
   * @param presence of the connection that the command came over, if any
   * @throws ChatError, and nothing has happened
   */
  async execute(
    command: Command,
    user: User,
    presence?: Presence,
  ): Promise<AppendResult | undefined> {
    if (command.do === 'here') this.#presence.report(user, command.away, presence);
    else if (command.do === 'typing') this.#presence.startTyping(user.uid);
    else {
      const event = await toEvent(command, this.name, user, this.#resolveUser);
      if (isBallot(event)) return this.polls.vote(event).then(() => undefined);
      this.#presence.stopTyping(user.uid);
      return this.#log.append(event);
    }
    return undefined;
  }

  /** Makes the user the owner of the room. @throws ChatError where the room is taken */
  create(user: User, how: Pick<Settings, 'topic' | 'isListed' | 'word'>): Promise<AppendResult> {
    const act = { act: 'made' as const, ...how };
    return this.#log.append({ kind: 'acted', act, room: this.name, who: user, at: Date.now() });
  }

  /** Applies what a commit changed: rendered once, framed once, pushed to every waiter. */
  apply(changes: readonly Change[]): void {
    if (this.#pendingChanges) {
      this.#pendingChanges.push(...changes);
      return;
    }
    let messages: Message[] = [];
    const send = () => {
      if (messages.length > 0) this.#deliver(coalesce(messages));
      messages = [];
    };
    for (const { seq, message, requoted = [], settings, vote } of changes) {
      if (vote) this.polls.onVote(vote);
      if (seq <= this.end.seq) continue;
      if (message) this.polls.onPollChanged(message);
      if (settings && settings.clearedSeq === seq) {
        send();
        this.history.clearAt(seq);
        this.#renderer.clear(this.name, seq);
        if (message) this.#deliver([message], true);
      } else if (message) {
        messages.push(message, ...requoted);
      }
      if (settings) this.#applySettings(settings);
    }
    send();
  }

  subscribe(waiter: Waiter): void {
    this.#waiters[waiter.type].add(waiter);
    void this.polls.sendOwnVotes(waiter.admission.who);
  }

  unsubscribe(waiter: Waiter): void {
    this.#waiters[waiter.type].delete(waiter);
  }

  /** A user is connected to the room, until they leave. */
  join(user: User): Presence {
    return this.#presence.join(user);
  }

  leave(presence: Presence): void {
    this.#presence.leave(presence);
  }

  /** The ephemeral state, for a client without a connection. */
  get presence(): RoomState {
    return this.#presence.snapshot;
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

  canResume(cursor: Cursor): Promise<boolean> {
    return this.history.canResume(cursor);
  }

  changesAfter(position: Position, floor: number, reader: Reader): Promise<Chunk> {
    return this.history.changesAfter(position, floor, reader);
  }

  messagesAfter(id: number, reader: Reader): Promise<Chunk> {
    return this.history.messagesAfter(id, reader);
  }

  stateFrames(framing: Framing): Buffer {
    return this.#presence.snapshotFrames(framing);
  }

  /** @param isAnew whether the room was cleared, so that earlier messages no longer exist */
  #deliver(messages: readonly Message[], isAnew = false): void {
    const rendered = messages.map((message) => this.#renderer.message(message));
    this.history.add(rendered);
    for (const type of ['html', 'json'] as const) this.#send(rendered, type, isAnew);
  }

  /** Pushes new messages to the waiters of this type: without any, nothing is rendered. */
  #send(messages: readonly RenderedMessage[], type: TextType, isAnew: boolean): void {
    const waiters = this.#waiters[type];
    if (waiters.size === 0) return;
    if (!this.#renderer.renderNow(messages, type)) {
      for (const waiter of waiters) waiter.fallBehind();
      return;
    }
    for (const batch of toBatches(messages, type, this.epoch, isAnew)) {
      for (const waiter of waiters) waiter.push(batch);
    }
  }

  /** A copy of the list of waiters: some may leave during a loop. */
  get #allWaiters(): readonly Waiter[] {
    return [...this.#waiters.html, ...this.#waiters.json];
  }

  #broadcastEphemeral(frames: EncodedFrames): void {
    for (const waiter of this.#allWaiters) waiter.pushEphemeral(frames);
  }

  #sendEach(framesFor: (who: Principal) => EncodedFrames | undefined): void {
    for (const waiter of this.#allWaiters) {
      const frames = framesFor(waiter.admission.who);
      if (frames) waiter.pushOwn(frames);
    }
  }

  /** Applies new settings, and disconnects users who may no longer be in the room. */
  #applySettings(settings: Settings): void {
    const { word } = this.#settings;
    this.#settings = settings;
    this.history.clearAt(settings.clearedSeq);
    this.#presence.setRoomState(settings);
    const now = Date.now();
    for (const waiter of this.#allWaiters) {
      const why = accessDenial(settings, waiter.admission, now);
      if (why) waiter.disconnect(why);
    }
    // Presence that was reported by requests was reported under the previous password.
    this.#presence.evict((who) => accessDenial(settings, { who, word }, now) !== undefined);
  }

  /** Finds a user who is or was here. */
  readonly #resolveUser: ResolveUser = async (uid) => {
    const here = this.#presence.userOf(uid);
    if (here) return { ...here, browsers: this.#presence.browsers(uid) };
    const known = this.#settings.sanctions.find((sanction) => sanction.uid === uid);
    return { uid, name: known?.name ?? (await this.#store.queries.nameOf(uid)), browsers: [] };
  };
}
