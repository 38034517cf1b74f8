import type { DatabaseSync } from 'node:sqlite';
import { parsePoll } from '../polls/poll.ts';
import { MAX_SUGGESTIONS } from '../polls/poll-kinds.ts';
import { suggestions } from '../polls/suggestions.ts';
import { tallies } from '../polls/tally.ts';
import { ERASED } from './erasure-table.ts';

/**
 * Creates the function that makes the votes of erased users in a poll of somebody else those of
 * nobody, and removes what only they suggested.
 * @returns the poll as it is now
 */
export function voteErasure(
  db: DatabaseSync,
): (poll: { readonly id: number; readonly body: string }) => string {
  const voted = db.prepare(
    `SELECT DISTINCT uid FROM votes WHERE poll = ? AND uid IN ${ERASED} ORDER BY uid`,
  );
  const disown = db.prepare(
    `UPDATE votes SET uid = (SELECT 'erased ' || seq FROM erasure) || '.' || ?,
       name = iif(name IS NULL, NULL, '') WHERE poll = ? AND uid = ?`,
  );
  const forget = db.prepare(
    `DELETE FROM voters WHERE poll = ? AND (uid IN ${ERASED} OR key IN ${ERASED})`,
  );
  const suggested = db.prepare(
    `SELECT DISTINCT option FROM submissions AS own WHERE poll = ? AND uid IN ${ERASED}
       AND NOT EXISTS (SELECT 1 FROM submissions WHERE poll = own.poll AND option = own.option
         AND uid NOT IN ${ERASED})
     ORDER BY option LIMIT ${MAX_SUGGESTIONS}`,
  );
  const unsubmit = db.prepare(`DELETE FROM submissions WHERE poll = ? AND uid IN ${ERASED}`);
  const author = db.prepare(
    `UPDATE suggestions SET uid = '', name = NULL WHERE poll = ? AND uid IN ${ERASED}`,
  );
  const { mark } = suggestions(db);
  const { count } = tallies(db);

  return ({ id, body }) => {
    for (const { option } of suggested.all(id)) mark(id, Number(option), 'removed');
    unsubmit.run(id);
    author.run(id);
    for (const [index, { uid }] of voted.all(id).entries()) disown.run(index, id, uid ?? '');
    forget.run(id);
    const poll = parsePoll(body);
    return JSON.stringify({ ...poll, ...count(id, poll) });
  };
}
