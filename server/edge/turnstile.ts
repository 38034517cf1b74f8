import { Refusal } from '../errors.ts';
import { Limits, NO_LIMIT, type Rate } from './limiter.ts';

/** What may be held open from one address, and how fast: a school behind one router shares it. */
const MAX_OPEN = 4_000;
const JOINS: Rate = { burst: 3_000, perSecond: 100 };

/** Counts what is held open from each address. */
export class Turnstile {
  readonly #isLimited: boolean;
  readonly #joins: Limits;
  /** Those of whom something is open: no more than there are connections. */
  readonly #open = new Map<string, number>();

  /** @param now milliseconds that only grow */
  constructor(isLimited: boolean, now?: () => number) {
    this.#isLimited = isLimited;
    this.#joins = new Limits(isLimited ? JOINS : NO_LIMIT, now);
  }

  /**
   * Lets one more in.
   * @returns what to call, once, when it has ended
   * @throws Refusal where it is too many, or too fast
   */
  enter(address: string): () => void {
    const open = this.#open.get(address) ?? 0;
    if (this.#isLimited && open >= MAX_OPEN) throw new Refusal('too-many-connections');
    if (!this.#joins.take(address)) throw new Refusal('slow-down');
    this.#open.set(address, open + 1);
    return () => {
      const left = (this.#open.get(address) ?? 1) - 1;
      if (left > 0) this.#open.set(address, left);
      else this.#open.delete(address);
    };
  }
}
