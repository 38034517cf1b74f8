import type { DatabaseSync } from 'node:sqlite';
import type { Asked, Ballot, OptionMarked, PollActed, PollEvent, Tallied } from '../event.ts';
import { pathOfFile } from '../room-path.ts';
import type { Numberer } from './append.ts';
import { carriedFiles, readFiles } from './files.ts';
import { forgetter } from './forgetter.ts';
import { hindrances } from './hindrance.ts';
import type { Message } from './message.ts';
import { type Outcome, refused } from './outcome.ts';
import { isGrowing, isShownTo, type Poll, pollOf, readPoll } from './poll.ts';
import type { Rooms } from './rooms.ts';
import { isKeeper } from './settings.ts';
import { submissions } from './submissions.ts';
import { suggestions } from './suggestions.ts';
import { tallier } from './tally.ts';
import { timeline } from './timeline.ts';
import { votes } from './vote.ts';

/** Polls, and the votes in them. */
export function polls(
  db: DatabaseSync,
  rooms: Rooms,
  number: Numberer,
): (event: PollEvent) => Outcome {
  const update = db.prepare('UPDATE messages SET seq = ?, body = ? WHERE id = ?');
  const forget = db.prepare('DELETE FROM votes WHERE poll = ? AND uid = ?');
  const choose = db.prepare(
    'INSERT INTO votes VALUES (?, ?, ?, ?, 1) ON CONFLICT DO UPDATE SET n = n + 1',
  );
  const ballot = db.prepare('INSERT INTO ballots VALUES (?, ?, ?, ?, ?)');
  const { chosen, vote: voteOf } = votes(db);
  const ballots = forgetter(db);
  const carried = carriedFiles(db);
  const hindrance = hindrances(db, rooms);
  const tally = tallier(db);
  const suggested = suggestions(db);
  const submitted = submissions(db);
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
    const grows = isGrowing(kind);
    const before = chosen(id, who.uid);
    const isSeen = !grows || isShownTo(poll, before);
    // An option that one does not see is chosen by its text alone: a number would find what others put.
    if (!isSeen && event.kind !== 'suggested') return refused('not-yet');
    const misfit = event.kind === 'suggested' && suggested.misfit(event, kind);
    if (misfit) return misfit;
    const named = event.kind === 'suggested' ? suggested.option(event) : undefined;
    const options = chosenBy(event, before, named?.option);
    const cast = (seq: number, isNew: boolean): Outcome => ({
      change: { seq, room, vote: voteOf(id, poll, who.uid, options) },
      isNew,
    });
    if (!adds && String(before) === String(options)) return cast(message.seq, false);
    if (isOver(poll, at)) return refused('poll-closed');
    const isOption = (option: number) =>
      grows ? named?.isNew || suggested.isThere(id, option) : option < poll.options.length;
    const added = options.filter((option) => !before.includes(option));
    if (!added.every(isOption)) return refused('bad-vote');
    if (options.length > most) return refused('too-many-choices', { max: most });
    if (before.length > 0 && !mayChange && !adds) return refused('vote-stays');
    if (event.kind === 'suggested' && named && event.on && (named.isNew || !isSeen)) {
      const isAgain = submitted.has(id, who.uid, named.option);
      const stopped = isAgain ? undefined : suggested.hindrance(event);
      if (stopped) return stopped;
      if (named.isNew) suggested.add(event, named.option);
      submitted.add(event, named.option);
    }
    const seq = number(event.kind, room, who.uid, at);
    if (!adds) forget.run(id, who.uid);
    for (const option of options) choose.run(id, who.uid, option, who.name);
    if (grows) {
      const takenBack = before.filter((option) => !options.includes(option));
      for (const option of takenBack) submitted.blank(id, who.uid, option);
    }
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
      if (!isShownTo(poll, chosen(id, who.uid))) return refused('not-yet');
      if (!suggested.isThere(id, event.option)) return refused('bad-vote');
      suggested.mark(id, event.option, event.as);
    } else {
      if (event.act === 'reset') ballots.forget(id);
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
function chosenBy(event: Ballot, before: readonly number[], suggested = 0): number[] {
  const options = new Set(event.kind === 'voted' ? event.options : before);
  if (event.kind !== 'voted') {
    const option = event.kind === 'chose' ? event.option : suggested;
    if (event.on) options.add(option);
    else options.delete(option);
  }
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
