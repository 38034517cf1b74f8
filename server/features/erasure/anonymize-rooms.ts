import type { DatabaseSync } from 'node:sqlite';
import type { Settings } from '../../auth/room-settings.ts';

/** Removes users from the settings of rooms, and from what system messages say of them. */
export function anonymizeRooms(db: DatabaseSync, uids: ReadonlySet<string>): void {
  anonymizeSettings(db, uids);
  const store = db.prepare('UPDATE messages SET uid = ?, name = ?, body = ? WHERE id = ?');
  const all = db.prepare("SELECT id, uid, name, body FROM messages WHERE kind = 'system'").all();
  for (const { id, uid, name, body } of all) {
    const action = JSON.parse(String(body));
    const isAuthor = uids.has(String(uid));
    const isTarget = uids.has(action.whom?.uid);
    if (!isAuthor && !isTarget) continue;
    if (isTarget) action.whom = { uid: '', name: null };
    // A topic, for example: the room may still have it, and others changed it since or agreed.
    if (isAuthor && action.text !== undefined) action.text = '';
    const author = isAuthor ? ['', null] : [String(uid), name === null ? null : String(name)];
    store.run(author[0] ?? '', author[1] ?? null, JSON.stringify(action), Number(id));
  }
}

function anonymizeSettings(db: DatabaseSync, uids: ReadonlySet<string>): void {
  const store = db.prepare('UPDATE rooms SET settings = ? WHERE name = ?');
  const isDeleted = db.prepare("SELECT 1 FROM messages WHERE id = ? AND kind = 'deleted'");
  for (const { name, settings } of db.prepare('SELECT name, settings FROM rooms').all()) {
    const before: Partial<Settings> = JSON.parse(String(settings));
    const after = {
      ...before,
      ...(before.owner && uids.has(before.owner) && { owner: null }),
      ...(before.sanctions && { sanctions: before.sanctions.filter(({ uid }) => !uids.has(uid)) }),
      ...(before.pinned && { pinned: before.pinned.filter((id) => !isDeleted.get(id)) }),
    };
    const text = JSON.stringify(after);
    if (text !== String(settings)) store.run(text, String(name));
  }
}
