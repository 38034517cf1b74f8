import type { ServerError } from './post.ts';
import type { OpenTransport, TransportHandlers } from './transports/transport.ts';
import type { TransportEntry } from './transports.ts';

/** A way that has not shown by then that it is alive is barred: a proxy keeps it, or what it carries. */
const CONNECT_TIMEOUT_MS = 5_000;
/** The server is heard of every 20 to 25 s, whatever the way. One silent for twice as long is dead. */
const HEARTBEAT_TIMEOUT_MS = 42_000;

interface Hooks {
  /** All that was missed has come. Called once at most. */
  readonly onAlive: (attempt: TransportAttempt) => void;
  /**
   * It has failed, or is lost. Called once at most, and not after `close`.
   * @param why the server does not let this visitor in, where that is so
   */
  readonly onLost: (attempt: TransportAttempt, why?: ServerError) => void;
}

/** One go at one way: on trial until all that was missed has come, and watched from then on. */
export class TransportAttempt {
  readonly entry: TransportEntry;
  readonly #way: OpenTransport;
  readonly #trial: ReturnType<typeof setTimeout>;
  #aliveAt: number | undefined;
  #heardAt = 0;

  constructor(
    rung: TransportEntry,
    listener: Omit<TransportHandlers, 'onLost'>,
    { onAlive, onLost }: Hooks,
  ) {
    this.entry = rung;
    this.#trial = setTimeout(() => {
      this.close();
      onLost(this);
    }, CONNECT_TIMEOUT_MS);
    this.#way = rung.open({
      ...listener,
      onFrame: (html) => {
        this.#heardAt = Date.now();
        listener.onFrame(html);
        // No message can contain this: what people write is escaped.
        if (this.#aliveAt !== undefined || !html.includes('<div id="live"')) return;
        this.#aliveAt = Date.now();
        clearTimeout(this.#trial);
        onAlive(this);
      },
      onLost: (why) => {
        clearTimeout(this.#trial);
        onLost(this, why);
      },
    });
  }

  /** For how long it has been alive. */
  get uptimeMs(): number {
    return this.#aliveAt === undefined ? 0 : Date.now() - this.#aliveAt;
  }

  /** Whether the server, once heard of, has been silent for too long. */
  get isStale(): boolean {
    // A hidden page asks as seldom as its timers run; each of its requests has an end of its own.
    if (this.entry.name === 'poll' && document.hidden) return false;
    return this.#aliveAt !== undefined && Date.now() - this.#heardAt > HEARTBEAT_TIMEOUT_MS;
  }

  /** Says something over the line itself. False: this way goes in one direction only. */
  send(text: string): boolean {
    this.#way.send?.(text);
    return this.#way.send !== undefined;
  }

  close(): void {
    clearTimeout(this.#trial);
    this.#way.close();
  }
}
