import type { DatabaseSync } from 'node:sqlite';
import { canManagePoll, canModerate, canStartPolls } from '../../auth/permissions.ts';
import type { Message } from '../../core/message.ts';
import { type Rejected, rejected } from '../../core/outcome.ts';
import { filePath } from '../../shared/routes.ts';
import type { NextSeq } from '../../storage/sequence.ts';
import { formerGuests } from '../accounts/former-guests.ts';
import { attachments, readFiles } from '../attachments/apply-files.ts';
import type { ChatOutcome } from '../change.ts';
import type { EventHandlers } from '../event.ts';
import { messageTable } from '../messages/message-table.ts';
import { postingCheck } from '../moderation/posting.ts';
import type { WriterBrowsers } from '../moderation/writer-browsers.ts';
import type { RoomCache } from '../rooms/room-cache.ts';
import { ballots } from './ballots.ts';
import type {
  OptionModerated,
  PollChanged,
  PollCreated,
  PollEvent,
  PollExtended,
  PollTallied,
} from './events.ts';
import {
  canHide,
  isOver,
  isShownTo,
  newPoll,
  type Poll,
  type PollPicture,
  parsePoll,
} from './poll.ts';
import { pollDataPurger } from './poll-data-purger.ts';
import { startedAt } from './prepared-polls.ts';
import { suggestions } from './suggestions.ts';
import { tallies } from './tally.ts';
import { votes } from './vote.ts';
import { voteHistory } from './vote-history.ts';
import { voterKeys, voters } from './voters.ts';

/** Creates polls, and applies what changes them, votes included. */
export function applyPolls(
  db: DatabaseSync,
  rooms: RoomCache,
  writers: WriterBrowsers,
  number: NextSeq,
): EventHandlers<PollEvent, ChatOutcome> {
  const update = db.prepare('UPDATE messages SET seq = ?, body = ? WHERE id = ?');
  const counted = db.prepare('DELETE FROM uncounted WHERE room = ? AND poll = ?');
  const vote = ballots(db, rooms, number);
  const { chosen } = votes(db);
  const voter = voters(db);
  const { authorOf } = formerGuests(db);
  const { purge } = pollDataPurger(db);
  const carried = attachments(db);
  const postingDenial = postingCheck(db, rooms);
  const { count: tally } = tallies(db);
  const history = voteHistory(db);
  const suggested = suggestions(db);
  const { findPoll, insert, findDuplicate } = messageTable(db);

  function create(event: PollCreated, prepared: readonly string[] = []): ChatOutcome {
    const { room, who, cid, poll, imageOptions, at } = event;
    const stopped =
      findDuplicate(event, (first) => first.kind !== 'message') ??
      startDenial(event) ??
      carried.check(event, prepared) ??
      postingDenial(event);
    if (stopped) return stopped;
    const seq = number('poll-created', room, who.uid, at);
    const first = rooms.recordActivity(room, at);
    writers.note(room, who);
    const files = carried.attach(seq, event);
    const pictures: (PollPicture | null)[] = [];
    for (const [index, { id, picture }] of readFiles({ files }).entries()) {
      if (!picture) continue;
      const { width, height } = picture;
      // What is skipped has none.
      while (pictures.length < (imageOptions?.[index] ?? index)) pictures.push(null);
      pictures.push({ path: filePath(room, id), width, height });
    }
    const created = newPoll(startedAt(poll, at), canModerate(rooms.settings(room), who));
    const body = JSON.stringify({ ...created, ...(files && { pictures }) });
    history.add(seq, created, at);
    const message = insert({ seq, room, kind: 'poll', who, cid, body, at });
    return { change: { seq, room, message, ...first }, isNew: true };
  }

  function startDenial({ room, who, poll }: PollCreated): Rejected | undefined {
    const settings = rooms.settings(room);
    // What waits for approval is reviewed with the remote, which is for moderators.
    if (poll.needsApproval && !canModerate(settings, who)) return rejected('not-moderator');
    return canStartPolls(settings, who) ? undefined : rejected('polls-restricted');
  }

  /** Actions of the poll's creator, or of a moderator. */
  function changePoll(event: PollChanged | PollExtended | OptionModerated): ChatOutcome {
    const { room, who, id, at } = event;
    const message = findPoll(id, room);
    if (!message) return rejected('no-such-poll');
    if (!canManagePoll(rooms.settings(room), who, authorOf(message)))
      return rejected('not-moderator');
    let poll = parsePoll(message.body);
    if (event.kind === 'option-moderated') {
      const { option } = event;
      const isHeld = suggested.isThere(id, option) && !suggested.isVisible(id, option);
      if (!isHeld && !isShownTo(poll, chosen(id, voter.find(id, voterKeys(who)))))
        return rejected('results-hidden');
      if (!suggested.isThere(id, event.option)) return rejected('no-such-option');
      suggested.mark(id, event.option, event.state);
    } else if (event.kind === 'poll-extended') {
      if (isOver(poll, at)) return rejected('poll-closed');
      poll = { ...poll, closesAt: Math.max(poll.closesAt ?? at, at) + event.seconds * 1_000 };
    } else {
      if (event.action === 'hidden' && !canHide(poll)) return rejected('results-public');
      if (event.action === 'reset') purge(id);
      poll = after(poll, event.action);
    }
    const seq = number(event.kind, room, who.uid, at);
    return changed(seq, message, { ...poll, ...tally(id, poll) }, at);
  }

  function count({ room, id, at }: PollTallied): ChatOutcome {
    // Also where the poll is gone: then there is nothing to count.
    counted.run(room, id);
    const message = findPoll(id, room);
    if (!message) return rejected('no-such-poll');
    const before = parsePoll(message.body);
    const poll: Poll = { ...before, ...tally(id, before), isOpen: !isOver(before, at) };
    const body = JSON.stringify(poll);
    if (body === message.body) {
      return { change: { seq: message.seq, room, message }, isNew: false };
    }
    return changed(number('poll-tallied', room, '', at), message, poll, at);
  }

  function changed(seq: number, message: Message, poll: Poll, at: number): ChatOutcome {
    const body = JSON.stringify(poll);
    history.add(message.id, poll, at);
    update.run(seq, body, message.id);
    return { change: { seq, room: message.room, message: { ...message, seq, body } }, isNew: true };
  }

  return {
    'poll-created': create,
    'votes-set': vote,
    'vote-toggled': vote,
    'option-suggested': vote,
    'option-moderated': changePoll,
    'poll-changed': changePoll,
    'poll-extended': changePoll,
    'poll-tallied': count,
  };
}

function after(poll: Poll, action: PollChanged['action']): Poll {
  switch (action) {
    case 'closed':
      return { ...poll, isOpen: false };
    case 'reopened':
      // Its time is over: from now on it is open until it is closed.
      return { ...poll, isOpen: true, closesAt: null };
    case 'revealed':
      return { ...poll, isRevealed: true };
    case 'hidden':
      return {
        ...poll,
        isRevealed: false,
        resultsVisibility:
          poll.resultsVisibility === 'always' ? 'after-close' : poll.resultsVisibility,
      };
    case 'reset':
      return { ...poll, isRevealed: false, round: (poll.round ?? 0) + 1 };
  }
}
