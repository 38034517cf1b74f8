import type { DatabaseSync } from 'node:sqlite';
import type { Message } from '../../core/message.ts';
import { attachments } from '../attachments/apply-files.ts';
import { mentionTable } from '../memberships/mention-table.ts';
import { readQuote } from '../messages/quote.ts';
import { pollDataPurger } from '../polls/poll-data-purger.ts';
import { readReactions } from '../reactions/reaction.ts';
import { reactionTable } from '../reactions/reaction-table.ts';
import { reportTable } from '../reports/report-table.ts';
import { voteErasure } from './erase-votes.ts';
import { ERASED } from './erasure-table.ts';

/** What a tombstone has of a message: that it was there. */
const TOMBSTONE = {
  kind: 'deleted',
  uid: '',
  name: null,
  cid: null,
  body: '',
  files: null,
  edited: null,
  reply: null,
  quote: null,
  reactions: null,
} as const;

/** A message without what erased users had in it. */
interface ErasedMessage {
  readonly message: Message;
  /** The ids of files that are no longer used. */
  readonly freed: readonly string[];
}

/**
 * Creates the function that removes erased users from a message: one of theirs becomes a tombstone
 * without a name, one of somebody else loses the quote, the reactions and the votes.
 * @param seq the event that does so
 */
export function messageErasure(db: DatabaseSync): (message: Message, seq: number) => ErasedMessage {
  const isErased = db.prepare(`SELECT ? IN ${ERASED} AS yes`);
  const store = db.prepare(
    `UPDATE messages SET seq = :seq, kind = :kind, uid = :uid, name = :name, cid = :cid, body = :body,
       files = :files, edited = :edited, reply = :reply, quote = :quote, reactions = :reactions
     WHERE id = :id`,
  );
  const forgetReactions = db.prepare('DELETE FROM reactions WHERE message = ?');
  const reacted = db.prepare(
    `SELECT emoji, uid FROM reactions WHERE message = ? AND uid IN ${ERASED} ORDER BY emoji, uid`,
  );
  const carried = attachments(db);
  const mentions = mentionTable(db);
  const reports = reportTable(db);
  const votes = pollDataPurger(db);
  const reactions = reactionTable(db);
  const eraseVotes = voteErasure(db);
  const has = (uid: string | undefined) => uid !== undefined && isErased.get(uid)?.yes === 1;

  function bury(message: Message): ErasedMessage {
    const { id } = message;
    forgetReactions.run(id);
    mentions.remove(id);
    reports.remove(id);
    votes.purge(id);
    return { message: { ...message, ...TOMBSTONE }, freed: carried.detach(id) };
  }

  /** What moderators did, and to whom. */
  function anonymize(message: Message): Message {
    const action = JSON.parse(message.body);
    const isAuthor = has(message.uid);
    if (has(action.whom?.uid)) action.whom = { uid: '', name: null };
    // A topic, for example: the room may still have it, and others changed it since or agreed.
    if (isAuthor && action.text !== undefined) action.text = '';
    const author = isAuthor ? { uid: '', name: null } : {};
    return { ...message, ...author, body: JSON.stringify(action) };
  }

  function ofOther(before: Message, seq: number): Message {
    let message = before;
    const quote = readQuote(message);
    if (quote && has(quote.uid)) {
      const empty = { id: quote.id, uid: '', name: null, text: null };
      message = { ...message, quote: JSON.stringify(empty) };
    }
    for (const row of reacted.all(message.id)) {
      const emoji = String(row.emoji);
      reactions.remove(message.id, emoji, String(row.uid));
      if (readReactions(message).some((one) => one.emoji === emoji))
        message = reactions.update(message, emoji, -1, seq);
    }
    return message.kind === 'poll' ? { ...message, body: eraseVotes(message) } : message;
  }

  return (before, seq) => {
    const erased =
      before.kind === 'system'
        ? { message: anonymize(before), freed: [] }
        : has(before.uid)
          ? bury(before)
          : { message: ofOther(before, seq), freed: [] };
    const message = { ...erased.message, seq };
    const { room: _, at: __, ...stored } = message;
    store.run(stored);
    return { ...erased, message };
  };
}
