import { accessDenial, voteDenial } from '../../auth/permissions.ts';
import { defaultSettings, type Settings } from '../../auth/room-settings.ts';
import type { ServerSettings } from '../../auth/server-settings.ts';
import { actorOf, type User } from '../../auth/user.ts';
import type { Counters } from '../../core/counters.ts';
import { ChatError } from '../../core/errors.ts';
import type { EphemeralMessage } from '../../core/framing.ts';
import type { Page } from '../../core/history-store.ts';
import type { Message } from '../../core/message.ts';
import type { Accepted } from '../../core/outcome.ts';
import type { PresenceUpdate } from '../../core/presence.ts';
import type { PresenceExchange } from '../../core/presence-exchange.ts';
import type { Presence } from '../../core/presence-tracker.ts';
import { Room, type SendEach } from '../../core/room.ts';
import type { Waiter } from '../../core/waiter.ts';
import type { ChatChange, ChatLog } from '../change.ts';
import type { Command } from '../command.ts';
import type { MembershipWriter } from '../memberships/membership-writer.ts';
import { RoomMemberships } from '../memberships/room-memberships.ts';
import { MAX_ID } from '../messages/history-query.ts';
import type { Renderer } from '../messages/renderer.ts';
import { affectedByMutes, ownMute } from '../moderation/own-mute.ts';
import type { ResolveUser } from '../moderation/resolve-user.ts';
import { isBallot } from '../polls/events.ts';
import { LivePolls, MAX_LATEST } from '../polls/live-polls.ts';
import { PollSummaries } from '../polls/poll-summaries.ts';
import { RoomPolls } from '../polls/room-polls.ts';
import { LiveReactions } from '../reactions/live-reactions.ts';
import type { ReactionExchange } from '../reactions/reaction-exchange.ts';
import type { ReportedMessage } from '../reports/report-queries.ts';
import { REPORTS_PAGE } from '../reports/reports-view.ts';
import type { StoreReader } from '../store.ts';
import { toEvent } from '../to-event.ts';
import { type RoomState, stateTexts } from './room-state.ts';

/** What the rooms share. */
export interface ChatRoomParts {
  readonly log: ChatLog;
  readonly store: StoreReader;
  readonly renderer: Renderer;
  readonly memberships: MembershipWriter;
  /** What is set for all rooms. */
  readonly serverSettings: () => ServerSettings;
  /** How long a user who left a room is still shown there. */
  readonly graceMs: number;
  /** See `Room`. */
  readonly exchange?: PresenceExchange | undefined;
  /** @default all users are on this server */
  readonly reactions?: ReactionExchange | undefined;
  /** See `Room`. */
  readonly counters?: Counters;
}

/** A chat room: a room with all that the features add to it. */
export class ChatRoom extends Room<ChatChange> {
  readonly polls: RoomPolls;
  readonly memberships: RoomMemberships;
  readonly reactions: LiveReactions;
  readonly #livePolls: LivePolls;
  readonly #log: ChatLog;
  readonly #store: StoreReader;
  readonly #serverSettings: () => ServerSettings;
  #settings: Settings;

  constructor(name: string, parts: ChatRoomParts) {
    const { log, store, renderer } = parts;
    super(name, { ...parts, messages: store.queries });
    const summaries = new PollSummaries(MAX_LATEST);
    const rendered = (message: Message) => this.history.pages.fragmentOf(message);
    const sendEach: SendEach = (framesFor) => this.sendEach(framesFor);
    const shared = { room: name, store, sendEach };
    this.polls = new RoomPolls({ room: name, store, renderer, rendered, summaries });
    this.#livePolls = new LivePolls({ ...shared, log, summaries });
    this.memberships = new RoomMemberships({ ...shared, writer: parts.memberships });
    this.reactions = new LiveReactions(
      (message) => this.broadcastEphemeral(message),
      (counts) => parts.reactions?.tell(name, counts),
    );
    this.#log = log;
    this.#store = store;
    this.#serverSettings = parts.serverSettings;
    this.#settings = defaultSettings(name);
  }

  override async open(): Promise<this> {
    // All are awaited together: a failed read must leave no unhandled rejection.
    const [settings] = await Promise.all([
      this.#store.queries.settings(this.name),
      this.history.open(),
      this.#livePolls.open(),
    ]);
    this.#applySettings(settings ?? this.#settings);
    this.start();
    return this;
  }

  override close(): void {
    this.#livePolls.close();
    this.reactions.close();
    super.close();
  }

