import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import type { Scope } from '../../support/server.ts';

/** Which way data goes on a connection: to the port, or back from it. */
type Direction = 'to' | 'back';

interface Pipe {
  readonly direction: Direction;
  readonly from: Socket;
  readonly to: Socket;
  hasEnded: boolean;
}

/**
 * A way to a port that can be cut as a network is: what is sent does not arrive, ends and resets do not
 * either, and connections stay open. When it is whole again, what was held back arrives late.
 */
export class Link {
  readonly port: number;
  readonly #pipes = new Set<Pipe>();
  readonly #cut = new Set<Direction>();

  private constructor(port: number) {
    this.port = port;
  }

  static async open(t: Scope, port: number): Promise<Link> {
    const server = createServer((socket) => {
      const upstream = connect(port, '127.0.0.1');
      link.#forward('to', socket, upstream);
      link.#forward('back', upstream, socket);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const link = new Link((server.address() as AddressInfo).port);
    t.after(() => {
      server.close();
      for (const { from } of [...link.#pipes]) from.destroy();
    });
    return link;
  }

  cut(...directions: readonly Direction[]): void {
    for (const direction of directions) this.#cut.add(direction);
    for (const pipe of this.#pipes) if (this.#cut.has(pipe.direction)) pipe.from.pause();
  }

  heal(): void {
    this.#cut.clear();
    for (const pipe of [...this.#pipes]) {
      if (pipe.hasEnded) this.#end(pipe);
      else pipe.from.resume();
    }
  }

  #forward(direction: Direction, from: Socket, to: Socket): void {
    const pipe: Pipe = { direction, from, to, hasEnded: false };
    this.#pipes.add(pipe);
    from.on('data', (bytes) => to.write(bytes));
    if (this.#cut.has(direction)) from.pause();
    from.on('error', () => {});
    from.on('close', () => {
      pipe.hasEnded = true;
      if (!this.#cut.has(direction)) this.#end(pipe);
    });
  }

  #end(pipe: Pipe): void {
    this.#pipes.delete(pipe);
    pipe.to.destroy();
  }
}
