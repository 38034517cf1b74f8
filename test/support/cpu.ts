/** What one request or frame may take of the event loop's processor time, in milliseconds. */
export const MAX_MS = 50;

/** So often is tried again what took too long: the first times compile, and a busy machine is slow. */
const TRIES = 10;

/**
 * The processor time that this thread takes for something, in milliseconds: the least of some times,
 * until it is no more than it may be. What other threads and processes do meanwhile does not count.
 */
export async function cpuMs(run: () => unknown): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let n = 0; n < TRIES && least >= MAX_MS; n += 1) {
    const before = process.threadCpuUsage();
    await run();
    const { user, system } = process.threadCpuUsage(before);
    least = Math.min(least, (user + system) / 1_000);
  }
  return least;
}
