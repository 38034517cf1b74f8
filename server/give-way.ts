import { readlinkSync } from 'node:fs';
import { constants, setPriority } from 'node:os';

/** How far a thread gives way: `all` for work that nobody waits for, or it may never end. */
const PRIORITIES = {
  some: constants.priority.PRIORITY_BELOW_NORMAL,
  all: constants.priority.PRIORITY_LOW,
} as const;

/**
 * Has this thread give way to the others of the machine. On Linux a thread has a priority of its
 * own, by its number; elsewhere nothing changes.
 */
export function giveWay(how: keyof typeof PRIORITIES): void {
  try {
    const thread = Number(readlinkSync('/proc/thread-self').split('/').at(-1));
    setPriority(thread, PRIORITIES[how]);
  } catch {
    // It is slower for the others then, and right all the same.
  }
}
