import { setTimeout } from 'node:timers/promises';

/** Short beside all that is waited for; the processor is left to what brings it about. */
const LOOK_MS = 5;

/** Waits as long as something is so that nothing tells of: it is looked at now and then. */
export async function waitWhile(isSo: () => boolean): Promise<void> {
  while (isSo()) await setTimeout(LOOK_MS);
}
