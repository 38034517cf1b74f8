/** What one request or frame may take of the event loop's processor time, in milliseconds. */
export const MAX_MS = 50;

/**
 * The processor time that this thread takes for something, in milliseconds: the least of three times,
 * for the first ones compile. What other threads and processes do meanwhile does not count.
 */
export async function cpuMs(run: () => unknown): Promise<number> {
  const times: number[] = [];
  while (times.length < 3) {
    const before = process.threadCpuUsage();
    await run();
    const { user, system } = process.threadCpuUsage(before);
    times.push((user + system) / 1_000);
  }
  return Math.min(...times);
}
