import type { DatabaseSync } from 'node:sqlite';
import { DEFAULT_SERVER_SETTINGS, type ServerSettings } from '../../auth/server-settings.ts';

/** The owner of the server, and what they set: one row. */
interface ServerTable {
  /** The uid of the owner; `null` where there is none. */
  owner(): string | null;
  setOwner(uid: string): void;
  settings(): ServerSettings;
  setSettings(settings: ServerSettings): void;
}

export function serverTable(db: DatabaseSync): ServerTable {
  const select = db.prepare('SELECT owner, settings FROM server');
  const setOwner = db.prepare('UPDATE server SET owner = ?');
  const setSettings = db.prepare('UPDATE server SET settings = ?');
  return {
    owner() {
      const owner = select.get()?.owner;
      return typeof owner === 'string' ? owner : null;
    },
    setOwner: (uid) => void setOwner.run(uid),
    settings: () => ({
      ...DEFAULT_SERVER_SETTINGS,
      ...JSON.parse(String(select.get()?.settings)),
    }),
    setSettings: (settings) => void setSettings.run(JSON.stringify(settings)),
  };
}
