import { backoffMs } from '../connection/connection.ts';
import type { ServerError } from '../connection/post.ts';

interface EditQueueOptions {
  /** Sends a command. Rejects if it is not known whether it was executed. */
  readonly send: (command: object) => Promise<ServerError | undefined>;
  readonly isLive: () => boolean;
  /** It could not be saved yet. */
  readonly onPending: () => void;
  readonly onRejected: (text: string, why: string) => void;
}

/**
 * Pending edits: each is sent until it is answered. Edits are idempotent, so a lost response does
 * no harm.
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

  /** The connection is live, perhaps again. */
  async resume(): Promise<void> {
    if (this.#isSending || this.#waiting.size === 0) return;
    const { send, isLive, onPending, onRejected } = this.#options;
    this.#isSending = true;
    try {
      // A message may be edited again while its former text is sent.
      for (let next = this.#next; next; next = this.#next) {
        const [id, message] = next;
        if (!isLive()) throw new Error('There is no connection.');
        const refusal = await send({ type: 'edit', id, message });
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

  get #next(): readonly [number, string] | undefined {
    const [first] = this.#waiting;
    return first;
  }
}
