import type { Logger } from 'pino';
import type { Lobby } from '../chat/lobby.ts';
import type { Meters } from '../edge/meter.ts';
import type { Timing } from '../timing.ts';

/** What a transport is made with. */
export interface TransportParts {
  readonly lobby: Lobby;
  readonly streams: Streams;
  readonly meters: Meters;
  readonly timing: Timing;
  readonly logger: Logger;
}

/** What is held open to a client. */
export interface Stream {
  /** Tells the client that it is alive, and finds out whether the client is. */
  beat(): void;
  /** Tells the client that the server goes, and ends when it has left, or within the time. */
  end(withinMs: number): Promise<void>;
}

/** All that is held open, of whatever transport: they beat together, and they end together. */
export class Streams {
  readonly #open = new Set<Stream>();
  readonly #beats: NodeJS.Timeout;
  #isClosed = false;

  constructor(beatMs: number) {
    this.#beats = setInterval(() => {
      for (const stream of this.#open) stream.beat();
    }, beatMs);
  }

  /** Whether the server is about to end: nothing more is opened then. */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  add(stream: Stream): void {
    this.#open.add(stream);
  }

  delete(stream: Stream): void {
    this.#open.delete(stream);
  }

  async close(withinMs: number): Promise<void> {
    this.#isClosed = true;
    clearInterval(this.#beats);
    await Promise.all([...this.#open].map((stream) => stream.end(withinMs)));
  }
}
