import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { ImageProcessAnswer, ImageProcessTask } from './image-process.ts';

const PROCESS = fileURLToPath(new URL('./image-process.ts', import.meta.url));
/** Enables the cache of compiled code: without it, each of two threads loads the compiler. */
const PRELOAD = fileURLToPath(new URL('../../../../scripts/require-node.cjs', import.meta.url));
/** The decoder's memory, in pages of 64 KiB: 1 GiB. The largest accepted image needs 0.9. */
const MAX_PAGES = 16_384;

export type ImageOutcome = ImageProcessAnswer | { readonly gaveUp: 'overdue' | 'killed' };

/**
 * Re-encodes an image in its own process, and resolves when that has ended.
 * @param maxMs timeout after which it is killed
 * @param signal kills it, too
 * @throws the signal's reason, or the system's error if no process can be started
 */
export async function runImageProcess(
  task: ImageProcessTask,
  maxMs: number,
  signal: AbortSignal,
): Promise<ImageOutcome> {
  signal.throwIfAborted();
  const child = fork(PROCESS, [JSON.stringify(task)], {
    env: {},
    execArgv: [`--wasm-max-mem-pages=${MAX_PAGES}`, `--require=${PRELOAD}`],
    // Nobody needs the decoder's output.
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  let outcome: ImageOutcome | undefined;
  const ended = Promise.withResolvers<void>();
  const end = (how?: ImageOutcome) => {
    outcome ??= how;
    child.kill('SIGKILL');
  };
  child.once('message', end).once('exit', ended.resolve);
  child.on('error', (error) => {
    if (child.pid === undefined) ended.reject(error);
  });
  const timer = setTimeout(end, maxMs, { gaveUp: 'overdue' });
  const stop = () => end();
  signal.addEventListener('abort', stop);
  try {
    await ended.promise;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
  }
  signal.throwIfAborted();
  return outcome ?? { gaveUp: 'killed' };
}
