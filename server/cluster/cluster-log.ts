import type { Change } from '../core/change.ts';
import { CommitListeners, newChanges } from '../core/commit-listeners.ts';
import { ChatError, StartupError } from '../core/errors.ts';
import type { Log, LogObserver } from '../core/log.ts';
import type { Accepted, Outcome } from '../core/outcome.ts';
import type { LogEntry, ReplicaPosition, ReplicaStore } from '../core/replication.ts';
import { Confirmation } from './confirmation.ts';
import { ConnectionState } from './connect.ts';
import { EntryPublisher } from './entry-publisher.ts';
import { type Envelope, NewerEnvelope } from './envelope.ts';
import { type ClusterFault, newerFault, sentence } from './fault.ts';
import type { LogServers } from './log-servers.ts';
import type { LogStream } from './log-stream.ts';
import { LogTail, type ReceivedEntry } from './log-tail.ts';
import { tipFault } from './tip.ts';

/** Events in one transaction, so that a batch stays small enough to send. */
const MAX_GROUP = 500;
/** Bytes of entries that wait for the store: beyond that the engine has to wait. */
const MAX_QUEUED_BYTES = 16 * 1024 * 1024;
/** How long to wait before the store is tried again, at first and at most. */
const STORE_RETRY_MS = { least: 100, most: 5_000 } as const;
/** How long a cursor of another node may be ahead. */
const REACH_MS = 3_000;
/** After this silence of the engine, or of the store, nothing more is accepted. Heartbeats are half a second apart. */
const CUT_OFF_MS = 3_000;
/** Where no leader has confirmed for this long that a quorum has no more than this node, none will soon. */
const UNCONFIRMED_MS = 10_000;
/** A node for which more places wait is behind. */
export const MAX_BEHIND = 1_000;

interface Parts<E, C extends Change> {
  readonly stream: LogStream;
  /** Where the log is applied. */
  readonly store: Pick<ReplicaStore<E, C>, 'apply'>;
  readonly envelope: Envelope;
  readonly observer: LogObserver;
  /** How far the store was when it was opened, and the number of its last event. */
  readonly start: ReplicaPosition & { readonly head: number };
  /** Whether this version can apply an event. */
  readonly isKnown: (event: E) => boolean;
  /** The node must not go on. */
  readonly onFault: (fault: ClusterFault) => void;
}

interface Received<E> extends LogEntry<E> {
  readonly bytes: number;
  readonly receivedMs: number;
}

/**
 * The log of a cluster, in JetStream: each node receives all entries, and applies them to a store of
 * its own. Whether an event is accepted is decided there, in the order of the log, the same on every
 * node. An event is acknowledged when a quorum of the servers has it, and the store of its node.
 */
