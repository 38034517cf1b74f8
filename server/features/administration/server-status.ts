import type { ClusterStatus } from '../../cluster/cluster-status.ts';

/** What the owner sees of the server itself. */
export interface ServerStatus {
  readonly version: string;
  /** When the process started. Milliseconds since 1970. */
  readonly startedAt: number;
  /** How many connections are open, by transport. */
  readonly connections: () => Promise<ReadonlyMap<string, number>>;
  readonly disk: () => Promise<DiskUsage | undefined>;
  /** `undefined` where the server is alone. */
  readonly cluster: () => Promise<ClusterStatus | undefined>;
}

/** In bytes. */
export interface DiskUsage {
  /** The sizes of the databases, by the name of the file. */
  readonly files: ReadonlyMap<string, number>;
  readonly free: number;
  readonly total: number;
}
