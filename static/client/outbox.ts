import { waitMs } from './line.ts';

/** What came of a message that was posted: nothing, where the server could not be reached. */
export type Posted = 'settled' | 'unreached';

/** What is said, and what it answers, if it answers something. */
export interface Said {
  readonly message: string;
  readonly reply?: number | undefined;
}

export interface OutboxOptions {
  /** Says a message over the line. False: the line goes in one direction only. */
  readonly send: (text: string) => boolean;
  /** Says a message by a request of its own. */
  readonly post: (cid: string, said: Said) => Promise<Posted>;
}

/**
 * What was said and has not come back yet, by the id under which it was said: it is said again until
 * it is settled. The server knows the id, and takes each once.
 */
export class Outbox {
  readonly #options: OutboxOptions;
  readonly #said = new Map<string, Said>();
  #isPosting = false;
  #failures = 0;

  constructor(options: OutboxOptions) {
    this.#options = options;
  }

  say(said: Said): void {
    const cid = newId();
    this.#said.set(cid, said);
    this.#send(cid, said);
  }

  /** The line is new: what is not settled is said once more, in the order it was written. */
  resume(): void {
    for (const [cid, said] of this.#said) this.#send(cid, said);
  }

  /** It came back or was refused: gives the text, if it was one of ours. */
  settle(cid: string | undefined): string | undefined {
    const said = cid === undefined ? undefined : this.#said.get(cid);
    if (cid !== undefined) this.#said.delete(cid);
    return said?.message;
  }

  #send(cid: string, said: Said): void {
    if (!this.#options.send(JSON.stringify({ cid, ...said }))) void this.#postAll();
  }

  /** One after the other, or they would arrive in any order. */
  async #postAll(): Promise<void> {
    if (this.#isPosting) return;
    this.#isPosting = true;
    // What is said in the meantime is added at the end, and comes its turn.
    for (const [cid, said] of this.#said) {
      if ((await this.#options.post(cid, said)) === 'settled') {
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
