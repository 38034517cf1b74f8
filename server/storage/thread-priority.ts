import { readlinkSync } from 'node:fs';
import { constants, setPriority } from 'node:os';

/** To whom a thread gives way. To all does what nobody waits for: where there is much to do, it stands still. */
const PRIORITIES = {
  some: constants.priority.PRIORITY_BELOW_NORMAL,
  all: constants.priority.PRIORITY_LOW,
} as const;

/**
 * Has this thread give way to the others of the machine. On Linux a thread has a priority of its
 * own, by its number; elsewhere nothing changes.
 */
export function lowerThreadPriority(how: keyof typeof PRIORITIES): void {
  try {
    const thread = Number(readlinkSync('/proc/thread-self').split('/').at(-1));
    setPriority(thread, PRIORITIES[how]);
  } catch {
    // It is slower for the others then, and right all the same.
  }
}
