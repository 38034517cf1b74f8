/** A node, as it tells the others of itself. */
export interface NodeStatus {
  /** Of this run of the node. */
  readonly id: string;
  /** The name of its machine. */
  readonly host: string;
  /** The version of Typhoon. */
  readonly version: string;
  /** The last place in the log that it has applied, and how many places another node is ahead. */
  readonly place: number;
  readonly lag: number;
  /** Why it accepts no new connections; `null` where it does. */
  readonly lack: 'behind' | 'cut-off' | null;
  /** Open connections, by transport. */
  readonly connections: Readonly<Record<string, number>>;
  /** Whether it has decided as this node has; `undefined` where nothing could be compared yet. */
  readonly agrees: boolean | undefined;
}

/** A NATS server that stores the log. */
export interface LogServer {
  readonly name: string;
  readonly role: 'leader' | 'current' | 'behind' | 'unreachable';
}

export interface ClusterStatus {
  /** The node that is asked comes first. */
  readonly nodes: readonly NodeStatus[];
  /** None where no server answers. While none of them is the leader, nothing can be written. */
  readonly servers: readonly LogServer[];
}
