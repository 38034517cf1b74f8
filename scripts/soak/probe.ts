import { createHook } from 'node:async_hooks';
import { readdirSync, readFileSync } from 'node:fs';

/*
 * Loaded into the server that is soaked: when it is asked to, it collects all garbage and says what is
 * left. The server itself knows nothing of it.
 */

/** What a server holds. */
export interface Sample {
  readonly rssMb: number;
  /** The heap of V8 after a collection, and the buffers outside of it. */
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
  // What is destroyed is told of in a turn of its own.
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
// The channel alone does not keep the server from ending.
process.channel?.unref();
