import type { DatabaseSync } from 'node:sqlite';
import type { Reacted } from '../event.ts';
import type { Numberer } from './append.ts';
import { hindrances } from './hindrance.ts';
import { type Outcome, refused } from './outcome.ts';
import type { Reaction } from './reaction.ts';
import type { Rooms } from './rooms.ts';
import { timeline } from './timeline.ts';

/** Different emoji under one message. */
const MAX_EMOJI = 20;
/** People told for one emoji; of more than these only the count is told. */
const MAX_PEOPLE = 50;

/** How people react to what is said. */
export function reactions(
  db: DatabaseSync,
  rooms: Rooms,
  number: Numberer,
): (event: Reacted) => Outcome {
  const of = 'message = ? AND emoji = ?';
  const mine = db.prepare(`SELECT 1 FROM reactions WHERE ${of} AND uid = ?`);
  const add = db.prepare('INSERT INTO reactions VALUES (?, ?, ?, ?, ?)');
  const take = db.prepare(`DELETE FROM reactions WHERE ${of} AND uid = ?`);
  const counts = db.prepare(
    `SELECT emoji, count(*) AS count FROM reactions WHERE message = ?
     GROUP BY emoji ORDER BY min(at), emoji`,
  );
  const people = db.prepare(
    `SELECT uid, name FROM (SELECT uid, name, at FROM reactions WHERE ${of} LIMIT ?)
     ORDER BY at, uid`,
  );
  const update = db.prepare('UPDATE messages SET seq = ?, reactions = ? WHERE id = ?');
  const { writing } = hindrances(db, rooms);
  const { find } = timeline(db);

  /** Always counted anew, from the reactions themselves. */
  function sum(id: number): string | null {
    const all = (counts.all(id) as unknown as Pick<Reaction, 'emoji' | 'count'>[]).map((one) => ({
      ...one,
      people: people.all(id, one.emoji, MAX_PEOPLE),
    }));
    return all.length === 0 ? null : JSON.stringify(all);
  }

  return (event) => {
    const { room, who, id, emoji, at } = event;
    const message = find(id, room);
    if (!message || message.kind === 'act') return refused('no-such-message');
    if (message.kind === 'deleted') return refused('is-deleted');
    const hindered = writing(event);
    if (hindered) return hindered;
    const is = mine.get(id, emoji, who.uid) !== undefined;
    const on = event.on ?? !is;
    if (on === is) return { change: { seq: message.seq, room, message }, isNew: false };
    const kinds = counts.all(id);
    if (on && kinds.length >= MAX_EMOJI && !kinds.some((kind) => kind.emoji === emoji)) {
      return refused('too-many-reactions', { max: MAX_EMOJI });
    }
    const seq = number('reacted', room, who.uid, at);
    if (on) add.run(id, emoji, who.uid, who.name, at);
    else take.run(id, emoji, who.uid);
    const summed = sum(id);
    update.run(seq, summed, id);
    return { change: { seq, room, message: { ...message, seq, reactions: summed } }, isNew: true };
  };
}
