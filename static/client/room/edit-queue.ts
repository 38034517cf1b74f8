import { backoffMs } from '../connection/connection.ts';
import type { ServerError } from '../connection/post.ts';

interface EditQueueOptions {
  /** Asks for something by a request of its own. Rejects where the server was not reached. */
  readonly post: (command: object) => Promise<ServerError | undefined>;
  readonly isLive: () => boolean;
  /** It could not be saved yet. */
  readonly onPending: () => void;
  readonly onRejected: (text: string, why: string) => void;
}

/**
 * Edits on their way: each is asked for until it is answered. The same edit twice is one, so that
 * nothing has to be known of an answer that was lost.
 */
export class EditQueue {
  readonly #options: EditQueueOptions;
  /** The last text of each message. */
  readonly #waiting = new Map<number, string>();
  #isSending = false;
  #failures = 0;

  constructor(options: EditQueueOptions) {
    this.#options = options;
  }

  save(id: number, text: string): void {
    this.#waiting.set(id, text);
    void this.resume();
  }

  /** The line is there, perhaps anew. */
  async resume(): Promise<void> {
    if (this.#isSending || this.#waiting.size === 0) return;
    const { post, isLive, onPending, onRejected } = this.#options;
    this.#isSending = true;
    try {
      for (const [id, message] of this.#waiting) {
        if (!isLive()) throw new Error('The line is cut.');
        const refusal = await post({ do: 'edit', id, message });
        if (this.#waiting.get(id) === message) this.#waiting.delete(id);
        if (refusal) onRejected(message, refusal.message);
      }
      this.#failures = 0;
    } catch {
      onPending();
      if (isLive()) setTimeout(() => this.resume(), backoffMs(this.#failures++, Math.random()));
    }
    this.#isSending = false;
  }
}
