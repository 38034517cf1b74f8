import type { DatabaseSync } from 'node:sqlite';
import { canModerate } from '../../auth/permissions.ts';
import type { Sanction, Settings } from '../../auth/room-settings.ts';
import { rejected } from '../../core/outcome.ts';
import type { NextSeq } from '../../storage/sequence.ts';
import { attachments } from '../attachments/apply-files.ts';
import type { ChatOutcome } from '../change.ts';
import type { RoomActed, RoomAction } from '../events.ts';
import { messageTable } from '../messages/message-table.ts';
import type { RoomCache } from '../rooms/room-cache.ts';
import { historyClearing } from './clear-history.ts';
import { checkPin, withPin } from './pins.ts';
import type { WriterBrowsers } from './writer-browsers.ts';

/** The maximum number of mutes and bans in a room. */
const MAX_SANCTIONS = 1_000;
const MINUTE_MS = 60_000;

type Restriction = Extract<RoomAction, { readonly minutes: number | null }>;

const SANCTION_OF = { 'user-muted': 'mute', 'user-banned': 'ban' } as const;

/** Moderators' actions on a room. */
export function applyRoomActions(
  db: DatabaseSync,
  rooms: RoomCache,
  writers: WriterBrowsers,
  number: NextSeq,
) {
  const { find, insert } = messageTable(db);
  const carried = attachments(db);
  const clear = historyClearing(db);

  return ({ room, who, action: requested, at }: RoomActed): ChatOutcome => {
    const action = withBrowsers(requested, room);
    const before = rooms.find(room);
    const settings = rooms.settings(room);
    if (action.type === 'room-created') {
      // A room that has an owner, or where somebody has posted, can't be taken over.
      if (before || isReserved(room)) return rejected('room-exists');
    } else if (!canModerate(settings, who)) {
      return rejected('not-moderator');
    }
    if (action.type === 'poll-creators-changed' && settings.owner === null) {
      return rejected('no-owner');
    }
    if (
      'whom' in action &&
      action.type !== 'restrictions-lifted' &&
      canModerate(settings, { ...action.whom, isModerator: false })
    ) {
      return rejected('target-is-owner');
    }
    if ('minutes' in action && otherActiveSanctions(settings, action, at).length >= MAX_SANCTIONS) {
      return rejected('too-many-restrictions');
    }
    if (action.type === 'message-pinned' || action.type === 'message-unpinned') {
      const stopped = checkPin(settings, action, find(action.id, room));
      if (stopped) return stopped;
    }
    const seq = number('room-action', room, who.uid, at);
    const freed = action.type === 'history-cleared' ? carried.detachAll(room) : [];
    if (action.type === 'history-cleared') {
      clear.begin(room, seq);
      writers.forgetIn(room);
    }
    const changed = reduce(settings, action, { uid: who.uid, seq, at });
    rooms.change(room, changed);
    const body = JSON.stringify(publicView(action));
    const message = insert({ seq, room, kind: 'system', who, cid: null, body, at });
    const change = { seq, room, message, settings: changed, freed };
    if (action.type !== 'history-cleared') return { change, isNew: true };
    return { change: { ...change, isClearing: true }, isNew: true };
  };

  /** Adds the browsers with which the user has written here before. */
  function withBrowsers(action: RoomAction, room: string): RoomAction {
    if (
      action.type !== 'user-muted' &&
      action.type !== 'user-banned' &&
      action.type !== 'restrictions-lifted'
    )
      return action;
    return { ...action, browsers: writers.of(room, action.whom.uid, action.browsers ?? []) };
  }
}

/** The default room, and those of /transports, have no owner. */
function isReserved(room: string): boolean {
  return room === 'lobby' || room.startsWith('transports-');
}

/** The body of the system message: no address, and no password, not even its hash. */
function publicView({ type: action, ...details }: RoomAction): object {
  if ('passwordHash' in details) {
    // The topic and the listing of a new room are seen where they are.
    return action === 'room-created'
      ? { action }
      : { action, enabled: details.passwordHash !== null };
  }
  if ('minutes' in details) return { action, whom: details.whom, minutes: details.minutes };
  if ('whom' in details) return { action, whom: details.whom };
  // The system message itself has an `id`.
  return 'id' in details ? { action, message: details.id } : { action, ...details };
}

/** The settings after an action. */
function reduce(
  settings: Settings,
  action: RoomAction,
  { uid, seq, at }: { readonly uid: string; readonly seq: number; readonly at: number },
): Settings {
  switch (action.type) {
    case 'room-created':
      return {
        ...settings,
        owner: uid,
        topic: action.topic,
        isListed: action.isListed,
        passwordHash: action.passwordHash,
      };
    case 'topic-changed':
      return { ...settings, topic: action.text };
    case 'listing-changed':
      return { ...settings, isListed: action.enabled };
    case 'password-changed':
      return { ...settings, passwordHash: action.passwordHash };
    case 'lock-changed':
      return { ...settings, isLocked: action.enabled };
    case 'slow-mode-changed':
      return { ...settings, slowModeSeconds: action.seconds };
    case 'poll-creators-changed':
      return { ...settings, pollCreators: action.creators };
    case 'history-cleared':
      return { ...settings, clearedSeq: seq, pinned: [] };
    case 'message-pinned':
    case 'message-unpinned':
      return { ...settings, pinned: withPin(settings, action) };
    case 'ownership-transferred':
      return { ...settings, owner: action.whom.uid };
    case 'restrictions-lifted': {
      const isLifted = ({ uid, browsers = [] }: Sanction) =>
        uid === action.whom.uid || browsers.some((browser) => action.browsers?.includes(browser));
      const sanctions = activeSanctions(settings, at).filter((sanction) => !isLifted(sanction));
      return { ...settings, sanctions };
    }
    case 'user-muted':
    case 'user-banned': {
      const { whom, minutes, address, browsers = [] } = action;
      const until = minutes === null ? null : at + minutes * MINUTE_MS;
      const sanction: Sanction = {
        kind: SANCTION_OF[action.type],
        ...whom,
        address,
        browsers,
        until,
      };
      return { ...settings, sanctions: [...otherActiveSanctions(settings, action, at), sanction] };
    }
  }
}

/** The active sanctions except the one being replaced. A user may be both muted and banned. */
function otherActiveSanctions(
  settings: Settings,
  { type, whom }: Restriction,
  now: number,
): readonly Sanction[] {
  return activeSanctions(settings, now).filter(
    ({ uid, kind }) => uid !== whom.uid || kind !== SANCTION_OF[type],
  );
}

/** The sanctions that have not expired. */
function activeSanctions({ sanctions }: Settings, now: number): readonly Sanction[] {
  return sanctions.filter(({ until }) => until === null || until > now);
}
