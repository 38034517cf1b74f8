import type { Refused } from './post.ts';
import type { Listener, OpenWay } from './transports/transport.ts';
import type { Rung } from './transports.ts';

/** A way that has not shown by then that it is alive is barred: a proxy keeps it, or what it carries. */
const TRIAL_MS = 5_000;
/** The server is heard of every 20 to 25 s, whatever the way. One silent for twice as long is dead. */
const SILENCE_MS = 42_000;

interface Hooks {
  /** All that was missed has come. Called once at most. */
  readonly onAlive: (attempt: Attempt) => void;
  /**
   * It has failed, or is lost. Called once at most, and not after `close`.
   * @param why the server does not let this visitor in, where that is so
   */
  readonly onLost: (attempt: Attempt, why?: Refused) => void;
}

/** One go at one way: on trial until all that was missed has come, and watched from then on. */
export class Attempt {
  readonly rung: Rung;
  readonly #way: OpenWay;
  readonly #trial: ReturnType<typeof setTimeout>;
  #aliveAt: number | undefined;
  #heardAt = 0;

  constructor(rung: Rung, listener: Omit<Listener, 'lose'>, { onAlive, onLost }: Hooks) {
    this.rung = rung;
    this.#trial = setTimeout(() => {
      this.close();
      onLost(this);
    }, TRIAL_MS);
    this.#way = rung.open({
      ...listener,
      hear: (html) => {
        this.#heardAt = Date.now();
        listener.hear(html);
        // No message can contain this: what people write is escaped.
        if (this.#aliveAt !== undefined || !html.includes('<div id="live"')) return;
        this.#aliveAt = Date.now();
        clearTimeout(this.#trial);
        onAlive(this);
      },
      lose: (why) => {
        clearTimeout(this.#trial);
        onLost(this, why);
      },
    });
  }

  /** For how long it has been alive. */
  get aliveMs(): number {
    return this.#aliveAt === undefined ? 0 : Date.now() - this.#aliveAt;
  }

  /** Whether the server, once heard of, has been silent for too long. */
  get isSilent(): boolean {
    // A hidden page asks as seldom as its timers run; each of its requests has an end of its own.
    if (this.rung.name === 'poll' && document.hidden) return false;
    return this.#aliveAt !== undefined && Date.now() - this.#heardAt > SILENCE_MS;
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
