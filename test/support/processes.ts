import { readdirSync, readFileSync } from 'node:fs';

/** Waits until a process has a child, on Linux (proc_tid_children(5)). Returns its pid. */
export async function childOf(parent: number | undefined): Promise<number> {
  for (;;) {
    const threads = readdirSync(`/proc/${parent}/task`);
    const children = threads.map((thread) =>
      readFileSync(`/proc/${parent}/task/${thread}/children`, 'utf8'),
    );
    const [child] = children.join(' ').match(/\d+/) ?? [];
    if (child !== undefined) return Number(child);
    await new Promise(setImmediate);
  }
}
