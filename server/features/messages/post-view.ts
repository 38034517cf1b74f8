import type { Message } from '../../core/message.ts';
import { hueOf } from '../../shared/display-name.ts';
import { roomPath } from '../../shared/routes.ts';
import { shortUid } from '../../shared/short-uid.ts';

/** A message in a list of messages: its author, its time, and the link to it. */
export function postView({ id, room, uid, name, at }: Message) {
  return {
    href: `${roomPath(room)}?at=${id}`,
    name,
    shortId: shortUid(uid),
    hue: hueOf(uid),
    at: new Date(at).toISOString(),
  };
}
