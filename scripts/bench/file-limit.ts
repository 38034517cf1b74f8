import { spawnSync } from 'node:child_process';

/** Open files other than connections. */
const OTHER_FILES = 200;

/** The maximum number of open files, as Node raises it at its start. */
function maxFiles(): number {
  const { stdout } = spawnSync('sh', ['-c', 'ulimit -n'], { encoding: 'utf8' });
  return Number.parseInt(stdout, 10) || Number.POSITIVE_INFINITY;
}

/** @throws Error if the process may not have so many connections */
export function assertFileLimit(connections: number): void {
  const max = maxFiles();
  if (connections + OTHER_FILES <= max) return;
  throw new Error(
    `For ${connections} waiters a process has to have ${connections + OTHER_FILES} files open, and may ` +
      `${max}: see ulimit -n.`,
  );
}
