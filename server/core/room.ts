import { barrier } from '../auth/admission.ts';
import type { Anybody, Person } from '../auth/user.ts';
import type { Command } from '../features/command.ts';
import type { TextType } from '../features/messages/fragment.ts';
import type { RenderedMessage } from '../features/messages/rendered-message.ts';
import type { Reader, Renderer } from '../features/messages/renderer.ts';
import type { Find } from '../features/moderation/room-action.ts';
import { type Settings, settingsOf } from '../features/moderation/room-settings.ts';
import { isBallot, Polls } from '../features/polls/room-polls.ts';
import { eventOf } from '../features/to-event.ts';
import type { Store } from '../storage/store.ts';
import type { Aside } from '../transports/framing/format.ts';
import { batches } from './batch.ts';
import type { Change } from './change.ts';
import { news } from './coalesce.ts';
import type { Cursor } from './cursor.ts';
import type { Frames } from './encoded-frames.ts';
import type { Encoding } from './framing.ts';
import type { Appended, Log } from './log.ts';
import type { Message } from './message.ts';
import { Attendance } from './presence-broadcaster.ts';
import type { Presence } from './presence-tracker.ts';
import { RoomFailure } from './room-failure.ts';
import { Past } from './room-history.ts';
import type { Piece, Source, Waiter } from './waiter.ts';

/** What the rooms share. */
export interface RoomParts {
  readonly log: Log;
  readonly store: Store;
  readonly renderer: Renderer;
  /** How long one who has left a room is still shown there. */
  readonly graceMs: number;
}

/** Where people talk: one log of events, and those who wait for the next. */
export class Room implements Source {
  readonly name: string;
  readonly past: Past;
  readonly polls: Polls;
  readonly #log: Log;
  readonly #store: Store;
  readonly #renderer: Renderer;
  readonly #attendance: Attendance;
  /** Those who wait, by what they are sent of a message. */
  readonly #waiters: Readonly<Record<TextType, Set<Waiter>>> = { html: new Set(), json: new Set() };
  #settings: Settings;
  /** What came while the room was read from the store. */
  #early: Change[] | undefined = [];

  constructor(name: string, { log, store, renderer, graceMs }: RoomParts) {
    this.name = name;
    this.#attendance = new Attendance(graceMs, (frames) => this.#tell(frames));
    this.past = new Past(name, log, store, renderer);
    this.polls = new Polls({
      room: name,
      log,
      store,
      renderer,
      rendered: (message) => this.past.fragment(message),
      tell: (framesFor) => this.#tellEach(framesFor),
    });
    this.#log = log;
    this.#store = store;
    this.#renderer = renderer;
    this.#settings = settingsOf(name);
  }

  /** Reads what the room begins with from the store. */
  async open(): Promise<this> {
    // All are waited for together: a failed read must leave no rejection that nobody handles.
    const [settings] = await Promise.all([
      this.#store.settings(this.name),
      this.past.open(),
      this.polls.open(),
    ]);
    const early = this.#early ?? [];
    this.#early = undefined;
    this.#keep(settings ?? this.#settings);
    this.receive(early);
    return this;
  }

  /** The room is empty and let go: who comes after that finds another one by its name. */
  close(): void {
    this.polls.close();
    this.#attendance.close();
  }

