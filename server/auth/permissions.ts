import type { Admission } from '../core/admission.ts';
import { activeSanction, canModerate, type Settings } from './room-settings.ts';

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
