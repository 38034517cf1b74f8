import { byId } from '../lib/dom.ts';
import { readLocal, writeLocal } from '../lib/storage.ts';

/** How one is here is told again so often, where no line tells it. */
const TELL_MS = 20_000;
/** That one types is told at most so often. */
const TYPING_MS = 3_000;

/** What is done in the room without leaving a trace. */
export type PresenceCommand =
  | { readonly do: 'here'; readonly away: boolean }
  | { readonly do: 'typing' };

/** Tells the others how one is here: reading, away, typing. */
export class Presence {
  readonly #tell: (trace: PresenceCommand) => void;
  readonly #isReceiveOnly: () => boolean;
  #typedAt = 0;
  #wasAway = false;
  /** A page that is left or reloaded is hidden at its end, and that is no looking away. */
  #isLeaving = false;

  /** @param isOneWay whether the line goes in one direction only, and does not show that one is here */
  constructor(tell: (trace: PresenceCommand) => void, isOneWay: () => boolean) {
    this.#tell = tell;
    this.#isReceiveOnly = isOneWay;
    addEventListener('pagehide', () => {
      this.#isLeaving = true;
    });
    addEventListener('pageshow', () => {
      this.#isLeaving = false;
    });
    document.addEventListener('visibilitychange', () => this.#isLeaving || this.report());
    setInterval(() => this.#isReceiveOnly() && this.report(), TELL_MS);
    const choice = byId<HTMLInputElement>('tell-typing');
    choice.checked = readLocal('tell-typing', true);
    choice.addEventListener('change', () => writeLocal('tell-typing', choice.checked));
    byId('message').addEventListener('input', () => choice.checked && this.#type());
  }

  /** It was said: what is typed from now on is something else. */
  onPosted(): void {
    this.#typedAt = 0;
  }

  report(): void {
    // One who has just come and is here need not say so, where the line shows it.
    if (document.hidden || this.#isReceiveOnly() || this.#wasAway) this.#say();
  }

  #say(): void {
    this.#wasAway = document.hidden;
    this.#tell({ do: 'here', away: document.hidden });
  }

  #type(): void {
    const now = Date.now();
    if (now - this.#typedAt < TYPING_MS) return;
    this.#typedAt = now;
    this.#tell({ do: 'typing' });
  }
}
