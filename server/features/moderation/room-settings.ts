import type { Actor } from '../../core/event.ts';

/** Somebody who may not speak in a room, or not be there. */
export interface Sanction {
  readonly kind: 'silenced' | 'removed';
  readonly uid: string;
  readonly name: string | null;
  /** Whoever comes from there is meant, too. */
  readonly address: string | null;
  /** The browsers they used: whoever else they are in them is meant, too. Older ones have none. */
  readonly browsers?: readonly string[];
  /** Milliseconds since 1970; `null` is for good. */
  readonly until: number | null;
}

/** How a room is kept: what the acts in it add up to. */
export interface Settings {
  /** Who made it, or was handed it; `null` for a room that is only an address. */
  readonly owner: string | null;
  readonly topic: string;
  readonly isListed: boolean;
  /** The salted hash of the word one needs to enter. */
  readonly word: string | null;
  readonly isLocked: boolean;
  readonly slowS: number;
  /** The number of the event that cleared it last: nothing before that is there. */
  readonly clearedSeq: number;
  readonly sanctions: readonly Sanction[];
  /** Messages that are kept in sight, by their ids, the one pinned last at the end. */
  readonly pinned: readonly number[];
}

export function defaultSettings(room: string): Settings {
  return {
    owner: null,
    topic: '',
    // The rooms of /transports are nobody's to visit.
    isListed: !room.startsWith('transports-'),
    word: null,
    isLocked: false,
    slowS: 0,
    clearedSeq: 0,
    sanctions: [],
    pinned: [],
  };
}

/** Whether everybody may know of the room. */
export function isPublic({ isListed, word }: Settings): boolean {
  return isListed && word === null;
}

/** Whether somebody may keep the peace of the room. */
export function canModerate(
  { owner }: Settings,
  { uid, isModerator }: { readonly uid: string; readonly isModerator: boolean },
): boolean {
  return isModerator || (owner !== null && owner === uid);
}

/** What stands against somebody now. */
export function activeSanction(
  settings: Settings,
  who: Pick<Actor, 'uid' | 'address' | 'browser' | 'isModerator'>,
  kind: Sanction['kind'],
  now: number,
): Sanction | undefined {
  if (settings.sanctions.length === 0 || canModerate(settings, who)) return undefined;
  return settings.sanctions.find(
    (sanction) =>
      sanction.kind === kind &&
      appliesTo(sanction, who) &&
      (sanction.until === null || sanction.until > now),
  );
}

function appliesTo(
  { uid, address, browsers = [] }: Sanction,
  who: Pick<Actor, 'uid' | 'address' | 'browser'>,
): boolean {
  if (uid === who.uid || address === who.address) return true;
  return who.browser !== null && browsers.includes(who.browser);
}
