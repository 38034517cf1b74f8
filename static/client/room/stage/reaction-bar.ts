import { MAX_LIVE_REACTIONS } from '../../../../server/shared/live-reactions.ts';
import { byId } from '../../lib/dom.ts';
import { showRising } from '../../lib/rising.ts';

/** Taps within this time are sent together: nobody taps into the rate limit. */
const COLLECT_MS = 500;

/** Reactions to what happens right now: buttons, and what the audience has tapped. */
export class ReactionBar {
  readonly #form = byId('reaction-bar');
  readonly #send: (command: object) => void;
  readonly #taps = new Map<string, number>();
  readonly #totals = new Map<string, number>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(send: (command: object) => void) {
    this.#send = send;
    this.#form.addEventListener('submit', (event) => {
      event.preventDefault();
      const emoji = event.submitter?.getAttribute('value');
      if (emoji) this.#tap(emoji);
    });
  }

  /** The audience reacted. */
  show(counts: Readonly<Record<string, number>>): void {
    for (const [emoji, count] of Object.entries(counts)) {
      const total = (this.#totals.get(emoji) ?? 0) + count;
      this.#totals.set(emoji, total);
      const button = this.#form.querySelector(`button[value="${CSS.escape(emoji)}"] > .count`);
      if (button) button.textContent = `${total}`;
    }
    showRising(counts);
  }

  #tap(emoji: string): void {
    this.#taps.set(emoji, Math.min(MAX_LIVE_REACTIONS, (this.#taps.get(emoji) ?? 0) + 1));
    this.#timer ??= setTimeout(() => this.#flush(), COLLECT_MS);
  }

  #flush(): void {
    this.#timer = undefined;
    for (const [emoji, count] of this.#taps) this.#send({ type: 'send-reactions', emoji, count });
    this.#taps.clear();
  }
}
