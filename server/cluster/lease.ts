const CHECK_MS = 500;
/** What is decided elsewhere holds here within ten seconds: some of them go by until this is noticed. */
const LAPSE_MS = 9_000;
/** It is certain that a node has all of the log while that was confirmed within this time. */
const LEVEL_MS = 3_000;

interface Parts {
  /** For how many milliseconds it has not been certain that this node has all of the log. */
  readonly ageMs: () => number;
  /** Whether another node may have more of it. */
  readonly mayOthersBeLevel: () => boolean;
  /** Nobody may read on here, or may again. */
  readonly onLapse: (hasLapsed: boolean) => void;
}

/**
 * For how long users may read on at a node that does not know whether it has all of the log: a user who was
 * removed at another node would keep access here.
 */
export class Lease {
  readonly #parts: Parts;
  #timer: NodeJS.Timeout | undefined;
  #hasLapsed = false;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  start(): void {
    this.#timer = setInterval(() => this.check(), CHECK_MS).unref();
  }

  close(): void {
    clearInterval(this.#timer);
  }

  /** Whether this node has all of the log, as far as can be known. */
  get isLevel(): boolean {
    return this.#parts.ageMs() <= LEVEL_MS;
  }

  get hasLapsed(): boolean {
    return this.#hasLapsed;
  }

  /** A lease that has lapsed begins again when the node is level, whatever is heard of others meanwhile. */
  check(): void {
    const { ageMs, mayOthersBeLevel, onLapse } = this.#parts;
    const hasLapsed = this.#hasLapsed ? !this.isLevel : ageMs() > LAPSE_MS && mayOthersBeLevel();
    if (hasLapsed === this.#hasLapsed) return;
    this.#hasLapsed = hasLapsed;
    onLapse(hasLapsed);
  }
}
