import { byId } from '../lib/dom.ts';
import { readLocal, writeLocal } from '../lib/storage.ts';

/** How often presence is reported if the connection does not show it. */
const REPORT_MS = 20_000;
/** Typing is reported at most this often. */
const TYPING_MS = 3_000;

/** Ephemeral commands. */
export type PresenceCommand =
  | { readonly type: 'presence'; readonly isAway: boolean }
  | { readonly type: 'typing' };

/** Reports the user's presence: online, away, typing. */
export class Presence {
  readonly #send: (command: PresenceCommand) => void;
  readonly #isReceiveOnly: () => boolean;
  #typedAt = 0;
  #wasAway = false;
  /** A page that is left or reloaded is hidden at its end, which does not mean away. */
  #isLeaving = false;

  /** @param isReceiveOnly whether the connection is receive-only, and does not show presence */
  constructor(send: (trace: PresenceCommand) => void, isReceiveOnly: () => boolean) {
    this.#send = send;
    this.#isReceiveOnly = isReceiveOnly;
    addEventListener('pagehide', () => {
      this.#isLeaving = true;
    });
    addEventListener('pageshow', () => {
      this.#isLeaving = false;
    });
    document.addEventListener('visibilitychange', () => this.#isLeaving || this.report());
    setInterval(() => this.#isReceiveOnly() && this.report(), REPORT_MS);
    const choice = byId<HTMLInputElement>('show-typing');
    choice.checked = readLocal('tell-typing', true);
    choice.addEventListener('change', () => writeLocal('tell-typing', choice.checked));
    byId('message').addEventListener('input', () => choice.checked && this.#type());
  }

  /** The message was posted: typing starts over. */
  onPosted(): void {
    this.#typedAt = 0;
  }

  report(): void {
    // Being online need not be reported if the connection shows it.
    if (document.hidden || this.#isReceiveOnly() || this.#wasAway) this.#say();
  }

  #say(): void {
    this.#wasAway = document.hidden;
    this.#send({ type: 'presence', isAway: document.hidden });
  }

  #type(): void {
    const now = Date.now();
    if (now - this.#typedAt < TYPING_MS) return;
    this.#typedAt = now;
    this.#send({ type: 'typing' });
  }
}
