import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';
import type { TestContext } from 'node:test';

/** How many requests the servers of this process receive from now on. */
export function requestCount(t: TestContext): { count: number } {
  const requests = { count: 0 };
  const note = () => {
    requests.count += 1;
  };
  subscribe('http.server.request.start', note);
  t.after(() => unsubscribe('http.server.request.start', note));
  return requests;
}

/** The server side of the connections made from now on in this process. */
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
