import type { IncomingMessage, ServerResponse } from 'node:http';
import type { User } from '../auth/user.ts';
import type { Admission } from '../core/admission.ts';
import type { TextType } from '../core/fragment.ts';
import type { ChatRoom } from '../features/rooms/chat-room.ts';
import type { Fields } from '../http/request/urlencoded.ts';

/** A request for what happens in a room, and its response. */
export interface TransportRequest {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly room: ChatRoom;
  /** Who makes the request, if known. */
  readonly user: User | undefined;
  readonly address: string;
  /** What admitted the client. */
  readonly admission: Admission;
  readonly query: Fields;
  /** What is sent: fragments in a language, or JSON. */
  readonly type: TextType;
}
