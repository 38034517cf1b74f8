import { createInbox, type Subscription } from '@nats-io/transport-node';
import { type ConsumerMessage, readMessage } from './entry-message.ts';
import type { LogStream } from './log-stream.ts';

/** Without a word for this long, the consumer is taken for lost: heartbeats are half a second apart. */
const SILENCE_MS = 1_600;
const CHECK_MS = 200;

export type ReceivedEntry = Extract<ConsumerMessage, { readonly type: 'entry' }>;

interface Handlers {
  /** The next place to be received. */
  readonly next: () => number;
  /** Is called before a consumer is created; whatever it throws, it is called again. */
  readonly check: () => Promise<void>;
  /** The engine was heard of. */
  readonly onAlive: () => void;
  readonly onEntry: (entry: ReceivedEntry) => void;
  /** The engine no longer has this place, but later ones. */
  readonly onMissing: (place: number) => void;
  /** Resolves when there is room for more entries. */
  readonly whenReady: () => Promise<void>;
}

/**
 * Receives the entries of the log in order, each once. The engine's consumer lives in the memory of one
 * server and ends with it; so does ours with any doubt, and begins again where it stopped. (The ordered
 * consumers of the library wait for up to a minute.)
 */
export class LogTail {
  readonly #stream: LogStream;
  readonly #handlers: Handlers;
  readonly #timer: NodeJS.Timeout;
  #subscription: Subscription | undefined;
  #isOpening = false;
  #isClosed = false;
  /** The current consumer has sent an entry. */
  #hasBegun = false;
  #heardMs = Number.NEGATIVE_INFINITY;
  #pending = Number.POSITIVE_INFINITY;

  constructor(stream: LogStream, handlers: Handlers) {
    this.#stream = stream;
    this.#handlers = handlers;
    this.#timer = setInterval(() => {
      if (this.silenceMs > SILENCE_MS) void this.renew();
    }, CHECK_MS);
    void this.renew();
  }

  /** Milliseconds since the engine was last heard of. */
  get silenceMs(): number {
    return performance.now() - this.#heardMs;
  }

  /** Entries that are there and were not received yet, as far as is known. */
  get pending(): number {
    return this.#pending;
  }

  close(): void {
    this.#isClosed = true;
    clearInterval(this.#timer);
    this.#subscription?.unsubscribe();
  }

  /** Begins again where it stopped, with another consumer. */
  async renew(): Promise<void> {
    if (this.#isOpening || this.#isClosed) return;
    this.#isOpening = true;
    this.#subscription?.unsubscribe();
    this.#subscription = undefined;
    try {
      await this.#handlers.check();
      if (this.#isClosed) return;
      const inbox = createInbox();
      const subscription = this.#stream.connection.subscribe(inbox, {
        callback: (error, message) => {
          if (error || this.#subscription !== subscription) return;
          const read = readMessage(message);
          if (read) this.#receive(read);
        },
      });
      this.#subscription = subscription;
      this.#hasBegun = false;
      await this.#stream.consume(inbox, this.#handlers.next());
      this.#heard();
    } catch {
      // The engine does not answer, or has no leader just now: the timer tries again.
    } finally {
      this.#isOpening = false;
    }
  }

  #receive(message: ConsumerMessage): void {
    this.#heard();
    if (message.type === 'flow-control') {
      void this.#handlers
        .whenReady()
        .then(() => this.#isClosed || this.#stream.connection.publish(message.answer));
    } else if (message.type === 'entry') {
      const next = this.#handlers.next();
      const isFirst = !this.#hasBegun;
      this.#hasBegun = true;
      if (message.place === next) {
        this.#pending = message.pending;
        this.#handlers.onEntry(message);
      } else if (isFirst) {
        this.#handlers.onMissing(next);
      } else {
        // What is missing was lost on the way: the engine has it.
        void this.renew();
      }
    } else if (!this.#hasBegun) {
      this.#pending = 0;
    }
    this.#handlers.onAlive();
  }

  #heard(): void {
    this.#heardMs = performance.now();
  }
}
