import { longPoll, poll } from './transports/polling.ts';
import { eventStream } from './transports/sse.ts';
import type { Transport } from './transports/transport.ts';
import { webSocket } from './transports/websocket.ts';

/** The transports, best first: if one is blocked, the next is tried. */
export const TRANSPORTS = [
  { name: 'socket', open: webSocket },
  { name: 'stream', open: eventStream },
  { name: 'long-poll', open: longPoll },
  { name: 'poll', open: poll },
] as const satisfies readonly { readonly name: string; readonly open: Transport }[];

export type TransportEntry = (typeof TRANSPORTS)[number];
export type TransportName = TransportEntry['name'];
