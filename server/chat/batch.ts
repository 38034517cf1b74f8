import type { Encoding } from '../render/encoding.ts';
import type { Fragment } from '../render/fragment.ts';

/**
 * Bytes of HTML in one batch, so that what is under way to one who stops reading stays small. Less
 * than a socket takes before it asks to wait (64 KiB), or every large batch would look like a stop.
 */
const MAX_BYTES = 32 * 1024;

/** Fragments that go to many waiters: framed once for each encoding in use, whoever takes them. */
export class Batch {
  readonly fragments: readonly Fragment[];
  /** Whether what came before is not there any more: the room was cleared. */
  readonly isAnew: boolean;
  readonly #epoch: string;
  readonly #frames = new Map<Encoding, Buffer>();

  constructor(fragments: readonly Fragment[], epoch: string, isAnew = false) {
    this.fragments = fragments;
    this.#epoch = epoch;
    this.isAnew = isAnew;
  }

  /** The number of its last change. */
  get head(): number {
    return this.fragments.at(-1)?.seq ?? 0;
  }

  frames(encoding: Encoding): Buffer {
    const known = this.#frames.get(encoding);
    if (known) return known;
    const frames = encoding.messages(this.fragments, this.#epoch, this.isAnew);
    this.#frames.set(encoding, frames);
    return frames;
  }
}

/** The fragments in batches, each as large as one may be, and none empty. */
export function* batches(fragments: readonly Fragment[], epoch: string): Generator<Batch, void> {
  let start = 0;
  let bytes = 0;
  for (const [index, { html }] of fragments.entries()) {
    const length = Buffer.byteLength(html);
    if (index > start && bytes + length > MAX_BYTES) {
      yield new Batch(fragments.slice(start, index), epoch);
      start = index;
      bytes = 0;
    }
    bytes += length;
  }
  if (start < fragments.length) yield new Batch(fragments.slice(start), epoch);
}
