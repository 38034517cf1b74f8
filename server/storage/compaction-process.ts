import { fork } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { makePrivate } from './private-file.ts';

const PROCESS = fileURLToPath(new URL('./compact-live.ts', import.meta.url));

export interface CompactionSignals {
  /** Somebody wants to write: what was begun is given up within some milliseconds. */
  readonly interrupt: AbortSignal;
  /** The server ends, and the process with it, whatever it does. */
  readonly close: AbortSignal;
}

/**
 * Compacts a database that is in use, in a process of its own. Given up, it leaves the database as it was.
 * @param copy the path of a file that is made for it, and removed
 * @returns whether the database is compact
 * @throws the system's error where no process can be started
 */
export async function compactInProcess(
  file: string,
  copy: string,
  { interrupt, close }: CompactionSignals,
): Promise<boolean> {
  rmSync(copy, { force: true });
  makePrivate(copy);
  const child = fork(PROCESS, [file, copy], {
    env: {},
    execArgv: [],
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  let isCompact = false;
  child.once('message', () => {
    isCompact = true;
  });
  const stop = () => child.connected && child.send('stop', () => undefined);
  const kill = () => child.kill('SIGKILL');
  interrupt.addEventListener('abort', stop);
  close.addEventListener('abort', kill);
  try {
    const exit = once(child, 'exit');
    if (close.aborted) kill();
    else if (interrupt.aborted) stop();
    await exit;
  } finally {
    interrupt.removeEventListener('abort', stop);
    close.removeEventListener('abort', kill);
    rmSync(copy, { force: true });
  }
  return isCompact;
}
