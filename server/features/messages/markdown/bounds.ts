import type { Env } from 'markdown-it';
import { Effort } from './code.ts';

/** Of one message: what is more than this is shown as it was written. */
const MAX_TOKENS = 4_000;
/** Addresses after so many stay text. */
const MAX_LINKS = 150;
/** Pieces of code after so many are not told apart. */
const MAX_PIECES = 700;

/** What rendering one message has come to so far. markdown-it hands it to its rules, in an `env`. */
export class Bounds {
  readonly effort = new Effort();
  #tokens = 0;
  #links = 0;
  #pieces = 0;

  /** @throws TypeError where it is not there */
  static of(env: Env | undefined): Bounds {
    if (env?.bounds instanceof Bounds) return env.bounds;
    throw new TypeError('What a message comes to is not counted');
  }

  /** @throws RangeError where there are too many */
  addToken(): void {
    this.#tokens += 1;
    if (this.#tokens > MAX_TOKENS) throw new RangeError('This text makes too many tokens');
  }

  /** @returns whether there is one more to be made */
  addLink(): boolean {
    this.#links += 1;
    return this.#links <= MAX_LINKS;
  }

  addPiece(): boolean {
    this.#pieces += 1;
    return this.#pieces <= MAX_PIECES;
  }
}
