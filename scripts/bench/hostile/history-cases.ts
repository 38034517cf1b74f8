import { upgradeRequest } from '../../../test/support/wire.ts';
import type { AttackedServer } from './attacked-server.ts';
import type { Case } from './case.ts';
import { Connection, END_OF_STREAM } from './connection.ts';
import { BALLOTS, KINDS, type Kind, LONG, roomOf } from './history.ts';
import { type Header, requestBytes } from './request.ts';

/* Requests to rooms whose history is as expensive as the rules allow, with cold caches. */

export interface HistoryRequest {
  readonly target: string;
  /** What follows the room in the URL; `CURSOR` and `ID` are those of its first message. */
  readonly path: string;
  readonly accept?: 'text/html' | 'application/json' | 'text/event-stream';
  /** The subprotocol of a WebSocket; empty for none. */
  readonly protocol?: string;
}

const IN_BOTH: readonly HistoryRequest[] = [
  { target: 'messages', path: '/messages' },
  { target: 'messages?after', path: '/messages?after=CURSOR' },
  { target: 'messages?after&wait', path: '/messages?after=CURSOR&wait=10' },
  { target: 'messages?before', path: '/messages?before=999999999&limit=100' },
  { target: 'messages?since', path: '/messages?since=0&limit=100' },
  { target: 'messages/:id', path: '/messages/ID' },
  { target: 'search?q', path: '/search?q=a' },
  { target: 'people', path: '/presence' },
  { target: 'votes', path: '/votes' },
  { target: 'events', path: '/events' },
  { target: 'events?after', path: '/events?after=CURSOR' },
];

export const IN_A_ROOM: readonly HistoryRequest[] = [
  ...IN_BOTH.flatMap((request) => [
    { ...request, accept: 'text/html' as const },
    { ...request, target: `${request.target}, JSON`, accept: 'application/json' as const },
  ]),
  { target: ':room', path: '' },
  { target: ':room?at', path: '?at=ID' },
  { target: 'plain', path: '/plain' },
  { target: 'plain?before', path: '/plain?before=999999999' },
  { target: 'plain?since', path: '/plain?since=0' },
  { target: 'plain?at', path: '/plain?at=ID' },
  { target: 'present', path: '/present' },
  { target: 'unread', path: '/unread?after=0' },
  { target: 'polls/:id.svg', path: '/polls/ID.svg' },
  { target: 'polls/:id.csv', path: '/polls/ID.csv' },
  { target: 'polls/:id/history', path: '/polls/ID/history' },
  { target: 'live', path: '/live', protocol: 'html' },
  { target: 'live?after', path: '/live?after=CURSOR', protocol: 'html' },
  { target: 'live?after, JSON', path: '/live?after=CURSOR', protocol: 'json' },
];

/** Tornado's endpoint, which starts with the history. */
const CHAT: HistoryRequest = { target: 'chat', path: '', protocol: '' };

function isResume({ path }: HistoryRequest): boolean {
  return path.includes('CURSOR');
}

export function* historyCases(): Generator<Case> {
  for (const kind of Object.keys(KINDS) as Kind[]) {
    let n = 0;
    const nextRoom = () => {
      n += 1;
      return roomOf(kind, n);
    };
    // Old history is only requested on reconnecting.
    const all = kind === 'deep' ? IN_A_ROOM.filter(isResume) : [...IN_A_ROOM, CHAT];
    for (const request of all) yield historyCase(request, `a room of ${kind}`, nextRoom);
  }
  for (const { room } of [BALLOTS, LONG]) {
    for (const request of IN_A_ROOM) yield historyCase(request, `the room ${room}`, () => room);
  }
  for (const path of ['/rooms', '/random']) {
    yield historyCase({ target: path, path }, 'a long list', () => '');
  }
}

function historyCase(request: HistoryRequest, input: string, nextRoom: () => string): Case {
  return {
    ...{ target: `history ${request.target}`, part: 'everything', input },
    async prepare(server) {
      const bytes = await requestFor(server, request, nextRoom());
      await server.forgetRooms();
      const connection = await Connection.open(server.port);
      return {
        isOpenEnded: request.protocol === '',
        async send() {
          connection.write(bytes);
          await connection.ended(request.protocol === '' ? /^HTTP\/1\.1 101/ : END_OF_STREAM);
          return connection.status;
        },
        close: () => connection.close(),
      };
    },
  };
}

export async function requestFor(
  server: AttackedServer,
  request: HistoryRequest,
  room: string,
  more: readonly Header[] = [],
): Promise<Buffer> {
  const { first, cursor } = await server.startOf(room || 'lobby');
  const { path, accept = 'text/html', protocol } = request;
  const inRoom = room === '' ? path : `/rooms/${room}${path}`;
  const target = inRoom.replace('CURSOR', cursor).replace('ID', `${first}`);
  const sender = server.guest();
  if (protocol === undefined) {
    const headers: Header[] = [...sender, ['Accept', accept], ...more];
    return requestBytes({ method: 'GET', target, headers });
  }
  const headers = Object.fromEntries(sender);
  const offered = protocol && { 'Sec-WebSocket-Protocol': protocol };
  const endpoint = protocol === '' ? `/chat?room=${room}` : target;
  return Buffer.from(upgradeRequest(server.port, endpoint, { ...headers, ...offered }).request);
}