  /** The room does not hold what the log has: it ends, and every stream of it. */
  fail(error: unknown): void {
    const failure = new RoomFailure(this.name, error);
    for (const waiter of this.#everybody) waiter.fail(failure);
    this.close();
  }

  get settings(): Settings {
    return this.#settings;
  }

  /** How many people are here. */
  get count(): number {
    return this.#attendance.count;
  }

  get isEmpty(): boolean {
    const { html, json } = this.#waiters;
    const isQuiet = html.size + json.size === 0 && this.#early === undefined;
    return isQuiet && this.#attendance.isEmpty;
  }

  /**
   * The one door for writing. What leaves no trace in the log, or only a count, gives nothing.
   * @param presence the line by which it was asked, if it was by one
   * @throws Refusal, and nothing has happened
   */
  async do(command: Command, person: Person, presence?: Presence): Promise<Appended | undefined> {
    if (command.do === 'here') this.#attendance.tell(person, command.away, presence);
    else if (command.do === 'typing') this.#attendance.type(person.uid);
    else {
      const event = await eventOf(command, this.name, person, this.#find);
      if (isBallot(event)) return this.polls.vote(event).then(() => undefined);
      this.#attendance.stopTyping(person.uid);
      return this.#log.append(event);
    }
    return undefined;
  }

  /** Makes the room somebody's own. @throws Refusal where it is not free */
  make(person: Person, how: Pick<Settings, 'topic' | 'isListed' | 'word'>): Promise<Appended> {
    const act = { act: 'made' as const, ...how };
    return this.#log.append({ kind: 'acted', act, room: this.name, who: person, at: Date.now() });
  }

  /** Takes what a commit changed: rendered once, framed once, given to every waiter. */
  receive(changes: readonly Change[]): void {
    if (this.#early) {
      this.#early.push(...changes);
      return;
    }
    let messages: Message[] = [];
    const send = () => {
      if (messages.length > 0) this.#deliver(news(messages));
      messages = [];
    };
    for (const { seq, message, requoted = [], settings, vote } of changes) {
      if (vote) this.polls.hear(vote);
      if (seq <= this.head) continue;
      if (message) this.polls.note(message);
      messages.push(...requoted);
      if (settings && settings.clearedSeq === seq) {
        send();
        this.past.clearAt(seq);
        this.#renderer.clear(this.name, seq);
        if (message) this.#deliver([message], true);
      } else if (message) {
        messages.push(message);
      }
      if (settings) this.#keep(settings);
    }
    send();
  }

  enter(waiter: Waiter): void {
    this.#waiters[waiter.type].add(waiter);
    void this.polls.recall(waiter.admission.who);
  }

  leave(waiter: Waiter): void {
    this.#waiters[waiter.type].delete(waiter);
  }

  /** Somebody has a line to the room, until they leave. */
  attend(person: Person): Presence {
    return this.#attendance.enter(person);
  }

  depart(presence: Presence): void {
    this.#attendance.leave(presence);
  }

  /** All that is beside the log, for one who has no line. */
  get surroundings(): Aside {
    return this.#attendance.all;
  }

  get epoch(): string {
    return this.past.epoch;
  }

  get head(): number {
    return this.past.head;
  }

  get historyFloor(): number {
    return this.past.historyFloor;
  }

  canResume(cursor: Cursor): Promise<boolean> {
    return this.past.canResume(cursor);
  }

  read(seq: number, floor: number, reader: Reader): Promise<Piece> {
    return this.past.read(seq, floor, reader);
  }

  posted(id: number, reader: Reader): Promise<Piece> {
    return this.past.posted(id, reader);
  }

  aside(encoding: Encoding): Buffer {
    return this.#attendance.whole(encoding);
  }

  /** @param isAnew whether nothing is there any more that came before: the room was cleared */
  #deliver(messages: readonly Message[], isAnew = false): void {
    const rendered = messages.map((message) => this.#renderer.message(message));
    this.past.add(rendered);
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
    for (const batch of batches(messages, type, this.epoch, isAnew)) {
      for (const waiter of waiters) waiter.deliver(batch);
    }
  }

  /** All who wait: those who leave meanwhile, too. */
  get #everybody(): readonly Waiter[] {
    return [...this.#waiters.html, ...this.#waiters.json];
  }

  #tell(frames: Frames): void {
    for (const waiter of this.#everybody) waiter.tell(frames);
  }

  #tellEach(framesFor: (who: Anybody) => Frames | undefined): void {
    for (const waiter of this.#everybody) {
      const frames = framesFor(waiter.admission.who);
      if (frames) waiter.tellOwn(frames);
    }
  }

  /** The room is kept differently from now on: those who may not be in it any more leave. */
  #keep(settings: Settings): void {
    const { word } = this.#settings;
    this.#settings = settings;
    this.past.clearAt(settings.clearedSeq);
    this.#attendance.keep(settings);
    const now = Date.now();
    for (const waiter of this.#everybody) {
      const why = barrier(settings, waiter.admission, now);
      if (why) waiter.dismiss(why);
    }
    // Whoever tells by requests that they are here did so while the word was the one of before.
    this.#attendance.forget((who) => barrier(settings, { who, word }, now) !== undefined);
  }

  /** Who somebody is, who is or was here. */
  readonly #find: Find = async (uid) => {
    const here = this.#attendance.person(uid);
    if (here) return { ...here, browsers: this.#attendance.browsers(uid) };
    const known = this.#settings.sanctions.find((sanction) => sanction.uid === uid);
    return { uid, name: known?.name ?? (await this.#store.nameOf(uid)), browsers: [] };
  };
}
