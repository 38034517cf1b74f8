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
    const before = threadMs();
    await run();
    min = Math.min(min, threadMs() - before);
  }
  return min;
}

/** The CPU time that this thread takes for synchronous work, in milliseconds: the minimum of some runs. */
export function minCpuMs(run: () => unknown, times: number): number {
  const all = Array.from({ length: times }, () => {
    const before = threadMs();
    run();
    return threadMs() - before;
  });
  return Math.min(...all);
}

/** The CPU time of this thread. Linux updates it at each tick, and when that of the process is read. */
function threadMs(): number {
  process.cpuUsage();
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
}
