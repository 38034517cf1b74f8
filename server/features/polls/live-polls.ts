import type { Principal } from '../../core/actor.ts';
import { encodeOnce } from '../../core/encoded-frames.ts';
import { ChatError } from '../../core/errors.ts';
import type { Undated } from '../../core/log.ts';
import type { Message } from '../../core/message.ts';
import type { SendEach } from '../../core/room.ts';
import type { ChatLog } from '../change.ts';
import type { StoreReader } from '../store.ts';
import type { Ballot } from './events.ts';
import { type Poll, parsePoll } from './poll.ts';
import { type Counted, PollCounter } from './poll-counter.ts';
import type { PollSummaries } from './poll-summaries.ts';
import type { Vote } from './vote.ts';
import { VoteNotifier } from './vote-notifier.ts';
import { resultsText } from './vote-view.ts';
import { voterKeys } from './voters.ts';

/**
 * The latest polls of a room, whose voters are known from the start; users can vote in older ones,
 * too.
 */
export const MAX_LATEST = 50;
/** Polls that are read at once to be counted, and that are closed in time. */
const MAX_PENDING = 1_000;

interface Parts {
  /** The room's name. */
  readonly room: string;
  readonly log: ChatLog;
  readonly store: StoreReader;
  readonly summaries: PollSummaries;
  readonly sendEach: SendEach;
}

/** Voting in a room: voters receive their own votes, and everybody receives the counts. */
export class LivePolls {
  readonly #parts: Parts;
  readonly #counter = new PollCounter((id) => this.#count(id));
  readonly #voters: VoteNotifier;
  /** How many ballots in each poll this process is appending: as many as there are requests. */
  readonly #ownBallots = new Map<number, number>();
  #isClosed = false;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#voters = new VoteNotifier(parts.sendEach);
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
        this.#watch(poll.id, parsePoll(poll.body));
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
  async vote(event: Undated<Ballot>): Promise<void> {
    const { id } = event;
    this.#ownBallots.set(id, (this.#ownBallots.get(id) ?? 0) + 1);
    try {
      const { change, isNew } = await this.#parts.log.append(event);
      if (change.vote && !isNew) this.#voters.add(change.vote);
    } finally {
      const left = (this.#ownBallots.get(id) ?? 1) - 1;
      if (left > 0) this.#ownBallots.set(id, left);
      else this.#ownBallots.delete(id);
    }
  }

  /** A vote was committed. */
  onVote(vote: Vote): void {
    const isOwn = this.#ownBallots.has(vote.poll);
    this.#counter.onVote(vote.poll, vote.keys, vote.options.length > 0, isOwn);
    this.#voters.add(vote);
  }

  /** A message has changed: if it is a poll, watches it, and may send its counts to voters. */
  onMessageChanged({ id, kind, body }: Message): void {
    if (kind === 'deleted') {
      this.#counter.unwatch(id);
      this.#parts.summaries.delete(id);
    }
    if (kind !== 'poll') return;
    const poll = parsePoll(body);
    this.#watch(id, poll);
    const insiders = this.#counter.resultsAudience(id);
    if (!insiders) return;
    const frames = encodeOnce((type) => [resultsText(id, poll, type)]);
    // They are sent after the poll itself, which has no counts.
    const isInsider = ({ uid, browser }: Principal) =>
      insiders.has(uid) || (browser !== null && insiders.has(browser));
    const framesFor = (who: Principal) => (isInsider(who) ? frames : undefined);
    queueMicrotask(() => this.#parts.sendEach(framesFor));
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

  #watch(id: number, poll: Poll): void {
    this.#counter.watch(id, poll);
    this.#parts.summaries.set(id, poll);
  }

  /** Counts the votes of a time when that was not possible: before a crash, for example. */
  async #countPending(): Promise<void> {
    const { room, store } = this.#parts;
    // The store reports read errors; the next vote, or opening the room again, tries again.
    const some = () => store.queries.uncountedPolls(room, MAX_PENDING).catch(() => []);
    for (let ids = await some(); ids.length > 0; ids = await some()) {
      for (const id of ids) {
        if (this.#isClosed || (await this.#count(id)) === 'failed') return;
      }
    }
  }

  /** Counts the votes of a poll. It has failed where that can't be written now. */
  async #count(id: number): Promise<Counted> {
    const { room, log } = this.#parts;
    try {
      const { isNew } = await log.append({ kind: 'poll-tallied', room, id });
      return isNew ? 'written' : 'unchanged';
    } catch (error) {
      return error instanceof ChatError && error.status === 503 ? 'failed' : 'unchanged';
    }
  }
}
