import { spawnSync } from 'node:child_process';

/** Open files besides the connections. */
const BESIDES = 200;

/** The maximum number of open files, as Node raises it at its start. */
function mostFiles(): number {
  const { stdout } = spawnSync('sh', ['-c', 'ulimit -n'], { encoding: 'utf8' });
  return Number.parseInt(stdout, 10) || Number.POSITIVE_INFINITY;
}

/** @throws Error if the process may not have so many connections */
export function filesAllow(connections: number): void {
  const most = mostFiles();
  if (connections + BESIDES <= most) return;
  throw new Error(
    `For ${connections} waiters a process has to have ${connections + BESIDES} files open, and may ` +
      `${most}: see ulimit -n.`,
  );
}
