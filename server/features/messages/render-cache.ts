import type { LazyFragment } from '../../core/fragment.ts';
import type { Message } from '../../core/message.ts';

/** UTF-16 units in each of the two generations, and the overhead of a message. */
const MAX_LENGTH = 4 * 1024 * 1024;
const ENTRY_LENGTH = 200;

/**
 * Rendered messages, each as of its last change. When the young generation is full, it becomes the
 * old one, and the old one is dropped; a message found in the old one becomes young again.
 */
export class RenderCache {
  readonly #maxLength: number;
  #young = new Map<number, LazyFragment>();
  #old = new Map<number, LazyFragment>();
  #youngLength = 0;

  constructor(maxLength = MAX_LENGTH) {
    this.#maxLength = maxLength;
  }

  /**
   * A message as it is now, if cached. An older state is evicted: its text may have been deleted.
   */
  find({ id, seq }: Message): LazyFragment | undefined {
    const found = this.#young.get(id) ?? this.#old.get(id);
    if (!found || found.seq > seq) return undefined;
    if (found.seq < seq) this.#delete(id);
    else if (!this.#young.has(id)) this.add(found);
    return found.seq === seq ? found : undefined;
  }

  /** Caches a message, unless a newer state is cached. To be called again after more rendering. */
  add(message: LazyFragment): void {
    const { id, seq, length, renderedLength } = message;
    const known = this.#young.get(id) ?? this.#old.get(id);
    if (known && known.seq > seq) return;
    this.#delete(id);
    this.#young.set(id, message);
    this.#youngLength += ENTRY_LENGTH + length + renderedLength;
    if (this.#youngLength <= this.#maxLength) return;
    this.#old = this.#young;
    this.#young = new Map();
    this.#youngLength = 0;
  }

  /** The messages of a room up to this one are gone. */
  clear(room: string, upTo: number): void {
    for (const [id, message] of [...this.#young, ...this.#old]) {
      if (id <= upTo && message.room === room) this.#delete(id);
    }
  }

  #delete(id: number): void {
    this.#young.delete(id);
    this.#old.delete(id);
  }
}
