import type { Socket } from 'node:net';
import type { NatsConnection } from '@nats-io/transport-node';

/** Where the client library has the socket of a connection; it offers no other way to it. */
interface WithSocket {
  readonly protocol?: { readonly transport?: { readonly socket?: Socket } };
}

/**
 * Keeps an error of a socket that is being closed from ending the process: where the server has ended
 * the connection just before, the library's last write fails ("write after end"), and it has removed all
 * listeners of the socket when that is emitted.
 */
export async function guardSockets(connection: NatsConnection): Promise<void> {
  guard(connection);
  for await (const { type } of connection.status()) if (type === 'reconnect') guard(connection);
}

function guard(connection: NatsConnection): void {
  const socket = (connection as WithSocket).protocol?.transport?.socket;
  if (!socket) return;
  const removeAll = socket.removeAllListeners.bind(socket);
  socket.removeAllListeners = (event?: string | symbol) => {
    removeAll(event);
    return socket.on('error', () => {});
  };
}
