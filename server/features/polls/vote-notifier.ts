import { encodeOnce } from '../../core/encoded-frames.ts';
import type { SendEach } from '../../core/room.ts';
import type { Vote } from './vote.ts';
import { voteText } from './vote-view.ts';

/** Sends votes to their voters only, on all their devices and in all their tabs. */
export class VoteNotifier {
  readonly #sendEach: SendEach;
  #unsent: Vote[] = [];

  constructor(sendEach: SendEach) {
    this.#sendEach = sendEach;
  }

  add(vote: Vote): void {
    this.#unsent.push(vote);
    // All votes of a commit are sent at once: there may be hundreds, and many users.
    if (this.#unsent.length === 1) queueMicrotask(() => this.#send());
  }

  #send(): void {
    const votes = new Map<string, Vote[]>();
    for (const vote of this.#unsent) {
      for (const key of vote.keys) {
        const known = votes.get(key);
        if (known) known.push(vote);
        else votes.set(key, [vote]);
      }
    }
    this.#unsent = [];
    this.#sendEach(({ uid, browser }) => {
      const byUid = votes.get(uid);
      const byBrowser = browser === null ? undefined : votes.get(browser);
      // This is called for all users here: for most there is nothing.
      if (!byUid && !byBrowser) return undefined;
      const own = [...new Set([...(byUid ?? []), ...(byBrowser ?? [])])];
      return encodeOnce((type) => own.map((vote) => voteText(vote, type)));
    });
  }
}
