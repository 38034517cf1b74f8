import type { LogPosition, Undated } from '../core/log.ts';
import type { Accepted } from '../core/outcome.ts';
import type { ChatChange } from '../features/change.ts';
import type { Event } from '../features/events.ts';
import type { SearchRequest, SearchResult } from '../features/search/search.ts';
import type { Measurements } from '../monitor/measurements.ts';
import type { Channel } from './channel.ts';

/** What a worker has to know before it opens anything. */
export interface Welcome {
  /** The id of the worker: no other has had it. */
  readonly id: string;
  readonly position: LogPosition;
  /** The keys that sign cookies, the newest first: the same in all workers. */
  readonly keys: readonly Uint8Array[];
}

/** How others reach a server that listens. */
export interface ReachedAt {
  readonly url: string;
  readonly joinOrigins: { readonly all: readonly string[]; readonly isPrivate: boolean };
}

/** What a worker asks of the primary. */
interface PrimaryMethods {
  enter(): Welcome;
  /** From now on the worker is sent each batch. Returns the number of the last event before. */
  subscribe(): number;
  append(event: Undated<Event>): Promise<Accepted<ChatChange>>;
  /** Resolves after everything that was published before. */
  sync(): void;
  /** Tells the other workers. */
  tell(topic: string, body: unknown): void;
  search(request: SearchRequest, from: string): Promise<SearchResult>;
  probe(): Promise<void>;
  /** How many connections are open in all workers, by transport. */
  connections(): Promise<ReadonlyMap<string, number>>;
  /** What all processes have measured, for Prometheus. */
  metrics(): Promise<string>;
  /** Resolves when all workers are ready, so that connections are spread evenly from the first one. */
  mayListen(): Promise<void>;
  listening(at: ReachedAt): void;
  /** The worker cannot start. */
  failed(reason: string): void;
}

/** What the primary asks of a worker. */
interface WorkerMethods {
  /** What a commit has changed, serialized: the same bytes for all workers. */
  publish(batch: Uint8Array): void;
  /** Another worker has told something. */
  told(topic: string, body: unknown, worker: string): void;
  measure(): Measurements;
  countConnections(): ReadonlyMap<string, number>;
  reloadCertificate(): void;
  /** Shut down. */
  stop(): void;
}

export type ChannelToPrimary = Channel<WorkerMethods, PrimaryMethods>;
export type ChannelToWorker = Channel<PrimaryMethods, WorkerMethods>;
