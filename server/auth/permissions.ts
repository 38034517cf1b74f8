import type { Principal } from '../core/actor.ts';
import type { Admission } from '../core/admission.ts';
import type { PollCreators, Sanction, Settings } from './room-settings.ts';
import type { ServerSettings } from './server-settings.ts';

/*
 * Who may do what in a room. The store decides by these rules, in the order of the log; requests are
 * refused, and pages show what is possible, by the same.
 */

/** The author of something. */
interface Authored {
  readonly uid: string;
}

/** Whether a user is a moderator of the room: they may change its settings, pin, mute and ban. */
export function canModerate(
  { owner }: Pick<Settings, 'owner'>,
  { uid, isModerator }: { readonly uid: string; readonly isModerator: boolean },
): boolean {
  return isModerator || (owner !== null && owner === uid);
}

/** Why a user can't create a room; `undefined` where they can. */
export function creationDenial(
  { roomCreators }: Pick<ServerSettings, 'roomCreators'>,
  { name, isModerator }: Pick<Principal, 'name' | 'isModerator'>,
): 'sign-in-required' | 'rooms-restricted' | undefined {
  if (isModerator || roomCreators === 'everyone') return undefined;
  if (roomCreators === 'moderators') return 'rooms-restricted';
  return name === null ? 'sign-in-required' : undefined;
}

/** Whether a user may choose what the projectors of the room show. */
export const canControlStage = canModerate;

/** Users may edit their own messages alone: moderators can delete them, but put no words into them. */
export function canEdit(who: Authored, message: Authored): boolean {
  return message.uid === who.uid;
}

/** Users may delete their own messages, whatever else they may not do in the room; moderators any. */
export function canDelete(
  settings: Settings,
  who: Pick<Principal, 'uid' | 'isModerator'>,
  message: Authored,
): boolean {
  return message.uid === who.uid || canModerate(settings, who);
}

/** Whether a user may close, reopen, reset and reveal a poll, and mark its options. */
export function canManagePoll(
  settings: Settings,
  who: Pick<Principal, 'uid' | 'isModerator'>,
  poll: Authored,
): boolean {
  return poll.uid === who.uid || canModerate(settings, who);
}

/** Who can start polls in a room: without an owner, nobody could allow others to. */
export function pollCreators(settings: Pick<Settings, 'owner' | 'pollCreators'>): PollCreators {
  return settings.owner === null ? 'everyone' : settings.pollCreators;
}

/** Whether a user may start polls. */
export function canStartPolls(
  settings: Settings,
  who: Pick<Principal, 'uid' | 'isModerator'>,
): boolean {
  return pollCreators(settings) === 'everyone' || canModerate(settings, who);
}

/** Why somebody may not be in a room, or not any more; `undefined` where they may. */
export function accessDenial(
  settings: Settings,
  { who, passwordHash }: Admission,
  now: number,
): 'banned' | 'password-required' | undefined {
  if (activeSanction(settings, who, 'ban', now)) return 'banned';
  const isKnown = settings.passwordHash === null || settings.passwordHash === passwordHash;
  return isKnown || canModerate(settings, who) ? undefined : 'password-required';
}

/** Whether a user needs a name here before they write or vote. */
function needsName(
  settings: Settings,
  who: Pick<Principal, 'uid' | 'name' | 'isModerator'>,
): boolean {
  return settings.requiresName && who.name === null && !canModerate(settings, who);
}

/** Why somebody may not vote; `undefined` where they may. A lock applies to messages only. */
export function voteDenial(
  settings: Settings,
  who: Principal,
  now: number,
): 'banned' | 'muted' | 'name-required' | undefined {
  if (activeSanction(settings, who, 'ban', now)) return 'banned';
  if (activeSanction(settings, who, 'mute', now)) return 'muted';
  return needsName(settings, who) ? 'name-required' : undefined;
}

/** Why somebody may not write: post, edit, react and upload; `undefined` where they may. */
export function writeDenial(
  settings: Settings,
  who: Principal,
  now: number,
): 'banned' | 'muted' | 'name-required' | 'locked' | 'guests-read-only' | undefined {
  const denial = voteDenial(settings, who, now);
  if (denial) return denial;
  if (canModerate(settings, who)) return undefined;
  if (settings.isLocked) return 'locked';
  return settings.guestsMayWrite || who.name !== null ? undefined : 'guests-read-only';
}

/** Seconds until slow mode allows the next post of a user who posted last at a time; or 0. */
export function slowModeSeconds(
  settings: Settings,
  who: Principal,
  lastAt: number,
  now: number,
): number {
  if (canModerate(settings, who)) return 0;
  const intervalMs = settings.slowModeSeconds * 1_000;
  const leftMs = intervalMs - (now - lastAt);
  // More than the whole interval is left only if the clock was set back.
  return leftMs > 0 && leftMs <= intervalMs ? Math.ceil(leftMs / 1_000) : 0;
}

/** The active sanction on a user, if there is one: of several, the one that lasts longest. */
export function activeSanction(
  settings: Pick<Settings, 'owner' | 'sanctions'>,
  who: Principal,
  kind: Sanction['kind'],
  now: number,
): Sanction | undefined {
  if (settings.sanctions.length === 0 || canModerate(settings, who)) return undefined;
  let longest: Sanction | undefined;
  for (const sanction of settings.sanctions) {
    if (sanction.kind !== kind || !appliesTo(sanction, who) || endOf(sanction) <= now) continue;
    if (!longest || endOf(sanction) > endOf(longest)) longest = sanction;
  }
  return longest;
}

function endOf({ until }: Sanction): number {
  return until ?? Number.POSITIVE_INFINITY;
}

/** Whether a sanction is on a user, on their address or on their browser. */
export function appliesTo({ uid, address, browsers = [] }: Sanction, who: Principal): boolean {
  if (uid === who.uid || address === who.address) return true;
  return who.browser !== null && browsers.includes(who.browser);
}
