import type { DatabaseSync } from 'node:sqlite';
import type { Deleted, Posted } from '../event.ts';
import type { Numberer } from './append.ts';
import { hindrances } from './hindrance.ts';
import type { Message } from './message.ts';
import { type Outcome, refused } from './outcome.ts';
import { pinnedAfter } from './pins.ts';
import type { Rooms } from './rooms.ts';
import { isKeeper } from './settings.ts';
import { timeline } from './timeline.ts';
import { forgetter } from './votes.ts';

/** What is said, and taken away. */
export function messages(db: DatabaseSync, rooms: Rooms, number: Numberer) {
  const bury = db.prepare("UPDATE messages SET seq = ?, kind = 'deleted', body = '' WHERE id = ?");
  const forgetVotes = forgetter(db);
  const hindrance = hindrances(db, rooms);
  const { find, write, repeated } = timeline(db);

  function post(event: Posted): Outcome {
    const { room, who, cid, body, at } = event;
    const stopped =
      repeated(event, (first) => first.body === body || first.kind === 'deleted') ??
      hindrance.speaking(event);
    if (stopped) return stopped;
    const seq = number('posted', room, who.uid, at);
    rooms.touch(room, at);
    const message = write({ seq, room, kind: 'said', who, cid, body, at });
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
    const buried: Message = { ...message, seq, kind: 'deleted', body: '' };
    const change = { seq, room, message: buried };
    const settings = rooms.settings(room);
    if (!settings.pinned.includes(id)) return { change, isNew: true };
    const unpinned = { ...settings, pinned: pinnedAfter(settings, { id, on: false }) };
    rooms.change(room, unpinned);
    return { change: { ...change, settings: unpinned }, isNew: true };
  }

  return { post, remove };
}
