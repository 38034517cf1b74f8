import type { DatabaseSync } from 'node:sqlite';
import type { Asked, OptionMarked, PollActed, PollEvent, Tallied } from '../../core/event.ts';
import type { Message } from '../../core/message.ts';
import { type Outcome, rejected } from '../../core/outcome.ts';
import { filePath } from '../../shared/routes.ts';
import type { NextSeq } from '../../storage/appender.ts';
import { attachments, readFiles } from '../attachments/apply-files.ts';
import { messageTable } from '../messages/message-table.ts';
import { permissions } from '../moderation/permissions.ts';
import { canModerate } from '../moderation/room-settings.ts';
import type { WriterBrowsers } from '../moderation/writer-browsers.ts';
import type { RoomCache } from '../rooms/room-cache.ts';
import { ballots } from './ballots.ts';
import { isOver, isShownTo, newPoll, type Poll, parsePoll } from './poll.ts';
import { pollDataPurger } from './poll-data-purger.ts';
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
): (event: PollEvent) => Outcome {
  const update = db.prepare('UPDATE messages SET seq = ?, body = ? WHERE id = ?');
  const counted = db.prepare('DELETE FROM uncounted WHERE room = ? AND poll = ?');
  const vote = ballots(db, rooms, number);
  const { chosen } = votes(db);
  const voter = voters(db);
  const { purge } = pollDataPurger(db);
  const carried = attachments(db);
  const hindrance = permissions(db, rooms);
  const { count: tally } = tallies(db);
  const history = voteHistory(db);
  const suggested = suggestions(db);
  const { findPoll, insert, findDuplicate } = messageTable(db);

  function ask(event: Asked): Outcome {
    const { room, who, cid, poll, at } = event;
    const stopped =
      findDuplicate(event, (first) => first.kind !== 'said') ??
      carried.check(event) ??
      hindrance.checkPost(event);
    if (stopped) return stopped;
    const seq = number('asked', room, who.uid, at);
    rooms.recordActivity(room, at);
    writers.note(room, who);
    const files = carried.attach(seq, event);
    const pictures = readFiles({ files }).flatMap(({ id, picture }) =>
      picture ? [{ path: filePath(room, id), width: picture.width, height: picture.height }] : [],
    );
    const created = newPoll(poll);
    const body = JSON.stringify({ ...created, ...(files && { pictures }) });
    history.add(seq, created, at);
    const message = insert({ seq, room, kind: 'poll', who, cid, body, at });
    return { change: { seq, room, message }, isNew: true };
  }

  /** Actions of the poll's creator, or of a moderator. */
  function act(event: PollActed | OptionMarked): Outcome {
    const { room, who, id, at } = event;
    const message = findPoll(id, room);
    if (!message) return rejected('no-such-poll');
    const isAllowed = message.uid === who.uid || canModerate(rooms.settings(room), who);
    if (!isAllowed) return rejected('not-keeper');
    let poll = parsePoll(message.body);
    if (event.kind === 'option-marked') {
      if (!isShownTo(poll, chosen(id, voter.find(id, voterKeys(who))))) return rejected('not-yet');
      if (!suggested.isThere(id, event.option)) return rejected('bad-vote');
      suggested.mark(id, event.option, event.as);
    } else {
      if (event.act === 'reset') purge(id);
      poll = after(poll, event.act);
    }
    const seq = number(event.kind, room, who.uid, at);
    return changed(seq, message, { ...poll, ...tally(id, poll) }, at);
  }

  function count({ room, id, at }: Tallied): Outcome {
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
    return changed(number('tallied', room, '', at), message, poll, at);
  }

  function changed(seq: number, message: Message, poll: Poll, at: number): Outcome {
    const body = JSON.stringify(poll);
    history.add(message.id, poll, at);
    update.run(seq, body, message.id);
    return { change: { seq, room: message.room, message: { ...message, seq, body } }, isNew: true };
  }

  return (event) => {
    switch (event.kind) {
      case 'asked':
        return ask(event);
      case 'voted':
      case 'chose':
      case 'suggested':
        return vote(event);
      case 'poll-acted':
      case 'option-marked':
        return act(event);
      case 'tallied':
        return count(event);
    }
  };
}

function after(poll: Poll, act: PollActed['act']): Poll {
  switch (act) {
    case 'closed':
      return { ...poll, isOpen: false };
    case 'opened':
      // Its time is over: from now on it is open until it is closed.
      return { ...poll, isOpen: true, closesAt: null };
    case 'revealed':
      return { ...poll, isRevealed: true };
    case 'reset':
      return { ...poll, isRevealed: false };
  }
}
