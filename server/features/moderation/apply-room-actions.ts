import type { DatabaseSync } from 'node:sqlite';
import { canModerate, creationDenial } from '../../auth/permissions.ts';
import { rejected } from '../../core/outcome.ts';
import type { NextSeq } from '../../storage/sequence.ts';
import { attachments } from '../attachments/apply-files.ts';
import type { ChatOutcome } from '../change.ts';
import type { EventHandlers } from '../event.ts';
import { membershipTable } from '../memberships/membership-table.ts';
import { messageTable } from '../messages/message-table.ts';
import { reportTable } from '../reports/report-table.ts';
import { actionRules, type RoomAction } from '../room-actions.ts';
import { isReserved } from '../rooms/reserved-rooms.ts';
import type { RoomCache } from '../rooms/room-cache.ts';
import { historyClearing } from './clear-history.ts';
import type { RoomActed } from './events.ts';
import { checkPin } from './pins.ts';
import { clearsHistory } from './room-actions.ts';
import { otherActiveSanctions } from './sanctions.ts';
import type { WriterBrowsers } from './writer-browsers.ts';

/** The maximum number of mutes and bans in a room. */
const MAX_SANCTIONS = 1_000;

/** Moderators' actions on a room. */
export function applyRoomActions(
  db: DatabaseSync,
  rooms: RoomCache,
  writers: WriterBrowsers,
  number: NextSeq,
): EventHandlers<RoomActed, ChatOutcome> {
  const { find, insert } = messageTable(db);
  const carried = attachments(db);
  const clear = historyClearing(db);
  const reports = reportTable(db);
  const members = membershipTable(db);
  const forgetPrepared = db.prepare('DELETE FROM prepared_polls WHERE room = ?');
  const forgetPosts = db.prepare('DELETE FROM last_posts WHERE room = ?');

  function applyAction({ room, who, action: requested, at }: RoomActed): ChatOutcome {
    const action = withBrowsers(requested, room);
    const before = rooms.find(room);
    const settings = rooms.settings(room);
    if (action.type === 'room-created') {
      // A room that has an owner, or where somebody has posted, can't be taken over.
      if (before || isReserved(room)) return rejected('room-exists');
      const stopped = creationDenial(rooms.server, who);
      if (stopped) return rejected(stopped);
    } else if (!canModerate(settings, who)) {
      return rejected('not-moderator');
    }
    const rules = actionRules(action.type);
    const denial = rules.denial?.(settings);
    if (denial) return rejected(denial);
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
    const isClearing = clearsHistory(action);
    const freed = isClearing ? carried.detachAll(room) : [];
    if (isClearing) {
      clear.begin(room, seq);
      writers.forgetIn(room);
      reports.removeAll(room);
    }
    if (action.type === 'room-deleted') {
      forgetPrepared.run(room);
      forgetPosts.run(room);
      members.removeIn(room);
    }
    const changed =
      action.type === 'room-deleted'
        ? rooms.remove(room, seq)
        : rooms.change(room, rules.apply(settings, action, { uid: who.uid, seq, at }));
    const body = JSON.stringify({ action: action.type, ...rules.details(action) });
    const message = insert({ seq, room, kind: 'system', who, cid: null, body, at });
    const change = { seq, room, message, settings: changed, freed };
    return { change: isClearing ? { ...change, isClearing } : change, isNew: true };
  }

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

  return { 'room-action': applyAction };
}
