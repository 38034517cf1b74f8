import { type PageLifecycle, thisPage } from './page-lifecycle.ts';

/** Fragments that are applied before the page is painted: few enough for a slow phone. */
const SLICE = 40;
/** A longer queue is applied in about this many slices, so that it cannot grow without end. */
const SLICES = 16;

interface FrameBufferOptions<F> {
  /** Splits a frame into its fragments. */
  readonly parse: (frame: string) => readonly F[];
  /** Applies fragments, in the order in which they arrived. */
  readonly apply: (fragments: readonly F[]) => void;
}

/** A callback, once so many fragments were applied in all. */
interface Waiting {
  readonly count: number;
  readonly call: () => void;
}

/**
 * Collects what arrives between two animation frames, so that the page is laid out once for it. Of a great
 * deal, each animation frame applies a slice: in between the page is painted, and answers the user.
 */
export class FrameBuffer<F> {
  readonly #options: FrameBufferOptions<F>;
  readonly #page: Pick<PageLifecycle, 'isHidden' | 'beforePaint'>;
  readonly #fragments: F[] = [];
  readonly #waiting: Waiting[] = [];
  #applied = 0;
  #isScheduled = false;

  constructor(
    options: FrameBufferOptions<F>,
    page: Pick<PageLifecycle, 'isHidden' | 'beforePaint' | 'onVisibility'> = thisPage,
  ) {
    this.#options = options;
    this.#page = page;
    page.onVisibility(() => this.flush());
  }

  add(frame: string): void {
    this.#fragments.push(...this.#options.parse(frame));
    // A hidden page is not painted, and has no layout to save.
    if (this.#page.isHidden) this.flush();
    else this.#schedule();
  }

  /** Applies all that has arrived. */
  flush(): void {
    this.#apply(this.#fragments.length);
  }

  /** Calls back once all that has arrived until now is applied. */
  whenApplied(call: () => void): void {
    if (this.#fragments.length === 0) call();
    else this.#waiting.push({ count: this.#applied + this.#fragments.length, call });
  }

  #schedule(): void {
    if (this.#isScheduled || this.#fragments.length === 0) return;
    this.#isScheduled = true;
    this.#page.beforePaint(() => {
      this.#isScheduled = false;
      this.#apply(Math.max(SLICE, Math.ceil(this.#fragments.length / SLICES)));
      this.#schedule();
    });
  }

  #apply(count: number): void {
    const fragments = this.#fragments.splice(0, count);
    if (fragments.length > 0) this.#options.apply(fragments);
    this.#applied += fragments.length;
    const waiting = this.#waiting.findIndex((after) => after.count > this.#applied);
    const due = this.#waiting.splice(0, waiting < 0 ? this.#waiting.length : waiting);
    for (const { call } of due) call();
  }
}
