import { activeSanction, canModerate, type Settings } from './room-settings.ts';
import type { Principal } from './user.ts';

/** What admitted somebody to a room. It holds until the settings of the room no longer allow it. */
export interface Admission {
  readonly who: Principal;
  /** The hash of the room password that they gave; `null` where they were not asked. */
  readonly word: string | null;
}

/** Why somebody may not be in a room, or not any more; `undefined` where they may. */
export function accessDenial(
  settings: Settings,
  { who, word }: Admission,
  now: number,
): 'removed' | 'needs-word' | undefined {
  if (activeSanction(settings, who, 'removed', now)) return 'removed';
  const isKnown = settings.word === null || settings.word === word;
  return isKnown || canModerate(settings, who) ? undefined : 'needs-word';
}
