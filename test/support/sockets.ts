import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';
import type { TestContext } from 'node:test';

/** The server's ends of the connections made from now on in this process. */
export function serverSockets(t: TestContext): Socket[] {
  const sockets: Socket[] = [];
  const note = (message: unknown) => {
    const { socket } = message as { socket: Socket };
    sockets.push(socket);
  };
  subscribe('net.server.socket', note);
  t.after(() => unsubscribe('net.server.socket', note));
  return sockets;
}
