import { readdirSync, readFileSync } from 'node:fs';

/**
 * Waits until a server processes an image, on Linux (proc_tid_children(5)). Returns the pid of its
 * process: the bundler may be a child, too.
 */
export async function imageProcessOf(server: number | undefined): Promise<number> {
  for (;;) {
    const threads = readdirSync(`/proc/${server}/task`);
    const children = threads.map((thread) =>
      readFileSync(`/proc/${server}/task/${thread}/children`, 'utf8'),
    );
    const child = children
      .join(' ')
      .match(/\d+/g)
      ?.find((pid) => commandOf(pid).includes('image-process'));
    if (child !== undefined) return Number(child);
    await new Promise(setImmediate);
  }
}

/** The ids of the workers of a server, on Linux. */
export function workersOf(primary: number | undefined): readonly number[] {
  const threads = readdirSync(`/proc/${primary}/task`);
  const children = threads.map((thread) =>
    readFileSync(`/proc/${primary}/task/${thread}/children`, 'utf8'),
  );
  const pids = children.join(' ').match(/\d+/g) ?? [];
  return pids.filter((pid) => commandOf(pid).includes('server/main.ts')).map(Number);
}

/** The command line of a process; empty where it has ended. */
function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}
