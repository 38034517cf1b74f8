import type { Message } from '../../server/core/message.ts';

/** A message as the store has it. */
export function messageOf(id: number, more: Partial<Message> = {}): Message {
  return {
    id,
    seq: id,
    room: 'room',
    kind: 'message',
    uid: 'abcdef',
    name: null,
    cid: null,
    body: 'x',
    files: null,
    at: 0,
    edited: null,
    reply: null,
    quote: null,
    reactions: null,
    ...more,
  };
}
