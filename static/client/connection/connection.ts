import { type PageLifecycle, thisPage } from './page-lifecycle.ts';
import type { ServerError } from './post.ts';
import { TransportAttempt } from './transport-attempt.ts';
import type { TransportHandlers } from './transports/transport.ts';
import { TRANSPORTS, type TransportEntry, type TransportName } from './transports.ts';

export type ConnectionState = 'connecting' | 'closed' | TransportName;

export interface ConnectionOptions extends Omit<TransportHandlers, 'onLost'> {
  readonly onState: (state: ConnectionState) => void;
  /** Calls back once all that has arrived until now is applied. */
  readonly whenApplied: (call: () => void) => void;
  /** The server denies access: the connection is closed, and this is why. */
  readonly onDenied: (why: ServerError) => void;
}

/** The first delay before reconnecting, and the maximum. */
const FIRST_WAIT_MS = 500;
const MAX_WAIT_MS = 30_000;
/** A transport that was live for less than this has failed; if it is lost later, it is retried. */
const STABLE_MS = 10_000;
/** The delay before the first upgrade attempt, and the maximum for later ones. */
const FIRST_UPGRADE_MS = 10_000;
const MAX_UPGRADE_MS = 300_000;
/** A check this late comes from a page that was suspended: data sent meanwhile has yet to arrive. */
const LATE_MS = 10_000;

/** Exponential backoff with jitter, so that clients do not all reconnect at once. */
export function backoffMs(failures: number, chance: number): number {
  const maxMs = Math.min(MAX_WAIT_MS, FIRST_WAIT_MS * 2 ** failures);
  return maxMs * (0.5 + chance / 2);
}

/**
 * The connection to the server, over the best transport that works, until it is closed. When a
 * transport fails, it falls back to the next one; from there, it tries now and then to upgrade.
 */
export class Connection {
  readonly #options: ConnectionOptions;
  #state: ConnectionState = 'closed';
  /** The only transport to use; `undefined` allows all. */
  #choice: TransportName | undefined;
  /** The attempt in use, or still connecting. */
  #current: TransportAttempt | undefined;
  /** The attempt to upgrade, alongside the current attempt. */
  #better: TransportAttempt | undefined;
  #failures = 0;
  #upgradeMs = FIRST_UPGRADE_MS;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #checkedAt = Date.now();
  readonly #transports: readonly TransportEntry[];
  readonly #page: PageLifecycle;

  constructor(
    options: ConnectionOptions,
    transports: readonly TransportEntry[] = TRANSPORTS,
    page: PageLifecycle = thisPage,
  ) {
    this.#options = options;
    this.#transports = transports;
    this.#page = page;
    page.onOnline(() => this.#retryNow());
    page.onVisibility(() => this.#retryNow());
    page.onPulse(() => this.#checkOnPulse());
  }

  /** Whether the connection receives changes as they happen. */
  get isLive(): boolean {
    return this.#state !== 'connecting' && this.#state !== 'closed';
  }

  /** Whether it delivers only messages. */
  get isPolling(): boolean {
    return this.#state === 'polling' || this.#state === 'long-polling';
  }

  /** Connects, and reconnects whenever the connection is lost. */
  open(): void {
    this.#failures = 0;
    this.#upgradeMs = FIRST_UPGRADE_MS;
    this.#try(0);
  }

  /** Uses only this transport; or, without one, the best available. */
  setTransport(choice: TransportName | undefined): void {
    this.#choice = choice;
    this.reconnect();
  }

  /** The identity has changed: reconnects with the new identity, unless the connection is closed. */
  reconnect(): void {
    if (this.#state !== 'closed') this.open();
  }

  /** Closes the connection and does not reconnect. */
  close(): void {
    this.#leave();
    this.#setState('closed');
  }

  /** Sends over the connection itself. False if it is receive-only. */
  send(text: string): boolean {
    return this.#current?.send(text) ?? false;
  }

  /** What was sent is not acknowledged: tries another transport, even if this one seems live. */
  check(): void {
    const suspect = this.#current;
    if (suspect && this.isLive) this.#try(this.#candidates.indexOf(suspect.entry) + 1);
  }

  get #candidates(): readonly TransportEntry[] {
    return this.#transports.filter(
      ({ name }) => this.#choice === undefined || name === this.#choice,
    );
  }

  #try(index: number): void {
    this.#leave();
    this.#setState('connecting');
    const entry = this.#candidates[index];
    if (entry) this.#current = this.#attempt(entry, (lost, why) => this.#onLost(lost, index, why));
    else this.#retryLater();
  }

  #attempt(
    entry: TransportEntry,
    onLost: (lost: TransportAttempt, why?: ServerError) => void,
  ): TransportAttempt {
    return new TransportAttempt(entry, this.#options, {
      isHidden: () => this.#page.isHidden,
      onAlive: (attempt) => this.#options.whenApplied(() => this.#use(attempt)),
      onLost,
    });
  }

  /** The client has caught up over this transport: it is now in use, unless it was closed or lost meanwhile. */
  #use(attempt: TransportAttempt): void {
    if (attempt !== this.#current && attempt !== this.#better) return;
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
      this.#options.onDenied(why);
      return;
    }
    if (lost.uptimeMs < STABLE_MS) {
      this.#try(index + 1);
      return;
    }
    this.#failures = 0;
    this.#retryLater(index);
  }

  /** Reconnects after a delay. */
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

  /** Tries the transports that are better than the current one, the best first. */
  #upgrade(index: number): void {
    clearTimeout(this.#timer);
    this.#better?.close();
    this.#better = undefined;
    const entry = this.#candidates[index];
    if (!entry || entry === this.#current?.entry) this.#upgradeLater();
    else {
      this.#better = this.#attempt(entry, (lost, why) => {
        // It may have become the current attempt before.
        if (lost === this.#current) this.#onLost(lost, index, why);
        else this.#upgrade(index + 1);
      });
    }
  }

  /** The network is back, or the page is visible again: retries without delay. */
  #retryNow(): void {
    if (this.#page.isHidden) return;
    this.#checkAlive();
    if (this.#state === 'connecting' && !this.#current) this.#try(0);
    else if (this.isLive && this.#current?.entry !== this.#candidates[0]) this.#upgrade(0);
  }

  #checkOnPulse(): void {
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
