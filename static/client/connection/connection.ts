import type { ServerError } from './post.ts';
import { onPulse } from './pulse.ts';
import { TransportAttempt } from './transport-attempt.ts';
import type { TransportHandlers } from './transports/transport.ts';
import { TRANSPORTS, type TransportEntry, type TransportName } from './transports.ts';

export type ConnectionState = 'connecting' | 'closed' | TransportName;

export interface ConnectionOptions extends Omit<TransportHandlers, 'onLost'> {
  readonly onState: (state: ConnectionState) => void;
  /** The server does not let this visitor in: the line is closed, and this is why. */
  readonly onRefused: (why: ServerError) => void;
}

/** The wait before the first and the longest before any later attempt. */
const FIRST_WAIT_MS = 500;
const MAX_WAIT_MS = 30_000;
/** A way that was alive for less than this has failed; one that was lost later is worth a retry. */
const STABLE_MS = 10_000;
/** The wait before a better way is tried for the first time, and the longest before any later time. */
const FIRST_UPGRADE_MS = 10_000;
const MAX_UPGRADE_MS = 300_000;
/** A check that comes so late comes from a page that slept: what it was sent meanwhile is still to come. */
const LATE_MS = 10_000;

/** The wait after so many failures: longer each time, and by chance, so that not all come at once. */
export function backoffMs(failures: number, chance: number): number {
  const longest = Math.min(MAX_WAIT_MS, FIRST_WAIT_MS * 2 ** failures);
  return longest * (0.5 + chance / 2);
}

/**
 * The line to the server, by the best way there is, until it is closed. Where a way fails, the next
 * one down the ladder is tried; from a lower one, the better ones are tried beside it now and then.
 */
export class Connection {
  readonly #options: ConnectionOptions;
  #state: ConnectionState = 'closed';
  /** The one way to take, or the whole ladder. */
  #choice: TransportName | undefined;
  /** The attempt that is in use or on trial. */
  #current: TransportAttempt | undefined;
  /** The attempt at a better way, beside the one in use. */
  #better: TransportAttempt | undefined;
  #failures = 0;
  #upgradeMs = FIRST_UPGRADE_MS;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #checkedAt = Date.now();
  readonly #transports: readonly TransportEntry[];

  constructor(options: ConnectionOptions, ladder: readonly TransportEntry[] = TRANSPORTS) {
    this.#options = options;
    this.#transports = ladder;
    addEventListener('online', () => this.#retryNow());
    document.addEventListener('visibilitychange', () => this.#retryNow());
    onPulse(() => this.#checkInTime());
  }

  /** Whether what happens is heard of. */
  get isLive(): boolean {
    return this.#state !== 'connecting' && this.#state !== 'closed';
  }

  /** Connects, and comes back whenever the line is lost. */
  open(): void {
    this.#failures = 0;
    this.#upgradeMs = FIRST_UPGRADE_MS;
    this.#try(0);
  }

  /** Takes one way and no other; or, without one, the best there is. */
  setTransport(choice: TransportName | undefined): void {
    this.#choice = choice;
    this.reconnect();
  }

  /** Whoever is at the page is somebody else now: connects as that one, unless the line is closed. */
  reconnect(): void {
    if (this.#state !== 'closed') this.open();
  }

  /** Closes the line and lets it be. */
  close(): void {
    this.#leave();
    this.#setState('closed');
  }

  /** Says something over the line itself. False: it goes in one direction only. */
  send(text: string): boolean {
    return this.#current?.send(text) ?? false;
  }

  /** What was sent is not answered: another way is tried, whatever this one says of itself. */
  check(): void {
    const doubted = this.#current;
    if (doubted && this.isLive) this.#try(this.#candidates.indexOf(doubted.entry) + 1);
  }

  get #candidates(): readonly TransportEntry[] {
    return this.#transports.filter(
      ({ name }) => this.#choice === undefined || name === this.#choice,
    );
  }

  #try(index: number): void {
    this.#leave();
    this.#setState('connecting');
    const rung = this.#candidates[index];
    if (rung) this.#current = this.#attempt(rung, (lost, why) => this.#onLost(lost, index, why));
    else this.#retryLater();
  }

  #attempt(
    rung: TransportEntry,
    onLost: (lost: TransportAttempt, why?: ServerError) => void,
  ): TransportAttempt {
    return new TransportAttempt(rung, this.#options, {
      onAlive: (attempt) => this.#use(attempt),
      onLost,
    });
  }

  /** All that was missed has come by this way: it is the one in use. */
  #use(attempt: TransportAttempt): void {
    if (attempt !== this.#current) this.#current?.close();
    this.#current = attempt;
    this.#better = undefined;
    this.#setState(attempt.entry.name);
    this.#upgradeLater();
  }

  #onLost(lost: TransportAttempt, index: number, why?: ServerError): void {
    this.#current = undefined;
    if (why !== undefined) {
      this.close();
      this.#options.onRefused(why);
      return;
    }
    if (lost.uptimeMs < STABLE_MS) {
      this.#try(index + 1);
      return;
    }
    this.#failures = 0;
    this.#retryLater(index);
  }

  /** Tries again after a while. */
  #retryLater(index = 0): void {
    this.#leave();
    this.#setState('connecting');
    this.#timer = setTimeout(() => this.#try(index), backoffMs(this.#failures, Math.random()));
    this.#failures += 1;
  }

  #upgradeLater(): void {
    clearTimeout(this.#timer);
    if (this.#current?.entry === this.#candidates[0]) {
      this.#upgradeMs = FIRST_UPGRADE_MS;
      return;
    }
    this.#timer = setTimeout(() => this.#upgrade(0), this.#upgradeMs);
    this.#upgradeMs = Math.min(MAX_UPGRADE_MS, this.#upgradeMs * 2);
  }

  /** Tries what is better than the way in use, the best first. */
  #upgrade(index: number): void {
    clearTimeout(this.#timer);
    this.#better?.close();
    this.#better = undefined;
    const rung = this.#candidates[index];
    if (!rung || rung === this.#current?.entry) this.#upgradeLater();
    else this.#better = this.#attempt(rung, () => this.#upgrade(index + 1));
  }

  /** The network is back, or somebody looks: no more waiting. */
  #retryNow(): void {
    if (document.hidden) return;
    this.#checkAlive();
    if (this.#state === 'connecting' && !this.#current) this.#try(0);
    else if (this.isLive && this.#current?.entry !== this.#candidates[0]) this.#upgrade(0);
  }

  #checkInTime(): void {
    const isLate = Date.now() - this.#checkedAt > LATE_MS;
    this.#checkedAt = Date.now();
    if (!isLate) this.#checkAlive();
  }

  #checkAlive(): void {
    if (this.#current?.isStale) this.#retryLater();
  }

  #leave(): void {
    clearTimeout(this.#timer);
    this.#current?.close();
    this.#better?.close();
    this.#current = undefined;
    this.#better = undefined;
  }

  #setState(state: ConnectionState): void {
    if (this.#state === state) return;
    this.#state = state;
    this.#options.onState(state);
  }
}
