import type { DatabaseSync } from 'node:sqlite';
import type { Deleted, Posted } from '../event.ts';
import type { Numberer } from './append.ts';
import { hindrances } from './hindrance.ts';
import type { Message } from './message.ts';
import { type Outcome, refused } from './outcome.ts';
import type { Rooms } from './rooms.ts';
import { isKeeper } from './settings.ts';

/** What is said, and taken away. */
export function messages(db: DatabaseSync, rooms: Rooms, number: Numberer) {
  const sent = db.prepare('SELECT * FROM messages WHERE uid = ? AND cid = ?');
  const one = db.prepare('SELECT * FROM messages WHERE id = ? AND room = ?');
  const insert = db.prepare('INSERT INTO messages VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)');
  const bury = db.prepare("UPDATE messages SET seq = ?, kind = 'deleted', body = '' WHERE id = ?");
  const votes = ['votes', 'ballots'].map((of) => db.prepare(`DELETE FROM ${of} WHERE poll = ?`));
  const hindrance = hindrances(db, rooms);

  function post(event: Posted): Outcome {
    const { room, who, cid, body, at } = event;
    const first = cid === null ? undefined : (sent.get(who.uid, cid) as Message | undefined);
    if (first) {
      const isSame = first.room === room && (first.body === body || first.kind === 'deleted');
      return isSame
        ? { change: { seq: first.seq, room, message: first }, isNew: false }
        : refused('cid-reused');
    }
    const hindered = hindrance.speaking(event);
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
