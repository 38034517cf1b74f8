import type { DatabaseSync } from 'node:sqlite';
import { defaultSettings, type Settings } from '../../auth/room-settings.ts';
import type { Message } from '../../core/message.ts';
import { FLOOR } from '../moderation/clear-history.ts';

/** A room as it is exported: its settings, and all messages that are visible in it. */
export interface ExportedRoom {
  readonly settings: Settings;
  readonly messages: Iterable<Message>;
}

/** `undefined` where nothing was ever done in a room of this name. */
export function exportedRoom(db: DatabaseSync, name: string): ExportedRoom | undefined {
  const row = db.prepare('SELECT settings FROM rooms WHERE name = ?').get(name);
  if (!row) return undefined;
  const messages = db.prepare(
    `SELECT * FROM messages WHERE room = ?1 AND id >= ${FLOOR} AND kind <> 'deleted' ORDER BY id`,
  );
  return {
    settings: { ...defaultSettings(name), ...JSON.parse(String(row.settings)) },
    // node:sqlite types a row by its columns' values only; the schema says which they are.
    messages: messages.iterate(name) as Iterable<unknown> as Iterable<Message>,
  };
}
