import type { Env } from 'markdown-it';
import { Effort } from './effort.ts';

/** Per message; a message with more is shown as it was written. */
const MAX_TOKENS = 4_000;
/** Addresses after these stay text. */
const MAX_LINKS = 150;
/** Code tokens after these are not highlighted. */
const MAX_PIECES = 700;

/** The work done to render one message so far. markdown-it passes it to its rules, in an `env`. */
export class Bounds {
  readonly effort = new Effort();
  #tokens = 0;
  #links = 0;
  #pieces = 0;

  /** @throws TypeError if it is missing */
  static of(env: Env | undefined): Bounds {
    if (env?.bounds instanceof Bounds) return env.bounds;
    throw new TypeError('What a message comes to is not counted');
  }

  /** @throws RangeError if there are too many */
  addToken(): void {
    this.#tokens += 1;
    if (this.#tokens > MAX_TOKENS) throw new RangeError('This text makes too many tokens');
  }

  /** @returns whether one more link may be made */
  addLink(): boolean {
    this.#links += 1;
    return this.#links <= MAX_LINKS;
  }

  addPiece(): boolean {
    this.#pieces += 1;
    return this.#pieces <= MAX_PIECES;
  }
}
