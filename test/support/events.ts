import type { Actor } from '../../server/core/actor.ts';
import type { MessageEdited, MessagePosted } from '../../server/features/messages/events.ts';
import type { RoomActed } from '../../server/features/moderation/events.ts';
import type { RoomAction } from '../../server/features/room-actions.ts';

/** The user who causes an event. */
export function who(uid: string, more: Partial<Actor> = {}): Actor {
  return { uid, name: null, isModerator: false, address: `of ${uid}`, browser: null, ...more };
}

export function posted(body: string, cid: string | null = null, by = who('me')): MessagePosted {
  return {
    kind: 'message-posted',
    room: 'class',
    who: by,
    cid,
    body,
    reply: null,
    files: [],
    at: 0,
  };
}

export function roomAction(action: RoomAction, by = who('me'), room = 'class'): RoomActed {
  return { kind: 'room-action', room, who: by, action, at: 0 };
}

export function edited(id: number, body: string, by = who('me')): MessageEdited {
  return { kind: 'message-edited', room: 'class', who: by, id, body, at: 0 };
}
