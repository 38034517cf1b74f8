import { type PageLifecycle, thisPage } from './page-lifecycle.ts';

/** Collects what arrives between two animation frames, so that the page is laid out once for it. */
export class FrameBuffer {
  readonly #apply: (html: string) => void;
  readonly #page: Pick<PageLifecycle, 'isHidden' | 'beforePaint'>;
  #frames: string[] = [];

  /** @param apply applies fragments, joined in the order in which they arrived */
  constructor(
    apply: (html: string) => void,
    page: Pick<PageLifecycle, 'isHidden' | 'beforePaint' | 'onVisibility'> = thisPage,
  ) {
    this.#apply = apply;
    this.#page = page;
    page.onVisibility(() => this.flush());
  }

  add(frame: string): void {
    this.#frames.push(frame);
    // A hidden page is not painted, and has no layout to save.
    if (this.#page.isHidden) this.flush();
    else if (this.#frames.length === 1) this.#page.beforePaint(() => this.flush());
  }

  flush(): void {
    if (this.#frames.length === 0) return;
    const html = this.#frames.join('');
    this.#frames = [];
    this.#apply(html);
  }
}
