import type { LazyFragment } from '../../core/fragment.ts';
import type { Message } from '../../core/message.ts';
import { LruMap } from '../../shared/lru-map.ts';

/** UTF-16 units of all cached messages, and the overhead of each. */
const MAX_LENGTH = 8 * 1024 * 1024;
const ENTRY_LENGTH = 200;

/** Rendered messages, each as of its last change. */
export class RenderCache {
  readonly #messages: LruMap<number, LazyFragment>;

  constructor(maxLength = MAX_LENGTH) {
    this.#messages = new LruMap(
      maxLength,
      ({ length, renderedLength }) => ENTRY_LENGTH + length + renderedLength,
    );
  }

  /**
   * A message as it is now, if cached. An older state is evicted: its text may have been deleted.
   */
  find({ id, seq }: Message): LazyFragment | undefined {
    const found = this.#messages.get(id);
    if (found && found.seq < seq) this.#messages.delete(id);
    return found?.seq === seq ? found : undefined;
  }

  /** Caches a message, unless a newer state is cached. To be called again after more rendering. */
  add(message: LazyFragment): void {
    const known = this.#messages.get(message.id);
    if (!known || known.seq <= message.seq) this.#messages.set(message.id, message);
  }

  /** The messages of a room up to this one are gone. */
  clear(room: string, upTo: number): void {
    for (const [id, message] of [...this.#messages]) {
      if (id <= upTo && message.room === room) this.#messages.delete(id);
    }
  }
}
