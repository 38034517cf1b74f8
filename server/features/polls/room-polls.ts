import { canManagePoll, canStartPolls, pollCreators } from '../../auth/permissions.ts';
import type { Settings } from '../../auth/room-settings.ts';
import { authorFor, type User } from '../../auth/user.ts';
import type { Principal } from '../../core/actor.ts';
import { type EncodedFrames, encodeOnce } from '../../core/encoded-frames.ts';
import { ChatError } from '../../core/errors.ts';
import type { Fragment, LazyFragment, TextType } from '../../core/fragment.ts';
import { PAGE_BYTES } from '../../core/history-pages.ts';
import type { Message } from '../../core/message.ts';
import type { Reader } from '../../core/renderer.ts';
import { type CurrentPolls, currentPolls, type PollSummary } from '../../shared/current-polls.ts';
import type { ChatLog } from '../change.ts';
import type { Renderer } from '../messages/renderer.ts';
import type { Store } from '../store.ts';
import type { Ballot } from './events.ts';
import { type Poll, parsePoll } from './poll.ts';
import { PollCounter } from './poll-counter.ts';
import type { PreparedPoll } from './prepared-polls.ts';
import type { Vote } from './vote.ts';
import type { HistoryPoint } from './vote-history.ts';
import { resultsText, voteText } from './vote-view.ts';
import { voterKeys } from './voters.ts';

/**
 * The latest polls of a room, whose voters are known from the start; users can vote in older ones,
 * too.
 */
const MAX_LATEST = 50;
/** Polls that are read at once to be counted, and that are closed in time. */
const MAX_PENDING = 1_000;

/** The polls that an audience sees first: see currentPolls. */
interface CurrentFragments extends Readonly<Record<keyof CurrentPolls, Fragment | undefined>> {
  /** The running poll itself. */
  readonly poll: Poll | undefined;
}

/** Whether it is sent to everybody after a count, and not at once. */
export function isBallot<E extends { readonly kind: string }>(
  event: E,
): event is Extract<E, Ballot> {
  return (
    event.kind === 'votes-set' || event.kind === 'vote-toggled' || event.kind === 'option-suggested'
  );
}

interface Parts {
  /** The room's name. */
  readonly room: string;
  readonly log: ChatLog;
  readonly store: Store;
  readonly renderer: Renderer;
  /** A message to be rendered, or the cached one. */
  readonly rendered: (message: Message) => LazyFragment;
  /** Sends each user in the room what is for them, if there is something. */
  readonly sendEach: (framesFor: (who: Principal) => EncodedFrames | undefined) => void;
}

