import { randomUUID } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import type { Message } from '../../core/message.ts';
import { inTransaction } from '../../storage/transaction.ts';
import { mentionTable } from '../memberships/mention-table.ts';
import { parsePoll } from '../polls/poll.ts';
import { pollDataPurger } from '../polls/poll-data-purger.ts';
import { suggestions } from '../polls/suggestions.ts';
import { tallies } from '../polls/tally.ts';
import { readReactions } from '../reactions/reaction.ts';
import { reactionTable } from '../reactions/reaction-table.ts';
import { anonymizeRooms } from './anonymize-rooms.ts';

/** What was erased. */
export interface Erased {
  /** Messages and polls; a tombstone without a name is in the place of each. */
  readonly messages: number;
  /** The ids of files, which are still on the disk. */
  readonly files: readonly string[];
}

/** Tables that say nothing of a person once the rows with their uid are gone. */
const OWN = [
  'sessions',
  'names',
  'memberships',
  'mentions',
  'last_posts',
  'browsers',
  'reports',
] as const;

/**
 * Erases what users wrote and what is stored about them, in one transaction. What others wrote stays:
 * their replies without the quote, their votes, and the counts of polls, in which the votes of the
 * erased are nobody's. No client may continue from before: the log has to begin a new epoch.
 * @param uids of the users, those from when they were guests included
 */
export function erasePerson(db: DatabaseSync, uids: readonly string[]): Erased {
  return inTransaction(db, () => {
    const messages = eraseMessages(db, uids);
    const files = eraseFiles(db, uids);
    eraseReactions(db, uids);
    eraseFromPolls(db, uids);
    anonymizeRooms(db, new Set(uids));
    for (const uid of uids) {
      for (const table of OWN) db.prepare(`DELETE FROM ${table} WHERE uid = ?`).run(uid);
      db.prepare('DELETE FROM former_guests WHERE uid = ?1 OR guest = ?1').run(uid);
      db.prepare('DELETE FROM prepared_polls WHERE uid = ?').run(uid);
      db.prepare('UPDATE server SET owner = NULL WHERE owner = ?').run(uid);
      db.prepare("UPDATE events SET uid = '' WHERE uid = ?").run(uid);
    }
    return { messages, files };
  });
}

/** Leaves tombstones, and nothing of their text in the replies of others. */
function eraseMessages(db: DatabaseSync, uids: readonly string[]): number {
  const own = db.prepare("SELECT id FROM messages WHERE uid = ? AND kind <> 'system'");
  const bury = db.prepare(
    `UPDATE messages SET kind = 'deleted', uid = '', name = NULL, cid = NULL, body = '', edited = NULL,
       reply = NULL, quote = NULL, reactions = NULL, files = NULL WHERE id = ?`,
  );
  const reactions = db.prepare('DELETE FROM reactions WHERE message = ?');
  const reports = db.prepare('DELETE FROM reports WHERE message = ?');
  const redact = db.prepare(
    `UPDATE messages SET quote = json_object('id', reply, 'uid', '', 'name', NULL, 'text', NULL)
     WHERE quote ->> 'uid' = ?`,
  );
  const mentions = mentionTable(db);
  const polls = pollDataPurger(db);
  let count = 0;
  for (const uid of uids) {
    redact.run(uid);
    for (const row of own.all(uid)) {
      const id = Number(row.id);
      bury.run(id);
      reactions.run(id);
      reports.run(id);
      mentions.remove(id);
      polls.purge(id);
      count += 1;
    }
  }
  return count;
}

/** Forgets their files. Returns the ids. */
function eraseFiles(db: DatabaseSync, uids: readonly string[]): readonly string[] {
  const remove = db.prepare('DELETE FROM files WHERE uid = ? RETURNING id');
  return uids.flatMap((uid) => remove.all(uid).map(({ id }) => String(id)));
}

function eraseReactions(db: DatabaseSync, uids: readonly string[]): void {
  const own = db.prepare('SELECT message, emoji FROM reactions WHERE uid = ?');
  const find = db.prepare('SELECT * FROM messages WHERE id = ?');
  const table = reactionTable(db);
  for (const uid of uids) {
    for (const row of own.all(uid)) {
      const [id, emoji] = [Number(row.message), String(row.emoji)];
      table.remove(id, emoji, uid);
      // node:sqlite types a row by its columns' values only; the schema says which they are.
      const message = find.get(id) as Message | undefined;
      if (message && readReactions(message).some((one) => one.emoji === emoji))
        table.update(message, emoji, -1, message.seq);
    }
  }
}

/** Their votes count as those of nobody; what only they suggested is removed. */
function eraseFromPolls(db: DatabaseSync, uids: readonly string[]): void {
  const voted = db.prepare(
    `SELECT poll FROM votes WHERE uid = ?1 UNION SELECT poll FROM voters WHERE uid = ?1 OR key = ?1
     UNION SELECT poll FROM submissions WHERE uid = ?1
     UNION SELECT poll FROM suggestions WHERE uid = ?1`,
  );
  const disown = db.prepare(
    "UPDATE votes SET uid = ?, name = iif(name IS NULL, NULL, '') WHERE uid = ?",
  );
  const forget = db.prepare('DELETE FROM voters WHERE uid = ?1 OR key = ?1');
  const suggested = db.prepare(
    `SELECT poll, option FROM submissions AS own WHERE uid = ? AND NOT EXISTS
       (SELECT 1 FROM submissions WHERE poll = own.poll AND option = own.option AND uid <> own.uid)`,
  );
  const unsubmit = db.prepare('DELETE FROM submissions WHERE uid = ?');
  const author = db.prepare("UPDATE suggestions SET uid = '', name = NULL WHERE uid = ?");
  const find = db.prepare("SELECT body FROM messages WHERE id = ? AND kind = 'poll'");
  const store = db.prepare('UPDATE messages SET body = ? WHERE id = ?');
  const { mark } = suggestions(db);
  const { count } = tallies(db);
  const polls = new Set(uids.flatMap((uid) => voted.all(uid).map(({ poll }) => Number(poll))));
  for (const uid of uids) {
    for (const { poll, option } of suggested.all(uid))
      mark(Number(poll), Number(option), 'removed');
    unsubmit.run(uid);
    author.run(uid);
    disown.run(randomUUID(), uid);
    forget.run(uid);
  }
  for (const id of polls) {
    const row = find.get(id);
    if (!row) continue;
    const poll = parsePoll(String(row.body));
    store.run(JSON.stringify({ ...poll, ...count(id, poll) }), id);
  }
}
