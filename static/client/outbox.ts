import { waitMs } from './line.ts';

/** What came of a message that was posted: nothing, where the server could not be reached. */
export type Posted = 'settled' | 'unreached';

export interface OutboxOptions {
  /** Says a message over the line. False: the line goes in one direction only. */
  readonly send: (text: string) => boolean;
  /** Says a message by a request of its own. */
  readonly post: (cid: string, text: string) => Promise<Posted>;
}

/**
 * What was said and has not come back yet, by the id under which it was said: it is said again until
 * it is settled. The server knows the id, and takes each once.
 */
export class Outbox {
  readonly #options: OutboxOptions;
  readonly #texts = new Map<string, string>();
  #isPosting = false;
  #failures = 0;

  constructor(options: OutboxOptions) {
    this.#options = options;
  }

  say(text: string): void {
    const cid = newId();
    this.#texts.set(cid, text);
    this.#send(cid, text);
  }

  /** The line is new: what is not settled is said once more, in the order it was written. */
  resume(): void {
    for (const [cid, text] of this.#texts) this.#send(cid, text);
  }

  /** It came back or was refused: gives the text, if it was one of ours. */
  settle(cid: string | undefined): string | undefined {
    const text = cid === undefined ? undefined : this.#texts.get(cid);
    if (cid !== undefined) this.#texts.delete(cid);
    return text;
  }

  #send(cid: string, message: string): void {
    if (!this.#options.send(JSON.stringify({ cid, message }))) void this.#postAll();
  }

  /** One after the other, or they would arrive in any order. */
  async #postAll(): Promise<void> {
    if (this.#isPosting) return;
    this.#isPosting = true;
    // What is said in the meantime is added at the end, and comes its turn.
    for (const [cid, text] of this.#texts) {
      if ((await this.#options.post(cid, text)) === 'settled') {
        this.#failures = 0;
        continue;
      }
      setTimeout(() => this.resume(), waitMs(this.#failures, Math.random()));
      this.#failures += 1;
      break;
    }
    this.#isPosting = false;
  }
}

function newId(): string {
  // Not randomUUID: a page that came over plain HTTP does not have it.
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
