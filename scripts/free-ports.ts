import { randomInt } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';

/** Below the ports that systems give to connections by themselves: one of those may take them at any time. */
const [MIN_PORT, MAX_PORT] = [10_000, 32_000];

/**
 * Ports of this machine that were free just now, for servers that are started again. As long as this
 * process runs, no other call of this function returns one of them, in whichever process.
 */
export async function freePorts(count: number): Promise<readonly number[]> {
  const held: Server[] = [];
  while (held.length < count) {
    const server = createServer();
    const port = randomInt(MIN_PORT, MAX_PORT);
    if ((await reserves(port)) && (await listens(server, port))) held.push(server);
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

/**
 * Reserves a TCP port among processes that use this function, without listening there: by the UDP port
 * of the same number, which the system frees with the process. False where it is in use.
 */
async function reserves(port: number): Promise<boolean> {
  const socket = createSocket('udp4').unref();
  try {
    await once(socket.bind(port, '127.0.0.1'), 'listening');
    return true;
  } catch {
    return false;
  }
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
