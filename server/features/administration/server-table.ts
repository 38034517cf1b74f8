import type { DatabaseSync } from 'node:sqlite';

/** The owner of the server: one row. */
interface ServerTable {
  /** The uid of the owner; `null` where there is none. */
  owner(): string | null;
  setOwner(uid: string): void;
}

export function serverTable(db: DatabaseSync): ServerTable {
  const select = db.prepare('SELECT owner FROM server');
  const update = db.prepare('UPDATE server SET owner = ?');
  return {
    owner() {
      const owner = select.get()?.owner;
      return typeof owner === 'string' ? owner : null;
    },
    setOwner: (uid) => void update.run(uid),
  };
}
