import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';
import type { TestContext } from 'node:test';

/** How many requests the servers of this process receive from now on. */
export function requestCount(t: TestContext): { count: number } {
  const requests = { count: 0 };
  const onMessage = () => {
    requests.count += 1;
  };
  subscribe('http.server.request.start', onMessage);
  t.after(() => unsubscribe('http.server.request.start', onMessage));
  return requests;
}

/** The server side of the connections made from now on in this process. */
export function serverSockets(t: TestContext): Socket[] {
  const sockets: Socket[] = [];
  const onMessage = (message: unknown) => {
    const { socket } = message as { socket: Socket };
    sockets.push(socket);
  };
  subscribe('net.server.socket', onMessage);
  t.after(() => unsubscribe('net.server.socket', onMessage));
  return sockets;
}
