import { readlinkSync } from 'node:fs';
import { constants, setPriority } from 'node:os';

/**
 * Has this thread give way to all others of the machine, for work that nobody waits for. On Linux a
 * thread has a priority of its own, by its number; elsewhere nothing changes.
 */
export function giveWay(): void {
  try {
    const thread = Number(readlinkSync('/proc/thread-self').split('/').at(-1));
    setPriority(thread, constants.priority.PRIORITY_LOW);
  } catch {
    // It is slower for the others then, and right all the same.
  }
}
