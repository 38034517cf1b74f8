import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** How often it is checked whether npm and its shell are still there. */
const CHECK_MS = 500;

/**
 * Calls `stop` when npm, or the shell that it starts a script in, is gone: neither passes on what
 * ends it, and SIGKILL could not be passed on.
 */
export function onOrphaned(stop: () => void): void {
  const shell = process.ppid;
  const npm = parentOf(shell);
  const timer = setInterval(() => {
    if (process.ppid === shell && parentOf(shell) === npm) return;
    clearInterval(timer);
    stop();
  }, CHECK_MS);
  timer.unref();
}

/** The parent of a process; nothing where that cannot be known. */
function parentOf(pid: number): number | undefined {
  try {
    // proc(5): after the name in parentheses, which may hold anything, come the state and the parent.
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
