import { parseFragments } from '../lib/dom.ts';

/** Collects what arrives between two animation frames, so that the page is laid out once for it. */
export class FrameBuffer {
  readonly #take: (fragments: readonly HTMLElement[]) => void;
  #frames: string[] = [];

  constructor(take: (fragments: readonly HTMLElement[]) => void) {
    this.#take = take;
    document.addEventListener('visibilitychange', () => this.flush());
  }

  add(frame: string): void {
    this.#frames.push(frame);
    // A hidden page has no frames, and no layout to save.
    if (document.hidden) this.flush();
    else if (this.#frames.length === 1) requestAnimationFrame(() => this.flush());
  }

  flush(): void {
    if (this.#frames.length === 0) return;
    const html = this.#frames.join('');
    this.#frames = [];
    this.#take(parseFragments(html));
  }
}
