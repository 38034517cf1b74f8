import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/** How often is looked, in parts of the time that a socket may stall. */
const CHECKS = 4;

/** What had gone out of a socket when that was last more than before. */
interface Progress {
  readonly sentBytes: number;
  readonly atMs: number;
}

/**
 * Cuts off every connection whose peer takes nothing of what waits for it, whatever that is: a page, a
 * file, a stream. A slow peer that takes something now and then is not cut off.
 */
export class StalledSockets {
  readonly #timeoutMs: number;
  readonly #now: () => number;
  readonly #sockets = new Set<Socket>();
  /** The sockets for which something waits. */
  readonly #waiting = new WeakMap<Socket, Progress>();
  readonly #timer: NodeJS.Timeout;

  /** @param now milliseconds that only grow */
  constructor(stallMs: number, now: () => number = performance.now.bind(performance)) {
    this.#timeoutMs = stallMs;
    this.#now = now;
    this.#timer = setInterval(() => this.check(), stallMs / CHECKS).unref();
  }

  watch(server: Server): void {
    server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
  }

  check(): void {
    const nowMs = this.#now();
    for (const socket of this.#sockets) {
      // What is written counts from the start; what still waits for the system does not.
      const sentBytes = socket.bytesWritten - socket.writableLength;
      const before = this.#waiting.get(socket);
      if (socket.writableLength === 0) this.#waiting.delete(socket);
      else if (before?.sentBytes !== sentBytes)
        this.#waiting.set(socket, { sentBytes, atMs: nowMs });
      else if (nowMs - before.atMs >= this.#timeoutMs) socket.destroy();
    }
  }

  close(): void {
    clearInterval(this.#timer);
  }
}
