import type { DatabaseSync } from 'node:sqlite';
import type { Deleted, Posted } from '../event.ts';
import type { Numberer } from './append.ts';
import type { Message } from './message.ts';
import { type Outcome, refused } from './outcome.ts';
import type { Rooms } from './rooms.ts';
import { isKeeper, sanctionOf } from './settings.ts';

/** What is said, and taken away. */
export function messages(db: DatabaseSync, rooms: Rooms, number: Numberer) {
  const sent = db.prepare('SELECT * FROM messages WHERE uid = ? AND cid = ?');
  const one = db.prepare('SELECT * FROM messages WHERE id = ? AND room = ?');
  const insert = db.prepare('INSERT INTO messages VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)');
  const bury = db.prepare("UPDATE messages SET seq = ?, kind = 'deleted', body = '' WHERE id = ?");
  const votes = ['votes', 'ballots'].map((of) => db.prepare(`DELETE FROM ${of} WHERE poll = ?`));
  const spoke = db.prepare('SELECT at FROM spoken WHERE room = ? AND uid = ?');
  const speak = db.prepare('INSERT OR REPLACE INTO spoken VALUES (?, ?, ?)');

  /** Why somebody may not speak in the room now, if there is a reason. */
  function hindrance({ room, who, at }: Posted): Outcome | undefined {
    const settings = rooms.settings(room);
    if (sanctionOf(settings, who, 'removed', at)) return refused('removed');
    if (sanctionOf(settings, who, 'silenced', at)) return refused('silenced');
    if (isKeeper(settings, who)) return undefined;
    if (settings.isLocked) return refused('locked');
    if (settings.slowS === 0) return undefined;
    const free = Number(spoke.get(room, who.uid)?.at ?? 0) + settings.slowS * 1_000;
    if (at < free) return refused('slow-room', { count: Math.ceil((free - at) / 1_000) });
    speak.run(room, who.uid, at);
    return undefined;
  }

  function post(event: Posted): Outcome {
    const { room, who, cid, body, at } = event;
    const first = cid === null ? undefined : (sent.get(who.uid, cid) as Message | undefined);
    if (first) {
      const isSame = first.room === room && (first.body === body || first.kind === 'deleted');
      return isSame
        ? { change: { seq: first.seq, room, message: first }, isNew: false }
        : refused('cid-reused');
    }
    const hindered = hindrance(event);
    if (hindered) return hindered;
    const seq = number('posted', room, who.uid, at);
    insert.run(seq, seq, room, 'said', who.uid, who.name, cid, body, at);
    rooms.touch(room, at);
    const { uid, name } = who;
    const message: Message = { id: seq, seq, room, kind: 'said', uid, name, cid, body, at };
    return { change: { seq, room, message }, isNew: true };
  }

  function remove({ room, who, id, at }: Deleted): Outcome {
    const message = one.get(id, room) as Message | undefined;
    if (!message || message.kind === 'act') return refused('no-such-message');
    const isTheirs = message.kind === 'poll' && message.uid === who.uid;
    if (!isTheirs && !isKeeper(rooms.settings(room), who)) return refused('not-keeper');
    if (message.kind === 'deleted') {
      return { change: { seq: message.seq, room, message }, isNew: false };
    }
    const seq = number('deleted', room, who.uid, at);
    bury.run(seq, id);
    for (const forget of votes) forget.run(id);
    const buried: Message = { ...message, seq, kind: 'deleted', body: '' };
    return { change: { seq, room, message: buried }, isNew: true };
  }

  return { post, remove };
}
