import type { Writable } from 'node:stream';

/**
 * Waits until a full stream has drained. One that drains nothing for too long is cut off like any
 * connection: see stalled-sockets.ts.
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
