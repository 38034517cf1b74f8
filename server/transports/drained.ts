import type { Writable } from 'node:stream';

/**
 * Waits until what was written to a full stream has gone out. One that takes nothing for too long is
 * cut off: nobody may be a burden for ever.
 * @returns whether it can be written to
 */
export function drained(stream: Writable, stallMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => stream.destroy(), stallMs);
    const end = () => {
      clearTimeout(timer);
      stream.off('drain', end).off('close', end);
      resolve(!stream.destroyed);
    };
    stream.on('drain', end).on('close', end);
  });
}
