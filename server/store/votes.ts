import type { DatabaseSync } from 'node:sqlite';

/** Makes the function that forgets who voted for what in a poll. */
export function forgetter(db: DatabaseSync): (poll: number) => void {
  const tables = ['votes', 'ballots'].map((of) => db.prepare(`DELETE FROM ${of} WHERE poll = ?`));
  return (poll) => {
    for (const table of tables) table.run(poll);
  };
}
