import { automaticPoll, type StagedPoll } from '../../../server/shared/stage.ts';

/**
 * Which of the polls of a room is on the stage: one that was chosen, or else the one that was
 * started or reopened last.
 */
export class StageState {
  #polls: readonly StagedPoll[] = [];
  #shown: number | undefined;
  /** The newest poll that was ever here. */
  #newest = 0;
  /** Another poll than the newest was chosen: a new poll does not replace it. */
  #isChosen = false;

  get shown(): number | undefined {
    return this.#shown;
  }

  /** Sets the polls as they are now, the oldest first. */
  update(polls: readonly StagedPoll[]): void {
    for (const poll of polls) {
      const before = this.#polls.find(({ id }) => id === poll.id);
      const wasOpen = before?.isOpen ?? poll.id <= this.#newest;
      if (poll.isOpen && !wasOpen && !this.#isChosen && poll.isFollowed) this.#shown = poll.id;
    }
    this.#newest = Math.max(this.#newest, ...polls.map(({ id }) => id));
    this.#polls = polls;
    this.#settle();
  }

  /** Chooses a poll; the newest, or `undefined`, leaves the choice to what is started next. */
  choose(id: number | undefined): void {
    this.#shown = id ?? automaticPoll(this.#polls);
    this.#isChosen = id !== undefined && !this.isNewest(id);
    this.#settle();
  }

  /** Whether the stage follows what is started if this poll is chosen. */
  isNewest(id: number): boolean {
    return id === this.#followed.at(-1)?.id;
  }

  #settle(): void {
    const now = this.#polls.find(({ id }) => id === this.#shown);
    if (now && (this.#isChosen || now.isFollowed)) return;
    this.#isChosen = false;
    this.#shown = automaticPoll(this.#polls);
  }

  get #followed(): readonly StagedPoll[] {
    return this.#polls.filter(({ isFollowed }) => isFollowed);
  }
}
