import type { DatabaseSync } from 'node:sqlite';
import { canModerate } from '../../auth/permissions.ts';
import type { Sanction, Settings } from '../../auth/room-settings.ts';
import { rejected } from '../../core/outcome.ts';
import type { NextSeq } from '../../storage/sequence.ts';
import { attachments } from '../attachments/apply-files.ts';
import type { ChatOutcome } from '../change.ts';
import type { Act, Acted } from '../events.ts';
import { messageTable } from '../messages/message-table.ts';
import type { RoomCache } from '../rooms/room-cache.ts';
import { historyClearing } from './clear-history.ts';
import { checkPin, withPin } from './pins.ts';
import type { WriterBrowsers } from './writer-browsers.ts';

/** The maximum number of mutes and bans in a room. */
const MAX_SANCTIONS = 1_000;
const MINUTE_MS = 60_000;

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

  return ({ room, who, act: asked, at }: Acted): ChatOutcome => {
    const act = withBrowsers(asked, room);
    const before = rooms.find(room);
    const settings = rooms.settings(room);
    if (act.act === 'made') {
      // A room that has an owner, or where somebody has posted, can't be taken over.
      if (before || isEverybodys(room)) return rejected('room-taken');
    } else if (!canModerate(settings, who)) {
      return rejected('not-keeper');
    }
    if (
      'whom' in act &&
      act.act !== 'pardoned' &&
      canModerate(settings, { ...act.whom, isModerator: false })
    ) {
      return rejected('is-keeper');
    }
    if ('minutes' in act && besides(settings, act, at).length >= MAX_SANCTIONS) {
      return rejected('too-many-sanctions');
    }
    if (act.act === 'pinned') {
      const stopped = checkPin(settings, act, find(act.id, room));
      if (stopped) return stopped;
    }
    const seq = number('acted', room, who.uid, at);
    const freed = act.act === 'cleared' ? carried.detachAll(room) : [];
    if (act.act === 'cleared') {
      clear.begin(room, seq);
      writers.forgetIn(room);
    }
    const changed = after(settings, act, { uid: who.uid, seq, at });
    rooms.change(room, changed);
    const body = JSON.stringify(told(act));
    const message = insert({ seq, room, kind: 'act', who, cid: null, body, at });
    const change = { seq, room, message, settings: changed, freed };
    if (act.act !== 'cleared') return { change, isNew: true };
    return { change: { ...change, isClearing: true }, isNew: true };
  };

  /** Adds the browsers with which the user has written here before. */
  function withBrowsers(act: Act, room: string): Act {
    if (act.act !== 'silenced' && act.act !== 'removed' && act.act !== 'pardoned') return act;
    return { ...act, browsers: writers.of(room, act.whom.uid, act.browsers ?? []) };
  }
}

/** The default room, and those of /transports, have no owner. */
function isEverybodys(room: string): boolean {
  return room === 'lobby' || room.startsWith('transports-');
}

/** The public part of an action: no address, and no password, not even its hash. */
function told(act: Act): object {
  switch (act.act) {
    case 'made':
      return { act: act.act };
    case 'worded':
      return { act: act.act, on: act.word !== null };
    case 'silenced':
    case 'removed':
      return { act: act.act, whom: act.whom, minutes: act.minutes };
    case 'pardoned':
      return { act: act.act, whom: act.whom };
    case 'pinned':
      // The system message itself has an `id`.
      return { act: act.act, message: act.id, on: act.on };
    default:
      return act;
  }
}

/** The settings after an action. */
function after(
  settings: Settings,
  act: Act,
  { uid, seq, at }: { readonly uid: string; readonly seq: number; readonly at: number },
): Settings {
  switch (act.act) {
    case 'made':
      return { ...settings, owner: uid, topic: act.topic, isListed: act.isListed, word: act.word };
    case 'topic':
      return { ...settings, topic: act.text };
    case 'listed':
      return { ...settings, isListed: act.on };
    case 'worded':
      return { ...settings, word: act.word };
    case 'locked':
      return { ...settings, isLocked: act.on };
    case 'slowed':
      return { ...settings, slowS: act.seconds };
    case 'cleared':
      return { ...settings, clearedSeq: seq, pinned: [] };
    case 'pinned':
      return { ...settings, pinned: withPin(settings, act) };
    case 'handed':
      return { ...settings, owner: act.whom.uid };
    case 'pardoned': {
      const isLifted = ({ uid, browsers = [] }: Sanction) =>
        uid === act.whom.uid || browsers.some((browser) => act.browsers?.includes(browser));
      const sanctions = standing(settings, at).filter((one) => !isLifted(one));
      return { ...settings, sanctions };
    }
    case 'silenced':
    case 'removed': {
      const { whom, minutes, address, browsers = [] } = act;
      const until = minutes === null ? null : at + minutes * MINUTE_MS;
      const sanction: Sanction = { kind: act.act, ...whom, address, browsers, until };
      return { ...settings, sanctions: [...besides(settings, act, at), sanction] };
    }
  }
}

/** The active sanctions except the one being replaced. A user may be both muted and banned. */
function besides(
  settings: Settings,
  { act, whom }: Extract<Act, { readonly minutes: number | null }>,
  now: number,
): readonly Sanction[] {
  return standing(settings, now).filter(({ uid, kind }) => uid !== whom.uid || kind !== act);
}

/** The sanctions that have not expired. */
function standing({ sanctions }: Settings, now: number): readonly Sanction[] {
  return sanctions.filter(({ until }) => until === null || until > now);
}
