import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';

/** Below the ports that systems give to connections by themselves: one of those may take them at any time. */
const [MIN_PORT, MAX_PORT] = [10_000, 32_000];

/** Ports of this machine that were free just now, for servers that are started again. */
export async function freePorts(count: number): Promise<readonly number[]> {
  const held: Server[] = [];
  while (held.length < count) {
    const server = createServer();
    const opened = await listens(server, randomInt(MIN_PORT, MAX_PORT));
    if (opened) held.push(server);
  }
  const ports = held.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(
    held.map((server) => {
      server.close();
      return once(server, 'close');
    }),
  );
  return ports;
}

/** A port of this machine that was free just now. */
export async function freePort(): Promise<number> {
  const [port = 0] = await freePorts(1);
  return port;
}

/** False where another program listens there. */
async function listens(server: Server, port: number): Promise<boolean> {
  try {
    await once(server.listen(port, '127.0.0.1'), 'listening');
    return true;
  } catch {
    return false;
  }
}
