/** The maximum CPU time of the event loop for one request or frame, in milliseconds. */
export const MAX_MS = 50;

/** The maximum number of tries: the first ones compile, and a busy machine is slow. */
const TRIES = 10;

/**
 * The CPU time that this thread takes for something, in milliseconds: the minimum of several tries,
 * until it is within the limit. Other threads and processes do not count.
 */
export async function cpuMs(run: () => unknown): Promise<number> {
  let min = Number.POSITIVE_INFINITY;
  for (let n = 0; n < TRIES && min >= MAX_MS; n += 1) {
    const before = process.threadCpuUsage();
    await run();
    const { user, system } = process.threadCpuUsage(before);
    min = Math.min(min, (user + system) / 1_000);
  }
  return min;
}
