import type { Writable } from 'node:stream';

/**
 * Waits until what was written to a full stream has gone out. One of which nothing goes out for too
 * long is cut off as all connections are: see edge/stalled-sockets.ts.
 * @returns whether it can be written to
 */
export function whenDrained(stream: Writable): Promise<boolean> {
  return new Promise((resolve) => {
    const end = () => {
      stream.off('drain', end).off('close', end);
      resolve(!stream.destroyed);
    };
    stream.on('drain', end).on('close', end);
  });
}
