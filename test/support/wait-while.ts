import { setTimeout } from 'node:timers/promises';

/** Short compared to all that is waited for, and it leaves the CPU free. */
const LOOK_MS = 5;

/** Polls a condition without an event until it is false. */
export async function waitWhile(isSo: () => boolean): Promise<void> {
  while (isSo()) await setTimeout(LOOK_MS);
}
