import type { ServerError } from './post.ts';
import type { OpenTransport, TransportHandlers } from './transports/transport.ts';
import type { TransportEntry } from './transports.ts';

/** A transport that is not live by then is blocked: a proxy holds the connection, or its data. */
const CONNECT_TIMEOUT_MS = 5_000;
/** The server sends data every 20 to 25 s on any transport. Without data for twice as long, the connection is lost. */
const HEARTBEAT_TIMEOUT_MS = 42_000;

interface Hooks {
  /** Whether the page is hidden. */
  readonly isHidden: () => boolean;
  /** The client has caught up. Called at most once. */
  readonly onAlive: (attempt: TransportAttempt) => void;
  /**
   * It has failed, or is lost. Called at most once, and not after `close`.
   * @param why the reason, if the server denies access
   */
  readonly onLost: (attempt: TransportAttempt, why?: ServerError) => void;
}

/** One attempt to use a transport: it must catch up in time, and is watched from then on. */
export class TransportAttempt {
  readonly entry: TransportEntry;
  readonly #transport: OpenTransport;
  readonly #isHidden: () => boolean;
  readonly #trial: ReturnType<typeof setTimeout>;
  #aliveAt: number | undefined;
  #heardAt = 0;

  constructor(
    entry: TransportEntry,
    listener: Omit<TransportHandlers, 'onLost'>,
    { isHidden, onAlive, onLost }: Hooks,
  ) {
    this.entry = entry;
    this.#isHidden = isHidden;
    this.#trial = setTimeout(() => {
      this.close();
      onLost(this);
    }, CONNECT_TIMEOUT_MS);
    this.#transport = entry.open({
      ...listener,
      onFrame: (html) => {
        this.#heardAt = Date.now();
        listener.onFrame(html);
        // No message can contain this: user input is escaped.
        if (this.#aliveAt !== undefined || !html.includes('<div id="synced"')) return;
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

  /** For how long it has been live. */
  get uptimeMs(): number {
    return this.#aliveAt === undefined ? 0 : Date.now() - this.#aliveAt;
  }

  /** Whether the server, once connected, has been silent for too long. */
  get isStale(): boolean {
    // A hidden page polls as rarely as its timers run; each of its requests has its own timeout.
    if (this.entry.name === 'polling' && this.#isHidden()) return false;
    return this.#aliveAt !== undefined && Date.now() - this.#heardAt > HEARTBEAT_TIMEOUT_MS;
  }

  /** Sends over the connection itself. False if the transport is receive-only. */
  send(text: string): boolean {
    this.#transport.send?.(text);
    return this.#transport.send !== undefined;
  }

  close(): void {
    clearTimeout(this.#trial);
    this.#transport.close();
  }
}