/** The polls of a room: voters receive their own votes, and everybody receives the counts. */
export class RoomPolls {
  readonly #parts: Parts;
  readonly #counter = new PollCounter((id) => this.#count(id));
  /** The latest polls, by their ids. */
  readonly #summaries = new Map<number, PollSummary>();
  /** Votes that their voters have not received yet. */
  #unnotified: Vote[] = [];
  #isClosed = false;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  async open(): Promise<void> {
    const { room, store } = this.#parts;
    for (const { id, closesAt } of await store.queries.closingPolls(room, MAX_PENDING)) {
      this.#counter.closeAt(id, closesAt);
    }
    let before = Number.MAX_SAFE_INTEGER;
    let count = 0;
    for (let isMore = true; isMore && count < MAX_LATEST; ) {
      const page = await store.queries.polls(room, before, MAX_LATEST - count);
      for (const poll of page.messages) {
        this.#counter.watch(poll);
        this.#summarize(poll);
      }
      ({ isMore } = page);
      before = page.messages.at(-1)?.id ?? 0;
      count += page.messages.length;
    }
    void this.#countPending();
  }

  close(): void {
    this.#isClosed = true;
    this.#counter.close();
  }

  /** Applies a vote. A repeated vote is sent to the voter again, who may not have received it. */
  async vote(event: Ballot): Promise<void> {
    const { change, isNew } = await this.#parts.log.append(event);
    if (change.vote && !isNew) this.#notifyVoter(change.vote);
  }

  /** A vote was committed. */
  onVote(vote: Vote): void {
    this.#counter.onVote(vote.poll, vote.keys, vote.options.length > 0);
    this.#notifyVoter(vote);
  }

  /** A message has changed: if it is a poll, watches it, and may send its counts to voters. */
  onPollChanged(message: Message): void {
    const { id, kind, body } = message;
    if (kind === 'deleted') {
      this.#counter.unwatch(id);
      this.#summaries.delete(id);
    }
    if (kind !== 'poll') return;
    this.#counter.watch(message);
    this.#summarize(message);
    const insiders = this.#counter.resultsAudience(id);
    if (!insiders) return;
    const frames = encodeOnce((type) => [resultsText(id, parsePoll(body), type)]);
    // They are sent after the poll itself, which has no counts.
    const isInsider = ({ uid, browser }: Principal) =>
      insiders.has(uid) || (browser !== null && insiders.has(browser));
    const framesFor = (who: Principal) => (isInsider(who) ? frames : undefined);
    queueMicrotask(() => this.#parts.sendEach(framesFor));
  }

  /** The latest polls of the room up to a number of bytes, rendered, oldest first. */
  async latest(reader: Reader, maxBytes: number): Promise<readonly Fragment[]> {
    const { room, store, renderer, rendered } = this.#parts;
    const { messages } = await store.queries.polls(room, Number.MAX_SAFE_INTEGER, MAX_LATEST);
    const polls = messages.map(rendered);
    return (await renderer.take(polls, reader, maxBytes)).reverse();
  }

  /** The polls that an audience sees first, rendered. */
  async current(settings: Settings, reader: Reader): Promise<CurrentFragments> {
    const { room, store, renderer, rendered } = this.#parts;
    const there = [...this.#summaries.values()].filter(({ id }) => id > settings.clearedSeq);
    const { running, closed, questions } = currentPolls(there, pollCreators(settings));
    const find = async (id: number | undefined) =>
      id === undefined ? undefined : await store.queries.message(room, id);
    const render = async (message: Message | undefined) =>
      message && (await renderer.take([rendered(message)], reader, PAGE_BYTES))[0];
    const message = await find(running);
    return {
      running: await render(message),
      closed: await render(await find(closed)),
      questions: await render(await find(questions)),
      poll: message && parsePoll(message.body),
    };
  }

  /** Remembers a poll among the latest. */
  #summarize({ id, body }: Message): void {
    const { kind, isOpen, isByModerator } = parsePoll(body);
    this.#summaries.set(id, { id, kind, isOpen, isByModerator });
    if (this.#summaries.size > MAX_LATEST)
      this.#summaries.delete(Math.min(...this.#summaries.keys()));
  }

  /** The latest polls of the room, the oldest first. */
  async list(): Promise<readonly { readonly id: number; readonly poll: Poll }[]> {
    const { room, store } = this.#parts;
    const { messages } = await store.queries.polls(room, Number.MAX_SAFE_INTEGER, MAX_LATEST);
    return messages.map(({ id, body }) => ({ id, poll: parsePoll(body) })).reverse();
  }

  /** The prepared polls that a user may see: moderators all of the room, others their own. */
  async prepared(settings: Settings, user: User | undefined): Promise<readonly PreparedPoll[]> {
    if (!user || !canStartPolls(settings, user)) return [];
    const { room, store } = this.#parts;
    const all = await store.queries.preparedPolls(room);
    return all.filter(({ uid }) => canManagePoll(settings, user, authorFor(user, uid)));
  }

  /** A poll of the room, with its latest counts. */
  async find(id: number): Promise<Poll | undefined> {
    const message = await this.#parts.store.queries.message(this.#parts.room, id);
    return message?.kind === 'poll' ? parsePoll(message.body) : undefined;
  }

  async hasVoted(id: number, who: Principal): Promise<boolean> {
    return (await this.#parts.store.queries.votedIn([id], voterKeys(who))).length > 0;
  }

  /** A user has joined the room: voters in a poll see the counts before the others. */
  async sendOwnVotes(who: Principal): Promise<void> {
    const keys = voterKeys(who);
    const polls = this.#counter.unknownTo(keys);
    if (polls.length === 0) return;
    // The store reports read errors; the user gets the counts when they vote or ask.
    const voted = await this.#parts.store.queries.votedIn(polls, keys).catch(() => []);
    for (const id of voted) this.#counter.admit(id, keys);
  }

  /** How the counts of a poll grew. */
  voteHistory(id: number, poll: Poll): Promise<readonly HistoryPoint[]> {
    return this.#parts.store.queries.voteHistory(id, poll);
  }

  /**
   * A user's votes in the latest polls of the room, with the counts they may see, up to a number of
   * bytes.
   */
  async votesOf(who: Principal, type: TextType, maxBytes: number): Promise<readonly string[]> {
    const { room, store, renderer } = this.#parts;
    const votes = await store.queries.votesOf(room, voterKeys(who), MAX_LATEST);
    const pieces = votes.map(({ vote, poll }) => () => [
      voteText(vote, type),
      ...(poll ? [resultsText(vote.poll, poll, type)] : []),
    ]);
    return renderer.texts(pieces, who.address, maxBytes);
  }

  /** Sends a vote to its voter only, on all their devices and in all their tabs. */
  #notifyVoter(vote: Vote): void {
    this.#unnotified.push(vote);
    // All votes of a commit are sent at once: there may be hundreds, and many users.
    if (this.#unnotified.length === 1) queueMicrotask(() => this.#sendAll());
  }

  #sendAll(): void {
    const votes = new Map<string, Vote[]>();
    for (const vote of this.#unnotified) {
      for (const key of vote.keys) {
        const known = votes.get(key);
        if (known) known.push(vote);
        else votes.set(key, [vote]);
      }
    }
    this.#unnotified = [];
    this.#parts.sendEach(({ uid, browser }) => {
      const byUid = votes.get(uid);
      const byBrowser = browser === null ? undefined : votes.get(browser);
      // This is called for all users here: for most there is nothing.
      if (!byUid && !byBrowser) return undefined;
      const own = [...new Set([...(byUid ?? []), ...(byBrowser ?? [])])];
      return encodeOnce((type) => own.map((vote) => voteText(vote, type)));
    });
  }

  /** Counts the votes of a time when that was not possible: before a crash, for example. */
  async #countPending(): Promise<void> {
    const { room, store } = this.#parts;
    // The store reports read errors; the next vote, or opening the room again, tries again.
    const some = () => store.queries.uncountedPolls(room, MAX_PENDING).catch(() => []);
    for (let ids = await some(); ids.length > 0; ids = await some()) {
      for (const id of ids) {
        if (this.#isClosed || !(await this.#count(id))) return;
      }
    }
  }

  /** Counts the votes of a poll. False where that can't be written now. */
  async #count(id: number): Promise<boolean> {
    const { room, log } = this.#parts;
    try {
      await log.append({ kind: 'poll-tallied', room, id, at: Date.now() });
      return true;
    } catch (error) {
      return !(error instanceof ChatError) || error.status !== 503;
    }
  }
}
