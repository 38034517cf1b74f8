import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** How often it is checked whether npm and its shell are still there. */
const CHECK_MS = 500;

/** The processes above this one that `npm run` starts, by their ids. */
export interface Parents {
  readonly shell: number;
  /** Nothing where that cannot be known: without descriptors, for example. */
  readonly npm: number | undefined;
}

/**
 * Calls `stop` when npm, or the shell that it starts a script in, is gone: neither passes on what
 * ends it, and SIGKILL could not be passed on.
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

/** Whether one of them is gone: whoever loses their parent gets another one. */
export function isOrphaned(before: Parents, now: Parents): boolean {
  if (now.shell !== before.shell) return true;
  return before.npm !== undefined && now.npm !== undefined && now.npm !== before.npm;
}

function parents(): Parents {
  const shell = process.ppid;
  return { shell, npm: parentOf(shell) };
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
