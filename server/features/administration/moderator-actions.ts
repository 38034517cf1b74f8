import type { DatabaseSync } from 'node:sqlite';
import type { UserRef } from '../../core/actor.ts';
import type { Message } from '../../core/message.ts';

/** Deleted messages that one query examines: most were deleted by their authors. */
const MAX_EXAMINED = 500;

/** What an owner or moderator did: to a room, which a system message says, or to a message of somebody else. */
export type ModeratorAction = {
  readonly seq: number;
  readonly room: string;
  readonly at: number;
} & UserRef &
  (
    | { readonly kind: 'system'; readonly body: string }
    | { readonly kind: 'deletion'; readonly author: UserRef }
  );

interface ActionPage {
  /** The latest first. There may be more even where these are few. */
  readonly actions: readonly ModeratorAction[];
  /** The number before which they go on; `undefined` where there are no more. */
  readonly next: number | undefined;
}

export function moderatorActionQueries(db: DatabaseSync) {
  const system = db.prepare(
    "SELECT * FROM messages WHERE kind = 'system' AND id < ? ORDER BY id DESC LIMIT ?",
  );
  const deleted = db.prepare(
    `SELECT gone.seq, gone.room, events.at, events.uid, events.kind,
       (SELECT name FROM names WHERE uid = events.uid) AS who, gone.uid AS author, gone.name,
       (SELECT uid FROM former_guests WHERE guest = gone.uid) AS formerly
     FROM (SELECT seq, room, uid, name FROM messages WHERE kind = 'deleted' AND seq < ?
       ORDER BY seq DESC LIMIT ${MAX_EXAMINED}) AS gone JOIN events USING (seq)`,
  );

  function actionsOfRooms(before: number, limit: number): readonly ModeratorAction[] {
    // node:sqlite types a row by its columns' values only; the schema says which they are.
    const rows = system.all(before, limit) as unknown as Message[];
    return rows.map(({ id, room, at, uid, name, body }) => {
      return { kind: 'system', seq: id, room, at, uid, name, body };
    });
  }

  /** Those of messages of others, and up to which number all were examined. */
  function deletions(before: number) {
    const rows = deleted.all(before);
    const ofOthers = rows.flatMap((row): readonly ModeratorAction[] => {
      const isOwn = row.uid === row.author || row.uid === row.formerly;
      // What was changed after it was deleted was erased.
      if (isOwn || row.kind !== 'message-deleted') return [];
      const common = { seq: Number(row.seq), room: String(row.room), at: Number(row.at) };
      const author = { uid: String(row.author), name: nameOf(row.name) };
      return [{ kind: 'deletion', ...common, uid: String(row.uid), name: nameOf(row.who), author }];
    });
    return { ofOthers, floor: rows.length < MAX_EXAMINED ? 0 : Number(rows.at(-1)?.seq) };
  }

  return {
    /** What owners and moderators of all rooms did, before a number of the log. */
    moderatorActions(before: number, limit: number, kind: 'all' | 'deletions'): ActionPage {
      const { ofOthers, floor } = deletions(before);
      const others = kind === 'all' ? actionsOfRooms(before, limit + 1) : [];
      const all = [...ofOthers, ...others]
        .filter(({ seq }) => seq >= floor)
        .sort((a, b) => b.seq - a.seq);
      const actions = all.slice(0, limit);
      return { actions, next: all.length > limit ? actions.at(-1)?.seq : floor || undefined };
    },
  };
}

function nameOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
