import type { Encoding } from '../render/encoding.ts';
import type { Fragment } from '../render/fragment.ts';

/** Fragments that go to many waiters: framed once for each encoding in use, whoever takes them. */
export class Batch {
  readonly fragments: readonly Fragment[];
  readonly #frames = new Map<Encoding, Buffer>();

  constructor(fragments: readonly Fragment[]) {
    this.fragments = fragments;
  }

  /** The number of its last change. */
  get head(): number {
    return this.fragments.at(-1)?.seq ?? 0;
  }

  frames(encoding: Encoding): Buffer {
    const known = this.#frames.get(encoding);
    if (known) return known;
    const frames = encoding.messages(this.fragments);
    this.#frames.set(encoding, frames);
    return frames;
  }
}
