import { readlinkSync } from 'node:fs';
import { constants, setPriority } from 'node:os';

/** Which threads it yields to. Work that nobody waits for yields to all, and stops under load. */
const PRIORITIES = {
  some: constants.priority.PRIORITY_BELOW_NORMAL,
  all: constants.priority.PRIORITY_LOW,
} as const;

/**
 * Makes this thread yield to the others of the machine. On Linux a thread has a priority of its
 * own, by its number; elsewhere nothing changes.
 */
export function lowerThreadPriority(how: keyof typeof PRIORITIES): void {
  try {
    const thread = Number(readlinkSync('/proc/thread-self').split('/').at(-1));
    setPriority(thread, PRIORITIES[how]);
  } catch {
    // Then it slows the others down, but works all the same.
  }
}
