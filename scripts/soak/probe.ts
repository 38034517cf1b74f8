import { createHook } from 'node:async_hooks';
import { readdirSync, readFileSync } from 'node:fs';

/*
 * Loaded into the soaked server: on request it collects all garbage and reports what is left. The
 * server itself does not know of it.
 */

/** The resources of a server. */
export interface Sample {
  readonly rssMb: number;
  /** The V8 heap after a garbage collection, and the buffers outside of it. */
  readonly heapMb: number;
  readonly buffersMb: number;
  readonly descriptors: number;
  readonly timers: number;
  readonly threads: number;
}

const MB = 1024 * 1024;
const timers = new Set<number>();

createHook({
  init(id, type) {
    if (type === 'Timeout') timers.add(id);
  },
  destroy(id) {
    timers.delete(id);
  },
}).enable();

async function sample(): Promise<Sample> {
  // Destroy callbacks run in a later turn.
  for (let n = 0; n < 3; n += 1) {
    globalThis.gc?.();
    await new Promise((resolve) => setImmediate(resolve));
  }
  const { rss, heapUsed, external } = process.memoryUsage();
  const [, threads] = /^Threads:\s+(\d+)/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
  return {
    rssMb: rss / MB,
    heapMb: heapUsed / MB,
    buffersMb: external / MB,
    descriptors: readdirSync('/proc/self/fd').length,
    timers: timers.size,
    threads: Number(threads),
  };
}

process.on('message', async () => process.send?.(await sample()));
// The channel does not keep the server running.
process.channel?.unref();
