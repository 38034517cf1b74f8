import type { Refused } from './post.ts';
import { onPulse } from './pulse.ts';
import { Attempt } from './transport-attempt.ts';
import type { Listener } from './transports/transport.ts';
import { LADDER, type Rung, type RungName } from './transports.ts';

export type LineState = 'connecting' | 'closed' | RungName;

export interface LineOptions extends Omit<Listener, 'lose'> {
  readonly onState: (state: LineState) => void;
  /** The server does not let this visitor in: the line is closed, and this is why. */
  readonly onRefused: (why: Refused) => void;
}

/** The wait before the first and the longest before any later attempt. */
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 30_000;
/** A way that was alive for less than this has failed; one that was lost later is worth a retry. */
const STABLE_MS = 10_000;
/** The wait before a better way is tried for the first time, and the longest before any later time. */
const FIRST_CLIMB_MS = 10_000;
const LONGEST_CLIMB_MS = 300_000;
/** A check that comes so late comes from a page that slept: what it was sent meanwhile is still to come. */
const LATE_MS = 10_000;

/** The wait after so many failures: longer each time, and by chance, so that not all come at once. */
export function waitMs(failures: number, chance: number): number {
  const longest = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** failures);
  return longest * (0.5 + chance / 2);
}

/**
 * The line to the server, by the best way there is, until it is closed. Where a way fails, the next
 * one down the ladder is tried; from a lower one, the better ones are tried beside it now and then.
 */
export class Line {
  readonly #options: LineOptions;
  #state: LineState = 'closed';
  /** The one way to take, or the whole ladder. */
  #choice: RungName | undefined;
  /** The attempt that is in use or on trial. */
  #current: Attempt | undefined;
  /** The attempt at a better way, beside the one in use. */
  #better: Attempt | undefined;
  #failures = 0;
  #climbMs = FIRST_CLIMB_MS;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #checkedAt = Date.now();
  readonly #ladder: readonly Rung[];

  constructor(options: LineOptions, ladder: readonly Rung[] = LADDER) {
    this.#options = options;
    this.#ladder = ladder;
    addEventListener('online', () => this.#hurry());
    document.addEventListener('visibilitychange', () => this.#hurry());
    onPulse(() => this.#checkInTime());
  }

  /** Whether what happens is heard of. */
  get isLive(): boolean {
    return this.#state !== 'connecting' && this.#state !== 'closed';
  }

  /** Connects, and comes back whenever the line is lost. */
  open(): void {
    this.#failures = 0;
    this.#climbMs = FIRST_CLIMB_MS;
    this.#try(0);
  }

  /** Takes one way and no other; or, without one, the best there is. */
  choose(choice: RungName | undefined): void {
    this.#choice = choice;
    this.renew();
  }

  /** Whoever is at the page is somebody else now: connects as that one, unless the line is closed. */
  renew(): void {
    if (this.#state !== 'closed') this.open();
  }

  /** Closes the line and lets it be. */
  close(): void {
    this.#leave();
    this.#become('closed');
  }

  /** Says something over the line itself. False: it goes in one direction only. */
  send(text: string): boolean {
    return this.#current?.send(text) ?? false;
  }

  /** What was sent is not answered: another way is tried, whatever this one says of itself. */
  doubt(): void {
    const doubted = this.#current;
    if (doubted && this.isLive) this.#try(this.#rungs.indexOf(doubted.rung) + 1);
  }

  get #rungs(): readonly Rung[] {
    return this.#ladder.filter(({ name }) => this.#choice === undefined || name === this.#choice);
  }

  #try(index: number): void {
    this.#leave();
    this.#become('connecting');
    const rung = this.#rungs[index];
    if (rung) this.#current = this.#attempt(rung, (lost, why) => this.#onLost(lost, index, why));
    else this.#later();
  }

  #attempt(rung: Rung, onLost: (lost: Attempt, why?: Refused) => void): Attempt {
    return new Attempt(rung, this.#options, {
      onAlive: (attempt) => this.#use(attempt),
      onLost,
    });
  }

  /** All that was missed has come by this way: it is the one in use. */
  #use(attempt: Attempt): void {
    if (attempt !== this.#current) this.#current?.close();
    this.#current = attempt;
    this.#better = undefined;
    this.#become(attempt.rung.name);
    this.#climbLater();
  }

  #onLost(lost: Attempt, index: number, why?: Refused): void {
    this.#current = undefined;
    if (why !== undefined) {
      this.close();
      this.#options.onRefused(why);
      return;
    }
    if (lost.aliveMs < STABLE_MS) {
      this.#try(index + 1);
      return;
    }
    this.#failures = 0;
    this.#later(index);
  }

  /** Tries again after a while. */
  #later(index = 0): void {
    this.#leave();
    this.#become('connecting');
    this.#timer = setTimeout(() => this.#try(index), waitMs(this.#failures, Math.random()));
    this.#failures += 1;
  }

  #climbLater(): void {
    clearTimeout(this.#timer);
    if (this.#current?.rung === this.#rungs[0]) {
      this.#climbMs = FIRST_CLIMB_MS;
      return;
    }
    this.#timer = setTimeout(() => this.#climb(0), this.#climbMs);
    this.#climbMs = Math.min(LONGEST_CLIMB_MS, this.#climbMs * 2);
  }

  /** Tries what is better than the way in use, the best first. */
  #climb(index: number): void {
    clearTimeout(this.#timer);
    this.#better?.close();
    this.#better = undefined;
    const rung = this.#rungs[index];
    if (!rung || rung === this.#current?.rung) this.#climbLater();
    else this.#better = this.#attempt(rung, () => this.#climb(index + 1));
  }

  /** The network is back, or somebody looks: no more waiting. */
  #hurry(): void {
    if (document.hidden) return;
    this.#check();
    if (this.#state === 'connecting' && !this.#current) this.#try(0);
    else if (this.isLive && this.#current?.rung !== this.#rungs[0]) this.#climb(0);
  }

  #checkInTime(): void {
    const isLate = Date.now() - this.#checkedAt > LATE_MS;
    this.#checkedAt = Date.now();
    if (!isLate) this.#check();
  }

  #check(): void {
    if (this.#current?.isSilent) this.#later();
  }

  #leave(): void {
    clearTimeout(this.#timer);
    this.#current?.close();
    this.#better?.close();
    this.#current = undefined;
    this.#better = undefined;
  }

  #become(state: LineState): void {
    if (this.#state === state) return;
    this.#state = state;
    this.#options.onState(state);
  }
}
