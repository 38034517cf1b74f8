import { accessDenial } from '../auth/admission.ts';
import type { Principal, User } from '../auth/user.ts';
import type { Command } from '../features/command.ts';
import type { TextType } from '../features/messages/fragment.ts';
import type { RenderedMessage } from '../features/messages/rendered-message.ts';
import type { Reader, Renderer } from '../features/messages/renderer.ts';
import type { ResolveUser } from '../features/moderation/room-action.ts';
import { defaultSettings, type Settings } from '../features/moderation/room-settings.ts';
import { isBallot, RoomPolls } from '../features/polls/room-polls.ts';
import { toEvent } from '../features/to-event.ts';
import type { Store } from '../storage/store.ts';
import type { RoomState } from '../transports/framing/format.ts';
import { toBatches } from './batch.ts';
import type { Change } from './change.ts';
import { coalesce } from './coalesce.ts';
import type { Cursor } from './cursor.ts';
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
  /** How long one who has left a room is still shown there. */
  readonly graceMs: number;
}

/** Where people talk: one log of events, and those who wait for the next. */
export class Room implements ChangeFeed {
  readonly name: string;
  readonly history: RoomHistory;
  readonly polls: RoomPolls;
  readonly #log: Log;
  readonly #store: Store;
  readonly #renderer: Renderer;
  readonly #presence: PresenceBroadcaster;
  /** Those who wait, by what they are sent of a message. */
  readonly #waiters: Readonly<Record<TextType, Set<Waiter>>> = { html: new Set(), json: new Set() };
  #settings: Settings;
  /** What came while the room was read from the store. */
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

  /** Reads what the room begins with from the store. */
  async open(): Promise<this> {
    // All are waited for together: a failed read must leave no rejection that nobody handles.
    const [settings] = await Promise.all([
      this.#store.settings(this.name),
      this.history.open(),
      this.polls.open(),
    ]);
    const early = this.#pendingChanges ?? [];
    this.#pendingChanges = undefined;
    this.#applySettings(settings ?? this.#settings);
    this.apply(early);
    return this;
  }

  /** The room is empty and let go: who comes after that finds another one by its name. */
  close(): void {
    this.polls.close();
    this.#presence.close();
  }

  /** The room does not hold what the log has: it ends, and every stream of it. */
  fail(error: unknown): void {
    const failure = new RoomFailure(this.name, error);
    for (const waiter of this.#allWaiters) waiter.fail(failure);
    this.close();
  }

  get settings(): Settings {
    return this.#settings;
  }

  /** How many people are here. */
  get count(): number {
    return this.#presence.count;
  }

  get isEmpty(): boolean {
    const { html, json } = this.#waiters;
    const isQuiet = html.size + json.size === 0 && this.#pendingChanges === undefined;
    return isQuiet && this.#presence.isEmpty;
  }

  /**
   * The one door for writing. What leaves no trace in the log, or only a count, gives nothing.
   * @param presence the line by which it was asked, if it was by one
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

  /** Makes the room somebody's own. @throws ChatError where it is not free */
  create(user: User, how: Pick<Settings, 'topic' | 'isListed' | 'word'>): Promise<AppendResult> {
    const act = { act: 'made' as const, ...how };
    return this.#log.append({ kind: 'acted', act, room: this.name, who: user, at: Date.now() });
  }

  /** Takes what a commit changed: rendered once, framed once, given to every waiter. */
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
      if (seq <= this.head) continue;
      if (message) this.polls.onPollChanged(message);
      messages.push(...requoted);
      if (settings && settings.clearedSeq === seq) {
        send();
        this.history.clearAt(seq);
        this.#renderer.clear(this.name, seq);
        if (message) this.#deliver([message], true);
      } else if (message) {
        messages.push(message);
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

  /** Somebody has a line to the room, until they leave. */
  join(user: User): Presence {
    return this.#presence.join(user);
  }

  leave(presence: Presence): void {
    this.#presence.leave(presence);
  }

  /** All that is beside the log, for one who has no line. */
  get presence(): RoomState {
    return this.#presence.snapshot;
  }

  get epoch(): string {
    return this.history.epoch;
  }

  get head(): number {
    return this.history.head;
  }

  get historyStart(): number {
    return this.history.historyStart;
  }

  canResume(cursor: Cursor): Promise<boolean> {
    return this.history.canResume(cursor);
  }

  changesAfter(seq: number, floor: number, reader: Reader): Promise<Chunk> {
    return this.history.changesAfter(seq, floor, reader);
  }

  messagesAfter(id: number, reader: Reader): Promise<Chunk> {
    return this.history.messagesAfter(id, reader);
  }

  stateFrames(framing: Framing): Buffer {
    return this.#presence.snapshotFrames(framing);
  }

  /** @param isAnew whether nothing is there any more that came before: the room was cleared */
  #deliver(messages: readonly Message[], isAnew = false): void {
    const rendered = messages.map((message) => this.#renderer.message(message));
    this.history.add(rendered);
    for (const type of ['html', 'json'] as const) this.#send(rendered, type, isAnew);
  }

  /** Gives what is new to those who are sent it in this form: nothing is rendered for nobody. */
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

  /** All who wait: those who leave meanwhile, too. */
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

  /** The room is kept differently from now on: those who may not be in it any more leave. */
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
    // Whoever tells by requests that they are here did so while the word was the one of before.
    this.#presence.evict((who) => accessDenial(settings, { who, word }, now) !== undefined);
  }

  /** Who somebody is, who is or was here. */
  readonly #resolveUser: ResolveUser = async (uid) => {
    const here = this.#presence.userOf(uid);
    if (here) return { ...here, browsers: this.#presence.browsers(uid) };
    const known = this.#settings.sanctions.find((sanction) => sanction.uid === uid);
    return { uid, name: known?.name ?? (await this.#store.nameOf(uid)), browsers: [] };
  };
}
