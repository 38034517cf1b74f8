import type { DatabaseSync } from 'node:sqlite';
import type { Asked, Ballot, OptionMarked, PollActed, PollEvent, Tallied } from '../event.ts';
import { pathOfFile } from '../room-path.ts';
import type { Numberer } from './append.ts';
import { carriedFiles, readFiles } from './files.ts';
import { hindrances } from './hindrance.ts';
import type { Message } from './message.ts';
import { type Outcome, refused } from './outcome.ts';
import { isGrowing, type Poll, pollOf, readPoll } from './poll.ts';
import type { Rooms } from './rooms.ts';
import { isKeeper } from './settings.ts';
import { suggestions } from './suggestions.ts';
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
  const votes = forgetter(db);
  const carried = carriedFiles(db);
  const hindrance = hindrances(db, rooms);
  const tally = tallier(db);
  const suggested = suggestions(db);
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
  function vote(event: Ballot): Outcome {
    const { room, who, id, at } = event;
    const message = findPoll(id, room);
    if (!message) return refused('no-such-poll');
    const poll = readPoll(message.body);
    const hindered = hindrance.voting(event);
    if (hindered) return hindered;
    const { kind, mayChange, most } = poll;
    const adds = kind === 'applause';
    const before = chosen.all(id, who.uid).map(({ option }) => Number(option));
    const put = event.kind === 'suggested' ? suggested.option(event) : undefined;
    const options = chosenBy(event, before, put?.option);
    const cast = (seq: number, isNew: boolean): Outcome => {
      const texts = isGrowing(kind) ? { texts: suggested.texts(id, options) } : {};
      return { change: { seq, room, vote: { poll: id, uid: who.uid, options, ...texts } }, isNew };
    };
    if (!adds && !put?.isNew && String(before) === String(options)) return cast(message.seq, false);
    if (isOver(poll, at)) return refused('poll-closed');
    const isOption = (option: number) =>
      isGrowing(kind) ? suggested.isThere(id, option) : option < poll.options.length;
    const chosenAnew = options.filter((option) => !before.includes(option));
    if (put?.isNew !== true && !chosenAnew.every(isOption)) return refused('bad-vote');
    if (options.length > most) return refused('too-many-choices', { max: most });
    if (before.length > 0 && !mayChange && !adds) return refused('vote-stays');
    if (event.kind === 'suggested' && put?.isNew) {
      const stopped = suggested.hindrance(event, kind);
      if (stopped) return stopped;
      suggested.add(event, put.option);
    }
    const seq = number(event.kind, room, who.uid, at);
    if (!adds) forget.run(id, who.uid);
    for (const option of options) choose.run(id, who.uid, option, who.name);
    ballot.run(seq, id, who.uid, JSON.stringify(options), at);
    return cast(seq, true);
  }

  /** What the asker does to a poll, or those who keep the room. */
  function act(event: PollActed | OptionMarked): Outcome {
    const { room, who, id, at } = event;
    const message = findPoll(id, room);
    if (!message) return refused('no-such-poll');
    const isAllowed = message.uid === who.uid || isKeeper(rooms.settings(room), who);
    if (!isAllowed) return refused('not-keeper');
    let poll = readPoll(message.body);
    if (event.kind === 'option-marked') {
      if (!suggested.isThere(id, event.option)) return refused('bad-vote');
      suggested.mark(id, event.option, event.as);
    } else {
      if (event.act === 'reset') votes.forget(id);
      poll = after(poll, event.act);
    }
    const seq = number(event.kind, room, who.uid, at);
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

/** The options somebody has chosen after an event, in order. */
function chosenBy(event: Ballot, before: readonly number[], put = 0): number[] {
  const options = new Set(event.kind === 'voted' ? event.options : before);
  if (event.kind === 'suggested') options.add(put);
  if (event.kind === 'chose' && event.on) options.add(event.option);
  if (event.kind === 'chose' && !event.on) options.delete(event.option);
  return [...options].sort((a, b) => a - b);
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
