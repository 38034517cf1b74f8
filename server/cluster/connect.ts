import { connect, type NatsConnection } from '@nats-io/transport-node';
import { StartupError } from '../core/errors.ts';
import { guardSockets } from './guard-sockets.ts';
import { leaveIsolatedServer } from './leave-isolated-server.ts';
import { restoreServers } from './restore-servers.ts';
import { retry } from './retry.ts';
import { serverAddresses } from './server-addresses.ts';

/** A server that hangs still accepts connections, and answers nothing. */
const CONNECT_MS = 2_000;
/** The servers may start together with this one. */
const START_MS = 30_000;
/** A lost connection is noticed within two of these; the library's default is four minutes. */
const PING_MS = 1_000;

/**
 * Connects to one of the servers, and to another whenever that one is lost, for as long as it takes.
 * @throws StartupError where none can be reached within half a minute
 */
export async function connectNats(urls: readonly string[]): Promise<NatsConnection> {
  try {
    const addresses = serverAddresses(urls);
    const options = {
      ...addresses,
      name: 'typhoon',
      timeout: CONNECT_MS,
      pingInterval: PING_MS,
      maxPingOut: 2,
      maxReconnectAttempts: -1,
      reconnectTimeWait: 100,
      reconnectJitter: 100,
      ignoreClusterUpdates: true,
    };
    const connection = await retry(START_MS, () => connect(options));
    void guardSockets(connection);
    restoreServers(connection, addresses.servers);
    void leaveIsolatedServer(connection);
    return connection;
  } catch (error) {
    const { message } = error as Error;
    throw new StartupError(`Cannot connect to any server of --cluster (${message}).`);
  }
}

/** Whether there is a connection now: what is sent without one would be buffered. */
export class ConnectionState {
  #isConnected = true;

  constructor(connection: NatsConnection) {
    void this.#follow(connection);
  }

  get isConnected(): boolean {
    return this.#isConnected;
  }

  async #follow(connection: NatsConnection): Promise<void> {
    for await (const { type } of connection.status()) {
      if (type === 'disconnect' || type === 'staleConnection') this.#isConnected = false;
      if (type === 'reconnect') this.#isConnected = true;
    }
  }
}
