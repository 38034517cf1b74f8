import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import type { TestContext } from 'node:test';

/** One direction of a connection, whose data can be held back. */
interface Direction {
  readonly to: Socket;
  readonly held: (string | Buffer)[];
}

/**
 * A proxy that can fall silent, as a network does: nothing passes in either direction, not even an
 * end or a reset, and new connections are accepted and not answered.
 */
export class SilentProxy {
  readonly url: string;
  #isSilent = false;
  #directions = new Set<Direction>();

  private constructor(url: string) {
    this.url = url;
  }

  static async open(t: TestContext, port: number): Promise<SilentProxy> {
    const sockets = new Set<Socket>();
    const server = createServer((socket) => {
      const upstream = connect(port, '127.0.0.1');
      for (const [from, to] of [
        [socket, upstream],
        [upstream, socket],
      ] as const) {
        sockets.add(from);
        proxy.#forward(from, to);
      }
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    t.after(() => {
      server.close();
      for (const socket of sockets) socket.destroy();
    });
    const proxy = new SilentProxy(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    return proxy;
  }

  fallSilent(): void {
    this.#isSilent = true;
  }

  /**
   * Lets new connections through again.
   * @param earlier connections: the data that was `held` back arrives late, or they are `lost`
   */
  restore(earlier: 'held' | 'lost'): void {
    this.#isSilent = false;
    const directions = this.#directions;
    if (earlier === 'lost') {
      // What they receive from now on is held back and never delivered.
      this.#directions = new Set();
      return;
    }
    for (const { to, held } of directions) {
      for (const bytes of held.splice(0)) to.write(bytes);
    }
  }

  #forward(from: Socket, to: Socket): void {
    const direction: Direction = { to, held: [] };
    const directions = this.#directions;
    directions.add(direction);
    const isCut = () => this.#isSilent || !this.#directions.has(direction);
    from.on('data', (bytes) => {
      if (isCut()) direction.held.push(bytes);
      else to.write(bytes);
    });
    from.on('error', () => {});
    from.on('close', () => {
      // On a silent network the other side does not notice an end.
      if (isCut()) return;
      directions.delete(direction);
      to.destroy();
    });
  }
}