export class ClusterLog<E, C extends Change = Change> implements Log<E, C> {
  readonly epoch: string;
  head: number;
  readonly #parts: Parts<E, C>;
  readonly #publisher: EntryPublisher<C>;
  readonly #listeners: CommitListeners<C>;
  readonly #confirmation = new Confirmation(
    () => this.#confirm(),
    () => this.#notify(),
  );
  #tail: LogTail | undefined;
  /** The last entry that was received, and the last that was applied. */
  #received: number;
  #applied: Pick<ReplicaPosition, 'place' | 'id' | 'at'>;
  #queue: Received<E>[] = [];
  #queuedBytes = 0;
  #applying: Promise<void> | undefined;
  #isClosed = false;
  #isStarted = false;
  #fault: ClusterFault | undefined;
  /** When the first entry was received that is being applied. */
  #applyingSinceMs: number | undefined;
  /** Those that wait for room in the queue, or for a number. */
  readonly #watchers = new Set<() => void>();

  constructor(parts: Parts<E, C>) {
    const { stream, start, envelope, observer } = parts;
    this.#parts = parts;
    this.#listeners = new CommitListeners(observer);
    this.epoch = start.epoch;
    this.head = start.head;
    this.#received = start.place;
    this.#applied = start;
    const state = new ConnectionState(stream.connection);
    this.#publisher = new EntryPublisher({
      publish: (id, events) => stream.publish(id, envelope.seal(Buffer.from(events), id)),
      isConnected: () => state.isConnected,
      settle: (pending, outcome) => this.#settle(pending, outcome),
    });
  }

  /**
   * Resolves when everything is applied that was in the log when it was called.
   * @throws StartupError where this node cannot apply it
   */
  async start(): Promise<void> {
    const { stream } = this.#parts;
    this.#tail = new LogTail(stream, {
      next: () => this.#received + 1,
      check: async () => {
        const fault = await tipFault(stream, this.#applied);
        if (fault) this.fail({ code: 'cluster-fault', reason: fault });
      },
      onAlive: () => this.#notify(),
      onEntry: (entry) => this.#receive(entry),
      onMissing: (place) =>
        this.fail({
          code: 'cluster-fault',
          reason: `the log no longer has place ${place}, the next of this node`,
        }),
      whenReady: () => this.#until(() => this.#queuedBytes < MAX_QUEUED_BYTES),
    });
    await this.#until(() => this.#fault !== undefined || this.#isLevel());
    // A consumer whose server stores nothing says that nothing is missing: the leader knows.
    this.#confirmation.start();
    await this.#until(() => this.#fault !== undefined || this.ageMs <= UNCONFIRMED_MS);
    if (this.#fault) throw new StartupError(`${sentence(this.#fault.reason)} See docs/cluster.md.`);
    this.#isStarted = true;
  }

  /** For how many milliseconds it has not been certain that everything is applied here that a quorum has. */
  get ageMs(): number {
    return this.#confirmation.ageMs;
  }

  /** The last place that was applied here. */
  get place(): number {
    return this.#applied.place;
  }

  /** The NATS servers that store it. */
  get servers(): LogServers {
    return this.#parts.stream.servers;
  }

  /** The version of the NATS server that this node uses; empty where that is not known. */
  get serverVersion(): string {
    return this.#parts.stream.connection.info?.version ?? '';
  }

  /** Why this node may lack what others have; `undefined` where it has all that is known of. */
  get lack(): 'behind' | 'cut-off' | undefined {
    if (!this.#isStarted) return 'behind';
    if (this.#waitingMs > CUT_OFF_MS) return 'behind';
    const silenceMs = this.#tail?.silenceMs ?? 0;
    if (silenceMs > CUT_OFF_MS || this.ageMs > UNCONFIRMED_MS) return 'cut-off';
    const waiting = (this.#tail?.pending ?? 0) + this.#queue.length;
    return waiting <= MAX_BEHIND ? undefined : 'behind';
  }

  /** Whether nothing is accepted: nothing comes of the log, or the store cannot write it. */
  get isStalled(): boolean {
    return this.#waitingMs > CUT_OFF_MS || this.lack === 'cut-off';
  }

  append(event: E): Promise<Accepted<C>> {
    if (this.isStalled) return Promise.reject(new ChatError('log-unavailable'));
    return this.#publisher.append(event);
  }

  async reach(seq: number, withinMs: number = REACH_MS): Promise<boolean> {
    if (seq <= this.head) return true;
    await this.#until(() => this.head >= seq, withinMs);
    if (seq > this.head) throw new ChatError('server-behind');
    return true;
  }

  onCommit(onBatch: (batch: readonly C[]) => void): void {
    this.#listeners.add(onBatch);
  }

  async close(): Promise<void> {
    await this.#publisher.close();
    this.#isClosed = true;
    this.#confirmation.close();
    this.#tail?.close();
    await this.#applying;
    await this.#parts.stream.connection.close();
  }

  /** Stops at this place: what comes after it may mean something else. */
  fail(fault: ClusterFault): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#fault = fault;
    this.#tail?.close();
    this.#parts.onFault(fault);
    this.#notify();
  }

  #isLevel(): boolean {
    return this.#tail?.pending === 0 && this.#queue.length === 0 && !this.#applying;
  }

  /** Resolves when everything is applied here that a quorum of the servers has, to the time of asking. */
  async #confirm(): Promise<number> {
    const askedMs = performance.now();
    const { last, quorumAgeMs } = await this.#parts.stream.range();
    const { place } = this;
    await this.#until(() => this.place >= last, CUT_OFF_MS);
    // The server of the consumer is alive, but has stored nothing since: its disk may be full.
    if (last > place && this.#received === place) void this.#tail?.renew();
    if (this.place < last) throw new ChatError('server-behind');
    return askedMs - quorumAgeMs;
  }

  /** For how many milliseconds an entry has been waiting for the store. */
  get #waitingMs(): number {
    const since = this.#applyingSinceMs ?? this.#queue[0]?.receivedMs;
    return since === undefined ? 0 : performance.now() - since;
  }

  #receive({ place, id, at, data }: ReceivedEntry): void {
    const { envelope, isKnown } = this.#parts;
    let events: readonly E[];
    try {
      events = envelope.openJson(data, id) as readonly E[];
    } catch (error) {
      if (error instanceof NewerEnvelope) this.fail(newerFault(place));
      else this.fail({ code: 'cluster-fault', reason: `place ${place} cannot be read (${error})` });
      return;
    }
    // Skipping it would make another log of it here.
    if (!events.every(isKnown)) {
      this.fail(newerFault(place));
      return;
    }
    this.#received = place;
    const receivedMs = performance.now();
    this.#queue.push({ place, id, at, events, bytes: data.length, receivedMs });
    this.#queuedBytes += data.length;
    this.#applying ??= this.#applyAll();
  }

  /** Applies what was received, in order. What cannot be written now is tried again, and never skipped. */
  async #applyAll(): Promise<void> {
    // Everything from this turn of the event loop goes into the first transaction.
    await new Promise(setImmediate);
    let commit = this.#commit();
    while (commit) {
      const done = await commit;
      // The disk writes the next group while this one is sent out.
      commit = this.#commit();
      if (done) this.#publish(done);
      commit ??= this.#commit();
    }
    this.#applying = undefined;
    this.#notify();
  }

  #commit() {
    if (this.#isClosed) return undefined;
    const group = this.#next();
    if (group.length === 0) return undefined;
    return this.#write(group);
  }

  /** Writes a group, however long it takes. `undefined`: the log was closed meanwhile. */
  async #write(group: readonly Received<E>[]) {
    const { store, observer } = this.#parts;
    const entries = group.map(({ bytes: _, receivedMs: __, ...entry }) => entry);
    this.#applyingSinceMs = group[0]?.receivedMs;
    for (let waitMs: number = STORE_RETRY_MS.least; !this.#isClosed; waitMs *= 2) {
      try {
        const outcomes = await store.apply(entries);
        this.#applyingSinceMs = undefined;
        observer.committed();
        return { group, outcomes };
      } catch (error) {
        observer.commitFailed(error);
        const pauseMs = Math.min(waitMs, STORE_RETRY_MS.most);
        await new Promise((resolve) => setTimeout(resolve, pauseMs));
      }
    }
    return undefined;
  }

  #next(): readonly Received<E>[] {
    let events = 0;
    let count = 0;
    for (const entry of this.#queue) {
      events += entry.events.length;
      if (count > 0 && events > MAX_GROUP) break;
      count += 1;
    }
    const group = this.#queue.splice(0, count);
    for (const { bytes } of group) this.#queuedBytes -= bytes;
    return group;
  }

  #publish({
    group,
    outcomes,
  }: {
    group: readonly Received<E>[];
    outcomes: readonly Outcome<C>[];
  }) {
    this.#applied = group.at(-1) ?? this.#applied;
    this.#listeners.publish(newChanges(outcomes), (seq) => {
      this.head = seq;
    });
    let from = 0;
    for (const { id, events } of group) {
      this.#publisher.settle(id, outcomes.slice(from, from + events.length));
      from += events.length;
    }
    this.#notify();
  }

  #settle(pending: PromiseWithResolvers<Accepted<C>>, outcome: Outcome<C>): void {
    if ('change' in outcome) pending.resolve(outcome);
    else pending.reject(this.#listeners.errorOf(outcome));
  }

  /** Resolves when something is so, which is looked at whenever something was received or applied. */
  #until(isSo: () => boolean, withinMs?: number): Promise<void> {
    if (isSo()) return Promise.resolve();
    return new Promise((resolve) => {
      const end = () => {
        clearTimeout(timer);
        this.#watchers.delete(watcher);
        resolve();
      };
      const watcher = () => {
        if (isSo()) end();
      };
      const timer = withinMs === undefined ? undefined : setTimeout(end, withinMs);
      this.#watchers.add(watcher);
    });
  }

  #notify(): void {
    for (const watcher of [...this.#watchers]) watcher();
  }
}
