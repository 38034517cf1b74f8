import type { Logger } from 'pino';
import type { Doors } from '../auth/access-passes.ts';
import type { People } from '../auth/identity.ts';
import type { Door } from '../auth/room-access.ts';
import type { Sessions } from '../auth/sessions.ts';
import type { Person } from '../auth/user.ts';
import type { RefusalCode } from '../core/errors.ts';
import type { Lobby } from '../core/room-registry.ts';
import type { Turns } from '../limits/admission-queue.ts';
import type { Turnstile } from '../limits/connection-limiter.ts';
import type { OpenResponses } from '../limits/open-responses.ts';
import type { Timing } from '../timeouts.ts';
import type { Meters } from './traffic-meters.ts';

/** What a transport is made with. */
export interface TransportParts {
  readonly lobby: Lobby;
  readonly people: People;
  /** The door of the server, and that of each room. */
  readonly doors: Doors;
  readonly door: Door;
  readonly turnstile: Turnstile;
  readonly openResponses: OpenResponses;
  readonly turns: Turns;
  readonly streams: Streams;
  readonly meters: Meters;
  readonly timing: Timing;
  readonly logger: Logger;
}

/** What is held open to a client. */
export interface Stream {
  readonly person: Person | undefined;
  /** Ends it: whoever has it may not have it any more. */
  dismiss(why: RefusalCode): void;
  /** Tells the client that it is alive, and finds out whether the client is. */
  beat(): void;
  /** Tells the client that the server goes, and ends when it has left, or within the time. */
  end(withinMs: number): Promise<void>;
}

/** All that is held open, of whatever transport: they beat together, and they end together. */
export class Streams {
  readonly #sessions: Pick<Sessions, 'hasEnded' | 'use'>;
  readonly #open = new Set<Stream>();
  readonly #beats: NodeJS.Timeout;
  #isClosed = false;

  constructor(beatMs: number, sessions: Pick<Sessions, 'hasEnded' | 'use'>) {
    this.#sessions = sessions;
    this.#beats = setInterval(() => {
      for (const stream of this.#open) this.#beat(stream);
    }, beatMs);
  }

  /** Whether the server is about to end: nothing more is opened then. */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  add(stream: Stream): void {
    this.#open.add(stream);
    const session = stream.person?.session;
    // It may have ended while the stream was on its way.
    if (session && this.#sessions.hasEnded(session)) {
      queueMicrotask(() => stream.dismiss('signed-out'));
    }
  }

  delete(stream: Stream): void {
    this.#open.delete(stream);
  }

  /** Ends all that was opened by sessions which are over. */
  endSessions(ids: readonly string[]): void {
    if (ids.length === 0) return;
    for (const stream of [...this.#open]) {
      const session = stream.person?.session;
      if (session && ids.includes(session)) stream.dismiss('signed-out');
    }
  }

  #beat(stream: Stream): void {
    stream.beat();
    const session = stream.person?.session;
    if (session) this.#sessions.use(session);
  }

  async close(withinMs: number): Promise<void> {
    this.#isClosed = true;
    clearInterval(this.#beats);
    await Promise.all([...this.#open].map((stream) => stream.end(withinMs)));
  }
}
