import type { Actor } from '../../server/core/actor.ts';
import type { Act, Acted, Edited, Posted } from '../../server/features/events.ts';

/** The user who causes an event. */
export function who(uid: string, more: Partial<Actor> = {}): Actor {
  return { uid, name: null, isModerator: false, address: `of ${uid}`, browser: null, ...more };
}

export function posted(body: string, cid: string | null = null, by = who('me')): Posted {
  return { kind: 'posted', room: 'class', who: by, cid, body, reply: null, files: [], at: 0 };
}

export function acted(act: Act, by = who('me'), room = 'class'): Acted {
  return { kind: 'acted', room, who: by, act, at: 0 };
}

export function edited(id: number, body: string, by = who('me')): Edited {
  return { kind: 'edited', room: 'class', who: by, id, body, at: 0 };
}