  get settings(): Settings {
    return this.#settings;
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
  ): Promise<Accepted<ChatChange> | undefined> {
    if (command.type === 'presence') this.presence.report(user, command.isAway, presence);
    else if (command.type === 'typing') this.presence.startTyping(user.uid);
    else if (command.type === 'mark-read' || command.type === 'set-notifications')
      await this.memberships.change(command, user);
    else if (command.type === 'send-reactions') {
      const denial = voteDenial(this.#settings, user, Date.now());
      if (denial) throw new ChatError(denial);
      this.reactions.add(command.emoji, command.count);
    } else {
      const event = await toEvent(command, this.name, user, this.findUser);
      if (isBallot(event)) return this.#livePolls.vote(event).then(() => undefined);
      return this.#log.append(event);
    }
    return undefined;
  }

  /**
   * Makes the user the owner of the room.
   * @param cid the client's id for it
   * @throws ChatError where the room is taken
   */
  create(
    user: User,
    how: Pick<Settings, 'title' | 'topic' | 'kind' | 'isListed' | 'passwordHash'>,
    cid: string | null,
  ): Promise<Accepted<ChatChange>> {
    const action = { type: 'room-created' as const, ...how };
    return this.#log.append({
      kind: 'room-action',
      action,
      room: this.name,
      who: actorOf(user),
      ...(cid !== null && { commandId: cid }),
    });
  }

  /** @param user whose stream it is, if it is one that receives more than messages */
  override subscribe(waiter: Waiter, user?: User): void {
    super.subscribe(waiter);
    const { who } = waiter.admission;
    waiter.pushOwn(ownMute(this.#settings, who, Date.now()));
    void this.#livePolls.sendOwnVotes(who);
    if (user?.session) void this.memberships.send(waiter, user);
  }

  /** The ephemeral state, for a client without a connection. */
  get state(): RoomState {
    return { room: this.#settings, ...this.presence.snapshot };
  }

  protected override stateMessage(update: PresenceUpdate, includesRoom: boolean): EphemeralMessage {
    const state = includesRoom ? { room: this.#settings, ...update } : update;
    return (type) => stateTexts(state, type);
  }

  protected override onChange(change: ChatChange, isNew: boolean): void {
    const { message, settings, vote, membership } = change;
    if (membership) this.memberships.onChange(membership);
    if (vote) this.#livePolls.onVote(vote);
    if (isNew && message) this.#livePolls.onMessageChanged(message);
    if (isNew && settings) this.#applySettings(settings);
  }

  /** The settings of the server changed. */
  serverChanged(): void {
    this.#applySettings(this.#settings);
  }

  /** The pinned messages, the last one pinned first. */
  async pinned(): Promise<readonly Message[]> {
    const { message } = this.#store.queries;
    const found = await Promise.all(this.#settings.pinned.map((id) => message(this.name, id)));
    return found.filter((pinned) => pinned !== undefined).toReversed();
  }

  /** The last messages with attachments before the message `id`, newest first. */
  postsWithFiles(id: number, limit: number): Promise<Page> {
    return this.#store.queries.postsWithFiles(this.name, id, limit);
  }

  /** What users reported here and no moderator has dismissed, for a moderator. */
  async reports(reader: string): Promise<readonly ReportedMessage[]> {
    const request = { room: this.name, reader, before: MAX_ID, limit: REPORTS_PAGE };
    return (await this.#store.queries.reports(request)).reported;
  }

  /** The names of users who wrote here: whom others may mention. */
  writers(): Promise<readonly string[]> {
    return this.#store.queries.writers(this.name);
  }

  /** Applies new settings, and disconnects users who may no longer be in the room. */
  #applySettings(own: Settings): void {
    const before = this.#settings;
    const settings = { ...own, guestsMayWrite: this.#serverSettings().guestsMayWrite };
    this.#settings = settings;
    this.history.clearAt(settings.clearedSeq);
    this.presence.roomChanged();
    const now = Date.now();
    this.disconnectEach((admission) => accessDenial(settings, admission, now));
    const isAffected = affectedByMutes(before, settings);
    this.sendEach((who) => (isAffected(who) ? ownMute(settings, who, now) : undefined));
    // Presence that was reported by requests was reported under the previous password.
    const { passwordHash } = before;
    this.presence.evict((who) => accessDenial(settings, { who, passwordHash }, now) !== undefined);
  }

  /** Finds a user who is or was here. */
  readonly findUser: ResolveUser = async (uid) => {
    const here = this.presence.userOf(uid);
    if (here) return { ...here, browsers: this.presence.browsers(uid) };
    const known = this.#settings.sanctions.find((sanction) => sanction.uid === uid);
    const name = known?.name ?? (await this.#store.queries.nameOf(uid));
    return { uid, name, browsers: [] };
  };
}
