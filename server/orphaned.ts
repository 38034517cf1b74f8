import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** How often to check that npm and its shell are still running. */
const CHECK_MS = 500;

/** The parents of this process that `npm run` starts, by their ids. */
interface Parents {
  readonly shell: number;
  /** `undefined` where it is not known: without file descriptors, for example. */
  readonly npm: number | undefined;
}

/**
 * Calls `stop` when npm, or the shell that it runs a script in, is gone: neither forwards the
 * signal that ends it, and SIGKILL could not be forwarded.
 */
export function onOrphaned(stop: () => void): void {
  const before = parents();
  const timer = setInterval(() => {
    if (!isOrphaned(before, parents())) return;
    clearInterval(timer);
    stop();
  }, CHECK_MS);
  timer.unref();
}

/** Whether one of them is gone: an orphaned process gets another parent. */
export function isOrphaned(before: Parents, now: Parents): boolean {
  if (now.shell !== before.shell) return true;
  return before.npm !== undefined && now.npm !== undefined && now.npm !== before.npm;
}

function parents(): Parents {
  const shell = process.ppid;
  return { shell, npm: parentOf(shell) };
}

/** The parent of a process; `undefined` where it is not known. */
function parentOf(pid: number): number | undefined {
  try {
    // proc(5): after the name in parentheses, which may hold anything, come state and parent.
    const [, parent] = /\) \S (\d+)/.exec(readFileSync(`/proc/${pid}/stat`, 'latin1')) ?? [];
    return Number(parent);
  } catch {
    return process.platform === 'linux' ? undefined : parentByPs(pid);
  }
}

function parentByPs(pid: number): number | undefined {
  try {
    return Number(execFileSync('ps', ['-o', 'ppid=', '-p', `${pid}`], { encoding: 'utf8' }));
  } catch {
    return undefined;
  }
}
