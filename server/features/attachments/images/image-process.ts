import { writeFileSync } from 'node:fs';
import { flushCompileCache } from 'node:module';
import { Worker } from 'node:worker_threads';
import type { ImageAnswer, ImageTask } from './image-worker.ts';

/*
 * The process that re-encodes one image. Whatever a hostile image does to the decoder ends with the
 * process; its memory is limited, and it has its own file descriptors. A thread does the work, and
 * this one watches the time. The server ends the process when it has the result.
 */

const CHECK_MS = 200;

export interface ImageProcessTask extends ImageTask {
  /** Processor time after which the image is rejected. */
  readonly maxCpuMs: number;
}

export type ImageProcessAnswer = ImageAnswer | { readonly gaveUp: 'time' | 'crash' };

function answer(outcome: ImageProcessAnswer): void {
  // Before the server ends it: at the end of a process that is killed, nothing is written.
  flushCompileCache();
  process.send?.(outcome);
}

const [, , text = ''] = process.argv;
const task: ImageProcessTask = JSON.parse(text);
// It ends with the server, however the server ends.
process.once('disconnect', () => process.exit());
try {
  // If memory runs out, Linux should kill this process and not the server.
  writeFileSync('/proc/self/oom_score_adj', '1000');
} catch {
  // Other systems have no such file.
}
new Worker(new URL('./image-worker.ts', import.meta.url), { workerData: task })
  .once('message', answer)
  .once('error', () => answer({ gaveUp: 'crash' }))
  .once('exit', () => answer({ gaveUp: 'crash' }));
setInterval(() => {
  const { user, system } = process.cpuUsage();
  if ((user + system) / 1_000 > task.maxCpuMs) answer({ gaveUp: 'time' });
}, CHECK_MS);
