import { oncePer } from '../shared/once-per.ts';
import { type Position, START } from './cursor.ts';
import type { Fragment, TextType } from './fragment.ts';
import type { Framing } from './framing.ts';

/**
 * Bytes of text in one batch. Less than a socket buffers before it signals backpressure (see
 * app.ts), or every large batch would look like a stalled client.
 */
export const BATCH_BYTES = 31 * 1024;

/** Fragments that go to many waiters, framed once for each encoding in use. */
export class Batch {
  readonly fragments: readonly Fragment[];
  /** Whether the room was cleared, so that earlier messages no longer exist. */
  readonly isReset: boolean;
  /** Its last change. It may end within an event that changes many messages. */
  readonly end: Position;
  /** The frames in an encoding. */
  readonly frames: (framing: Framing) => Buffer;

  constructor(fragments: readonly Fragment[], epoch: string, isReset = false) {
    this.fragments = fragments;
    this.isReset = isReset;
    const { seq, id } = fragments.at(-1) ?? START;
    this.end = { seq, id };
    this.frames = oncePer((framing) => framing.messages(fragments, epoch, isReset));
  }
}

/** The fragments in batches, for waiters of this type: as large as allowed, none empty. */
export function* toBatches(
  fragments: readonly Fragment[],
  type: TextType,
  epoch: string,
  isReset = false,
): Generator<Batch, void> {
  let start = 0;
  let bytes = 0;
  for (const [index, fragment] of fragments.entries()) {
    const length = Buffer.byteLength(fragment.text(type));
    if (index > start && bytes + length > BATCH_BYTES) {
      yield new Batch(fragments.slice(start, index), epoch, isReset);
      start = index;
      bytes = 0;
    }
    bytes += length;
  }
  if (start < fragments.length) yield new Batch(fragments.slice(start), epoch, isReset);
}
