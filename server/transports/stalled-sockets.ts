import type { Server, Socket } from 'node:net';
import { connectionEvent } from './connection-event.ts';

/** How many checks are made in the time that a socket may stall. */
const CHECKS = 4;

/** How much a socket had sent when that last grew. */
interface Progress {
  readonly sentBytes: number;
  readonly atMs: number;
}

/**
 * Cuts off every connection whose peer reads nothing of what is queued for it: a page, a file, a
 * stream. A slow peer that reads something now and then is not cut off.
 */
export class StalledSockets {
  readonly #timeoutMs: number;
  readonly #now: () => number;
  readonly #sockets = new Set<Socket>();
  /** The sockets with something queued. */
  readonly #waiting = new WeakMap<Socket, Progress>();
  readonly #timer: NodeJS.Timeout;

  /** @param now a monotonic clock, in milliseconds */
  constructor(stallMs: number, now: () => number = performance.now.bind(performance)) {
    this.#timeoutMs = stallMs;
    this.#now = now;
    this.#timer = setInterval(() => this.check(), stallMs / CHECKS).unref();
  }

  watch(server: Server): void {
    server.on(connectionEvent(server), (socket: Socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
  }

  check(): void {
    const nowMs = this.#now();
    for (const socket of this.#sockets) {
      // `bytesWritten` also counts what is still queued, which has not been sent.
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
