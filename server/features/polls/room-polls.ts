import { canManagePoll, canStartPolls, pollCreators } from '../../auth/permissions.ts';
import type { Settings } from '../../auth/room-settings.ts';
import { authorFor, type User } from '../../auth/user.ts';
import type { Principal } from '../../core/actor.ts';
import type { Fragment, LazyFragment, TextType } from '../../core/fragment.ts';
import { PAGE_BYTES } from '../../core/history-pages.ts';
import type { Message } from '../../core/message.ts';
import type { Reader } from '../../core/renderer.ts';
import type { CurrentPolls } from '../../shared/current-polls.ts';
import type { Renderer } from '../messages/renderer.ts';
import type { StoreReader } from '../store.ts';
import { MAX_LATEST } from './live-polls.ts';
import { countHeld, type Poll, parsePoll } from './poll.ts';
import type { PollSummaries } from './poll-summaries.ts';
import type { PreparedPoll } from './prepared-polls.ts';
import type { HistoryPoint } from './vote-history.ts';
import { resultsText, voteText } from './vote-view.ts';
import { voterKeys } from './voters.ts';

/** The polls that an audience sees first: see currentPolls. */
interface CurrentFragments extends Readonly<Record<keyof CurrentPolls, Fragment | undefined>> {
  /** The running poll itself. */
  readonly poll: Poll | undefined;
}

interface ListedPoll {
  readonly id: number;
  readonly poll: Poll;
  /** The message that it is. */
  readonly message: Message;
}

interface Parts {
  /** The room's name. */
  readonly room: string;
  readonly store: StoreReader;
  readonly renderer: Renderer;
  /** A message to be rendered, or the cached one. */
  readonly rendered: (message: Message) => LazyFragment;
  readonly summaries: PollSummaries;
}

/** The polls of a room, and what users did in them: what pages show. */
export class RoomPolls {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** The polls that an audience sees first, rendered. */
  async current(settings: Settings, reader: Reader): Promise<CurrentFragments> {
    const { summaries, renderer, rendered } = this.#parts;
    const start = Math.max(settings.clearedSeq, settings.expiredId);
    const current = summaries.currentAfter(start, pollCreators(settings));
    const render = async (message: Message | undefined) =>
      message && (await renderer.take([rendered(message)], reader, PAGE_BYTES))[0];
    const running = await this.#message(current.running);
    return {
      running: await render(running),
      closed: await render(await this.#message(current.closed)),
      questions: await render(await this.#message(current.questions)),
      poll: running && parsePoll(running.body),
    };
  }

  /** The latest polls of the room, the oldest first. */
  async list(): Promise<readonly ListedPoll[]> {
    const { room, store } = this.#parts;
    const { messages } = await store.queries.polls(room, Number.MAX_SAFE_INTEGER, MAX_LATEST);
    return messages
      .map((message) => ({ id: message.id, poll: parsePoll(message.body), message }))
      .reverse();
  }

  /** The last of these polls up to a number of bytes, rendered, oldest first. */
  async render(
    polls: readonly ListedPoll[],
    reader: Reader,
    maxBytes: number,
  ): Promise<readonly Fragment[]> {
    const { renderer, rendered } = this.#parts;
    const fragments = polls.map(({ message }) => rendered(message)).reverse();
    return (await renderer.take(fragments, reader, maxBytes)).reverse();
  }

  /** What waits for approval in the open polls among these. */
  async held(polls: readonly ListedPoll[]) {
    const waiting = polls.filter(({ poll }) => poll.isOpen && countHeld(poll) > 0);
    const { queries } = this.#parts.store;
    return Promise.all(
      waiting.map(async ({ id, poll }) => ({
        ...{ id, question: poll.question },
        suggestions: await queries.heldSuggestions(id),
      })),
    );
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
    const message = await this.#message(id);
    return message?.kind === 'poll' ? parsePoll(message.body) : undefined;
  }

  async hasVoted(id: number, who: Principal): Promise<boolean> {
    return (await this.#parts.store.queries.votedIn([id], voterKeys(who))).length > 0;
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

  async #message(id: number | undefined): Promise<Message | undefined> {
    return id === undefined ? undefined : this.#parts.store.queries.message(this.#parts.room, id);
  }
}
