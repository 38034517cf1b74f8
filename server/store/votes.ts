import type { DatabaseSync } from 'node:sqlite';

/** Makes the function that forgets who voted for what in a poll, and what they put. */
export function forgetter(db: DatabaseSync): (poll: number) => void {
  const tables = ['votes', 'ballots', 'suggestions'].map((of) =>
    db.prepare(`DELETE FROM ${of} WHERE poll = ?`),
  );
  return (poll) => {
    for (const table of tables) table.run(poll);
  };
}
