import { spawnSync } from 'node:child_process';

/** What else has files open besides the connections. */
const BESIDES = 200;

/** Files that may be open at a time, as Node raises it for itself at its start. */
function mostFiles(): number {
  const { stdout } = spawnSync('sh', ['-c', 'ulimit -n'], { encoding: 'utf8' });
  return Number.parseInt(stdout, 10) || Number.POSITIVE_INFINITY;
}

/** @throws Error where a process may not have so many connections */
export function filesAllow(connections: number): void {
  const most = mostFiles();
  if (connections + BESIDES <= most) return;
  throw new Error(
    `For ${connections} waiters a process has to have ${connections + BESIDES} files open, and may ` +
      `${most}: see ulimit -n.`,
  );
}
