import type { Principal } from './actor.ts';

/** What admitted somebody to a room. It holds until the settings of the room no longer allow it. */
export interface Admission {
  readonly who: Principal;
  /** The hash of the room password that they gave; `null` where they were not asked. */
  readonly passwordHash: string | null;
}
