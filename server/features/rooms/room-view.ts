import { joinPath, roomPath } from '../../shared/routes.ts';
import type { ChatRoom } from './chat-room.ts';

/** A room, as the templates of its pages know it. */
export function roomView({ name, settings: { title, joinCode } }: ChatRoom) {
  const path = roomPath(name);
  return { room: name, title, path, joinPath: joinPath(path, joinCode) };
}
