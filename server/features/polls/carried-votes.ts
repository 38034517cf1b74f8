import type { DatabaseSync } from 'node:sqlite';
import type { ChatChange } from '../change.ts';
import { messageTable } from '../messages/message-table.ts';
import { type Poll, parsePoll } from './poll.ts';
import { POLL_KINDS } from './poll-kinds.ts';
import { tallies } from './tally.ts';
import { votes } from './vote.ts';
import { voters } from './voters.ts';

/** The polls in which a guest's votes are carried over, the latest. */
const MAX_POLLS = 200;

/**
 * Creates the function that makes the votes of a guest those of the user they became. Where the user
 * has voted, too, the user's vote counts, and the guest's is removed; applause is added up.
 * @returns the changed votes, each as the change of a room
 */
export function carriedVotes(
  db: DatabaseSync,
): (guest: string, uid: string, seq: number) => ChatChange[] {
  const voted = db.prepare(
    `SELECT poll, voters.uid, room FROM voters JOIN messages ON id = poll
     WHERE key = ? ORDER BY poll DESC LIMIT ?`,
  );
  const own = db.prepare('SELECT uid FROM voters WHERE poll = ? AND key = ?');
  const lead = db.prepare('UPDATE voters SET uid = :uid WHERE poll = :id AND uid = :guest');
  const forget = db.prepare('DELETE FROM votes WHERE poll = ? AND uid = ?');
  const add = db.prepare(
    `INSERT INTO votes SELECT poll, :uid, option, name, n FROM votes
     WHERE poll = :id AND uid = :guest
     ON CONFLICT DO UPDATE SET n = n + excluded.n`,
  );
  // The user may submit no more texts for having been a guest.
  const submitted = db.prepare(
    `INSERT OR IGNORE INTO submissions SELECT poll, :uid, option, '' FROM submissions
     WHERE poll = :id AND uid = :guest`,
  );
  const unsubmit = db.prepare('DELETE FROM submissions WHERE poll = ? AND uid = ?');
  const uncounted = db.prepare('INSERT OR IGNORE INTO uncounted VALUES (?, ?)');
  const tally = tallies(db);
  const { chosen, vote } = votes(db);
  const { note } = voters(db);
  const { findPoll } = messageTable(db);

  /** The user has a vote of their own: the guest's is no other person's. */
  function merge(room: string, id: number, { kind }: Poll, guest: string, uid: string): void {
    if (POLL_KINDS[kind].isRepeatable) add.run({ id, guest, uid });
    else tally.change(id, chosen(id, guest), []);
    const wasVoter = forget.run(id, guest).changes > 0;
    tally.changeVoters(id, -Number(wasVoter));
    submitted.run({ id, guest, uid });
    unsubmit.run(id, guest);
    lead.run({ id, guest, uid });
    uncounted.run(room, id);
  }

  return (guest, uid, seq) =>
    voted.all(guest, MAX_POLLS).flatMap((row) => {
      const [id, room, caster] = [Number(row.poll), String(row.room), String(row.uid)];
      const message = findPoll(id, room);
      if (!message) return [];
      const poll = parsePoll(message.body);
      const before = own.get(id, uid)?.uid;
      if (before === undefined) note(id, [uid], caster);
      else if (before !== caster && caster === guest) merge(room, id, poll, guest, String(before));
      const counts = String(before ?? caster);
      const keys = [...new Set([uid, guest, counts])];
      return [{ seq, room, vote: { ...vote(id, poll, counts, chosen(id, counts)), keys } }];
    });
}
