import type { DatabaseSync } from 'node:sqlite';
import type { Asked, PollActed, PollEvent, Tallied, Voted } from '../event.ts';
import { pathOfFile } from '../room-path.ts';
import type { Numberer } from './append.ts';
import { carriedFiles, readFiles } from './files.ts';
import { hindrances } from './hindrance.ts';
import type { Message } from './message.ts';
import { type Outcome, refused } from './outcome.ts';
import { type Poll, pollOf, readPoll } from './poll.ts';
import type { Rooms } from './rooms.ts';
import { isKeeper } from './settings.ts';
import { tallier } from './tally.ts';
import { timeline } from './timeline.ts';
import { forgetter } from './votes.ts';

/** Polls, and the votes in them. */
export function polls(
  db: DatabaseSync,
  rooms: Rooms,
  number: Numberer,
): (event: PollEvent) => Outcome {
  const update = db.prepare('UPDATE messages SET seq = ?, body = ? WHERE id = ?');
  const chosen = db.prepare('SELECT option FROM votes WHERE poll = ? AND uid = ? ORDER BY option');
  const forget = db.prepare('DELETE FROM votes WHERE poll = ? AND uid = ?');
  const choose = db.prepare(
    'INSERT INTO votes VALUES (?, ?, ?, ?, 1) ON CONFLICT DO UPDATE SET n = n + 1',
  );
  const ballot = db.prepare('INSERT INTO ballots VALUES (?, ?, ?, ?, ?)');
  const forgetVotes = forgetter(db);
  const carried = carriedFiles(db);
  const hindrance = hindrances(db, rooms);
  const tally = tallier(db);
  const { find, write, repeated } = timeline(db);

  function findPoll(id: number, room: string): Message | undefined {
    const message = find(id, room);
    return message?.kind === 'poll' ? message : undefined;
  }

  function ask(event: Asked): Outcome {
    const { room, who, cid, poll, at } = event;
    const stopped =
      repeated(event, (first) => first.kind !== 'said') ??
      carried.hindrance(event) ??
      hindrance.speaking(event);
    if (stopped) return stopped;
    const seq = number('asked', room, who.uid, at);
    rooms.touch(room, at);
    const files = carried.carry(seq, event);
    const pictures = readFiles({ files }).flatMap(({ id, picture }) =>
      picture ? [{ path: pathOfFile(room, id), width: picture.width, height: picture.height }] : [],
    );
    const body = JSON.stringify({ ...pollOf(poll), ...(files && { pictures }) });
    const message = write({ seq, room, kind: 'poll', who, cid, body, at });
    return { change: { seq, room, message }, isNew: true };
  }

  /** A lock of the room is for talking: one votes in a locked room, too. */
  function vote(event: Voted): Outcome {
    const { room, who, id, at } = event;
    const message = findPoll(id, room);
    if (!message) return refused('no-such-poll');
    const poll = readPoll(message.body);
    const hindered = hindrance.voting(event);
    if (hindered) return hindered;
    const options = [...new Set(event.options)].sort((a, b) => a - b);
    const before = chosen.all(id, who.uid).map(({ option }) => Number(option));
    const isSame = !poll.isApplause && String(before) === String(options);
    const cast = { poll: id, uid: who.uid, options };
    if (isSame) return { change: { seq: message.seq, room, vote: cast }, isNew: false };
    if (isOver(poll, at)) return refused('poll-closed');
    if (options.some((option) => option >= poll.options.length)) return refused('bad-vote');
    if (options.length > poll.most) return refused('too-many-choices', { max: poll.most });
    if (before.length > 0 && !poll.mayChange && !poll.isApplause) return refused('vote-stays');
    const seq = number('voted', room, who.uid, at);
    if (!poll.isApplause) forget.run(id, who.uid);
    for (const option of options) choose.run(id, who.uid, option, who.name);
    ballot.run(seq, id, who.uid, JSON.stringify(options), at);
    return { change: { seq, room, vote: cast }, isNew: true };
  }

  function act({ room, who, id, act: done, at }: PollActed): Outcome {
    const message = findPoll(id, room);
    if (!message) return refused('no-such-poll');
    const isAllowed = message.uid === who.uid || isKeeper(rooms.settings(room), who);
    if (!isAllowed) return refused('not-keeper');
    if (done === 'reset') forgetVotes(id);
    const poll = after(readPoll(message.body), done);
    const seq = number('poll-acted', room, who.uid, at);
    return changed(seq, message, JSON.stringify({ ...poll, ...tally(id, poll) }));
  }

  function count({ room, id, at }: Tallied): Outcome {
    const message = findPoll(id, room);
    if (!message) return refused('no-such-poll');
    const before = readPoll(message.body);
    const poll: Poll = { ...before, ...tally(id, before), isOpen: !isOver(before, at) };
    const body = JSON.stringify(poll);
    // A room that is opened has its polls counted, for the case that a crash kept that from them.
    if (body === message.body) {
      return { change: { seq: message.seq, room, message }, isNew: false };
    }
    return changed(number('tallied', room, '', at), message, body);
  }

  function changed(seq: number, message: Message, body: string): Outcome {
    update.run(seq, body, message.id);
    return { change: { seq, room: message.room, message: { ...message, seq, body } }, isNew: true };
  }

  return (event) => {
    switch (event.kind) {
      case 'asked':
        return ask(event);
      case 'voted':
        return vote(event);
      case 'poll-acted':
        return act(event);
      case 'tallied':
        return count(event);
    }
  };
}

function isOver({ isOpen, closesAt }: Poll, now: number): boolean {
  return !isOpen || (closesAt !== null && now >= closesAt);
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
