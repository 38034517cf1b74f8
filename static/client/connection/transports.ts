import { longPolling, polling } from './transports/polling.ts';
import { eventStream } from './transports/sse.ts';
import type { Transport } from './transports/transport.ts';
import { webSocket } from './transports/websocket.ts';

/** The transports, best first: if one is blocked, the next is tried. */
export const TRANSPORTS = [
  { name: 'websocket', open: webSocket },
  { name: 'sse', open: eventStream },
  { name: 'long-polling', open: longPolling },
  { name: 'polling', open: polling },
] as const satisfies readonly { readonly name: string; readonly open: Transport }[];

export type TransportEntry = (typeof TRANSPORTS)[number];
export type TransportName = TransportEntry['name'];
