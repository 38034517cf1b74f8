import type { DatabaseSync } from 'node:sqlite';
import type { Asked, PollActed, PollEvent, Tallied, Voted } from '../event.ts';
import type { Numberer } from './append.ts';
import { hindrances } from './hindrance.ts';
import type { Message } from './message.ts';
import { type Outcome, refused } from './outcome.ts';
import { type Poll, pollOf, readPoll } from './poll.ts';
import type { Rooms } from './rooms.ts';
import { isKeeper } from './settings.ts';
import { tallier } from './tally.ts';

/** Polls, and the votes in them. */
export function polls(
  db: DatabaseSync,
  rooms: Rooms,
  number: Numberer,
): (event: PollEvent) => Outcome {
  const sent = db.prepare('SELECT * FROM messages WHERE uid = ? AND cid = ?');
  const find = db.prepare("SELECT * FROM messages WHERE id = ? AND room = ? AND kind = 'poll'");
  const insert = db.prepare("INSERT INTO messages VALUES (?, ?, ?, 'poll', ?, ?, ?, ?, ?)");
  const update = db.prepare('UPDATE messages SET seq = ?, body = ? WHERE id = ?');
  const chosen = db.prepare('SELECT option FROM votes WHERE poll = ? AND uid = ? ORDER BY option');
  const forget = db.prepare('DELETE FROM votes WHERE poll = ? AND uid = ?');
  const choose = db.prepare(
    'INSERT INTO votes VALUES (?, ?, ?, ?, 1) ON CONFLICT DO UPDATE SET n = n + 1',
  );
  const ballot = db.prepare('INSERT INTO ballots VALUES (?, ?, ?, ?, ?)');
  const empty = db.prepare('DELETE FROM votes WHERE poll = ?');
  const shred = db.prepare('DELETE FROM ballots WHERE poll = ?');
  const hindrance = hindrances(db, rooms);
  const tally = tallier(db);

  function ask(event: Asked): Outcome {
    const { room, who, cid, poll, at } = event;
    const first = cid === null ? undefined : (sent.get(who.uid, cid) as Message | undefined);
    if (first) {
      const isSame = first.room === room && first.kind !== 'said';
      return isSame
        ? { change: { seq: first.seq, room, message: first }, isNew: false }
        : refused('cid-reused');
    }
    const hindered = hindrance.speaking(event);
    if (hindered) return hindered;
    const seq = number('asked', room, who.uid, at);
    const body = JSON.stringify(pollOf(poll));
    insert.run(seq, seq, room, who.uid, who.name, cid, body, at);
    rooms.touch(room, at);
    const { uid, name } = who;
    const message: Message = { id: seq, seq, room, kind: 'poll', uid, name, cid, body, at };
    return { change: { seq, room, message }, isNew: true };
  }

  /** A lock of the room is for talking: one votes in a locked room, too. */
  function vote(event: Voted): Outcome {
    const { room, who, id, at } = event;
    const message = find.get(id, room) as Message | undefined;
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
    const message = find.get(id, room) as Message | undefined;
    if (!message) return refused('no-such-poll');
    const isAllowed = message.uid === who.uid || isKeeper(rooms.settings(room), who);
    if (!isAllowed) return refused('not-keeper');
    if (done === 'reset') {
      empty.run(id);
      shred.run(id);
    }
    const seq = number('poll-acted', room, who.uid, at);
    return changed(seq, message, after(readPoll(message.body), done));
  }

  function count({ room, id, at }: Tallied): Outcome {
    const message = find.get(id, room) as Message | undefined;
    if (!message) return refused('no-such-poll');
    const before = readPoll(message.body);
    const poll: Poll = { ...before, ...tally(id, before), isOpen: !isOver(before, at) };
    // A room that is opened has its polls counted, for the case that a crash kept that from them.
    if (JSON.stringify(poll) === message.body) {
      return { change: { seq: message.seq, room, message }, isNew: false };
    }
    return changed(number('tallied', room, '', at), message, poll);
  }

  function changed(seq: number, message: Message, poll: Poll): Outcome {
    const body = JSON.stringify({ ...poll, ...tally(message.id, poll) });
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
