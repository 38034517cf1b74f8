import type { DatabaseSync } from 'node:sqlite';
import { pollDataPurger } from '../polls/poll-data-purger.ts';

/** A message to be removed: of which kind it is says what it has. */
interface Removed {
  readonly id: number;
  readonly kind: string;
}

/** Creates the function that removes a message without a tombstone, with what others did with it. */
export function messageRemoval(db: DatabaseSync): (message: Removed) => void {
  const remove = db.prepare('DELETE FROM messages WHERE id = ?');
  const reactions = db.prepare('DELETE FROM reactions WHERE message = ?');
  const mentions = db.prepare('DELETE FROM mentions WHERE message = ?');
  const reports = db.prepare('DELETE FROM reports WHERE message = ?');
  const votes = pollDataPurger(db);
  return ({ id, kind }) => {
    reactions.run(id);
    mentions.run(id);
    reports.run(id);
    if (kind === 'poll') votes.purge(id);
    remove.run(id);
  };
}
