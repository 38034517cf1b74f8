import type { DatabaseSync } from 'node:sqlite';
import type { Deleted, Posted } from '../event.ts';
import type { Numberer } from './append.ts';
import { carriedFiles, idsOf } from './files.ts';
import { hindrances } from './hindrance.ts';
import type { Message } from './message.ts';
import { type Outcome, refused } from './outcome.ts';
import type { Rooms } from './rooms.ts';
import { isKeeper } from './settings.ts';
import { timeline } from './timeline.ts';
import { forgetter } from './votes.ts';

/** What is said, and taken away. */
export function messages(db: DatabaseSync, rooms: Rooms, number: Numberer) {
  const bury = db.prepare(
    "UPDATE messages SET seq = ?, kind = 'deleted', body = '', files = NULL WHERE id = ?",
  );
  const forgetVotes = forgetter(db);
  const carried = carriedFiles(db);
  const hindrance = hindrances(db, rooms);
  const { find, write, repeated } = timeline(db);

  function post(event: Posted): Outcome {
    const { room, who, cid, body, at } = event;
    const isSame = (first: Message) =>
      first.kind === 'deleted' || (first.body === body && `${idsOf(first)}` === `${event.files}`);
    const stopped =
      repeated(event, isSame) ?? carried.hindrance(event) ?? hindrance.speaking(event);
    if (stopped) return stopped;
    const seq = number('posted', room, who.uid, at);
    rooms.touch(room, at);
    const files = carried.carry(seq, event);
    const message = write({ seq, room, kind: 'said', who, cid, body, files, at });
    return { change: { seq, room, message }, isNew: true };
  }

  function remove({ room, who, id, at }: Deleted): Outcome {
    const message = find(id, room);
    if (!message || message.kind === 'act') return refused('no-such-message');
    const isTheirs = message.kind === 'poll' && message.uid === who.uid;
    if (!isTheirs && !isKeeper(rooms.settings(room), who)) return refused('not-keeper');
    if (message.kind === 'deleted') {
      return { change: { seq: message.seq, room, message }, isNew: false };
    }
    const seq = number('deleted', room, who.uid, at);
    bury.run(seq, id);
    forgetVotes(id);
    const freed = carried.forget(id);
    const buried: Message = { ...message, seq, kind: 'deleted', body: '', files: null };
    return { change: { seq, room, message: buried, freed }, isNew: true };
  }

  return { post, remove };
}
