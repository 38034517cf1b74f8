import { createHook } from 'node:async_hooks';
import { performance } from 'node:perf_hooks';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { isMainThread } from 'node:worker_threads';

/*
 * Loaded into the measured server (`node --import`): reports how long its event loop was blocked,
 * in CPU time of the main thread, which other processes of the machine do not lengthen.
 */

/** What the event loop did since the last query. CPU time, in milliseconds. */
export interface Turns {
  /** The longest single turn: from one poll for events to the next, nothing else is served. */
  readonly longestMs: number;
  /** All turns together. */
  readonly totalMs: number;
  /** What the other threads of the process did. */
  readonly othersMs: number;
}

export interface Heap {
  /** Objects and buffers that are left after a garbage collection. */
  readonly bytes: number;
}

/** Shorter turns are not summed: the query itself costs about as much. */
const LEAST_MS = 0.2;

let loopCount = -1;
let startMs = 0;
let longestMs = 0;
let totalMs = 0;
let others = 0;

function threadMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
}

function othersMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000 - threadMs();
}

/** The first callback of a turn ends the previous one: while the loop waits, no CPU time passes. */
function before(): void {
  const { loopCount: now } = performance.nodeTiming.uvMetricsInfo;
  if (now === loopCount) return;
  loopCount = now;
  const nowMs = threadMs();
  const turnMs = nowMs - startMs;
  startMs = nowMs;
  if (turnMs < LEAST_MS) return;
  longestMs = Math.max(longestMs, turnMs);
  totalMs += turnMs;
}

function turns(): Turns {
  const all = othersMs();
  const answer = { longestMs, totalMs, othersMs: all - others };
  longestMs = 0;
  totalMs = 0;
  others = all;
  return answer;
}

function heap(): Heap {
  setFlagsFromString('--expose-gc');
  const collect: () => void = runInNewContext('gc');
  collect();
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return { bytes: heapUsed + external };
}

if (isMainThread) {
  createHook({ before, trackPromises: false }).enable();
  process.on('message', (question) => {
    if (question === 'turns') process.send?.(turns());
    if (question === 'heap') process.send?.(heap());
  });
  // The channel does not keep the server running.
  process.channel?.unref();
}
