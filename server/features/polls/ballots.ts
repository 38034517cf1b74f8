import type { DatabaseSync } from 'node:sqlite';
import { canManagePoll, voteDenial } from '../../auth/permissions.ts';
import { rejected } from '../../core/outcome.ts';
import type { NextSeq } from '../../storage/sequence.ts';
import { formerGuests } from '../accounts/former-guests.ts';
import type { ChatOutcome } from '../change.ts';
import { messageTable } from '../messages/message-table.ts';
import type { RoomCache } from '../rooms/room-cache.ts';
import type { Ballot } from './events.ts';
import { isOver, isShownTo, NOBODY, parsePoll } from './poll.ts';
import { acceptsSuggestions, POLL_KINDS } from './poll-kinds.ts';
import { submissions } from './submissions.ts';
import { suggestions } from './suggestions.ts';
import { tallies } from './tally.ts';
import { votes } from './vote.ts';
import { wholeSecond } from './vote-history.ts';
import { voterKeys, voters } from './voters.ts';

/** Applies votes in polls. */
export function ballots(
  db: DatabaseSync,
  rooms: RoomCache,
  number: NextSeq,
): (event: Ballot) => ChatOutcome {
  const forget = db.prepare('DELETE FROM votes WHERE poll = ? AND uid = ?');
  const tally = tallies(db);
  const voter = voters(db);
  const choose = db.prepare(
    'INSERT INTO votes VALUES (?, ?, ?, ?, 1) ON CONFLICT DO UPDATE SET n = n + 1',
  );
  const uncounted = db.prepare('INSERT OR IGNORE INTO uncounted VALUES (?, ?)');
  const { chosen, vote: voteOf } = votes(db);
  const suggested = suggestions(db);
  const submitted = submissions(db);
  const { findPoll } = messageTable(db);
  const { authorOf } = formerGuests(db);

  return (cast) => {
    const { room, id, at } = cast;
    const message = findPoll(id, room);
    if (!message) return rejected('no-such-poll');
    const poll = parsePoll(message.body);
    const denial = voteDenial(rooms.settings(room), cast.who, at);
    if (denial) return rejected(denial);
    // A vote from another tab of a browser changes the vote of that browser.
    const keys = voterKeys(cast.who);
    const uid = voter.find(id, keys);
    const who = { ...cast.who, uid };
    const event = { ...cast, who };
    const { kind, canChangeVote, maxChoices } = poll;
    const adds = POLL_KINDS[kind].isRepeatable === true;
    const grows = acceptsSuggestions(kind);
    const before = chosen(id, uid);
    const isSeen = !grows || isShownTo(poll, before);
    // An option that the user can't see is chosen by its text: numbers could reveal suggestions.
    if (!isSeen && event.kind !== 'option-suggested') return rejected('results-hidden');
    const misfit = event.kind === 'option-suggested' && suggested.misfit(event, kind);
    if (misfit) return misfit;
    const named = event.kind === 'option-suggested' ? suggested.option(event) : undefined;
    const options = chosenBy(event, before, named?.option);
    const outcome = (seq: number, isNew: boolean): ChatOutcome => ({
      change: {
        seq,
        room,
        vote: { ...voteOf(id, poll, uid, options), keys: [...new Set([...keys, uid])] },
      },
      isNew,
    });
    if (!adds && String(before) === String(options)) return outcome(message.seq, false);
    if (isOver(poll, at)) return rejected('poll-closed');
    // One that is held can be suggested again, and not be found by its number.
    const isNamed = (option: number) =>
      option === named?.option && (named.isNew || suggested.isThere(id, option));
    const isOption = (option: number) =>
      grows ? isNamed(option) || suggested.isVisible(id, option) : option < poll.options.length;
    const added = options.filter((option) => !before.includes(option));
    const takenBack = before.filter((option) => !options.includes(option));
    if (!added.every(isOption)) return rejected('no-such-option');
    if (options.length > maxChoices) return rejected('too-many-choices', { max: maxChoices });
    if (before.length > 0 && !canChangeVote && !adds) return rejected('vote-is-final');
    const isHidden = named && (named.isNew || !isSeen || !suggested.isVisible(id, named.option));
    if (event.kind === 'option-suggested' && event.enabled && isHidden) {
      const isHeld =
        poll.needsApproval === true && !canManagePoll(rooms.settings(room), who, authorOf(message));
      const isAgain = submitted.has(id, uid, named.option);
      const stopped = isAgain ? undefined : suggested.hindrance(event);
      if (stopped) return stopped;
      if (named.isNew)
        suggested.add(event, named.option, { isAnonymous: poll.isAnonymous, isHeld });
      submitted.add(event, named.option);
    }
    // The log has the uid of each voter; of an anonymous one, neither uid nor exact time.
    const seq = poll.isAnonymous
      ? number(event.kind, room, NOBODY.uid, wholeSecond(at))
      : number(event.kind, room, cast.who.uid, at);
    voter.note(id, keys, uid);
    // In a poll with names, a guest is identified by uid: see votes_named.
    const name = poll.isAnonymous ? NOBODY.name : (who.name ?? '');
    const wasVoter = adds ? before.length > 0 : forget.run(id, uid).changes > 0;
    for (const option of options) choose.run(id, uid, option, name);
    tally.change(id, adds ? [] : takenBack, adds ? options : added);
    // Applause can't be taken back.
    const isVoter = options.length > 0 || (adds && wasVoter);
    tally.changeVoters(id, Number(isVoter) - Number(wasVoter));
    uncounted.run(room, id);
    if (grows) for (const option of takenBack) submitted.blank(id, uid, option);
    return outcome(seq, true);
  };
}

/** The chosen options after an event, in order. */
function chosenBy(event: Ballot, before: readonly number[], suggested = 0): number[] {
  const options = new Set(event.kind === 'votes-set' ? event.options : before);
  if (event.kind !== 'votes-set') {
    const option = event.kind === 'vote-toggled' ? event.option : suggested;
    if (event.enabled) options.add(option);
    else options.delete(option);
  }
  return [...options].sort((a, b) => a - b);
}
