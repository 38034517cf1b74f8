import type { NatsConnection } from '@nats-io/transport-node';

/** Where the client library has the servers of a connection; it offers no other way to them. */
interface WithServers {
  readonly protocol?: { readonly servers?: ServerList };
}

interface ServerList {
  readonly getServers: () => readonly { readonly src: string }[];
  readonly getCurrentServer: () => unknown;
  readonly addServer: (server: string) => void;
  /** Moves the first server to the end, as the one to be tried. */
  readonly selectServer: () => void;
}

/**
 * Has a connection try all servers in turn when it loses its own. The library would never again try those
 * that it could not reach before the first one that it could, and its own one before all others.
 */
export function restoreServers(connection: NatsConnection, servers: readonly string[]): void {
  const list = (connection as WithServers).protocol?.servers;
  if (!list) return;
  const known = new Set(list.getServers().map(({ src }) => src));
  for (const server of servers) if (!known.has(server)) list.addServer(server);
  if (list.getServers()[0] === list.getCurrentServer()) list.selectServer();
}
