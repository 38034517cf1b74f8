import { clientFrame, OPCODE } from '../../../test/support/wire.ts';
import type { AttackedServer } from './attacked-server.ts';
import { type Kind, roomOf } from './history.ts';
import { type HistoryRequest, IN_A_ROOM, requestFor } from './history-cases.ts';
import { type Header, requestBytes } from './request.ts';
import { BODY_BYTES, FRAME_BYTES, HEAD_BYTES } from './sizes.ts';
import { socketRequest } from './sockets.ts';
import { repeated } from './texts.ts';

/** What a client sends, and then neither sends nor reads anything, so that the server holds it. */
export interface MemoryCase {
  readonly what: string;
  bytes(server: AttackedServer): Promise<Buffer>;
}

export function memoryCases(): readonly MemoryCase[] {
  return [...unread(), ...pipelined(), ...unfinished(), ...onSockets()];
}

function* unread(): Generator<MemoryCase> {
  for (const kind of ['costly', 'polls'] as const) {
    for (const request of IN_A_ROOM) {
      const what = `${request.target}, not read, of a room of ${kind}`;
      yield { what, bytes: (server) => requestFor(server, request, roomOf(kind, 0)) };
    }
  }
}

/** Many pipelined requests, of which the first response is not read. */
function* pipelined(): Generator<MemoryCase> {
  const heavy: readonly Kind[] = ['costly', 'polls'];
  const paths = ['', '/plain', '/messages', '/messages?since=0&limit=100', '/events'];
  for (const kind of heavy) {
    for (const path of paths) {
      const request: HistoryRequest = { target: path, path };
      const what = `:room${path}, thirty times in a row, not read, of a room of ${kind}`;
      yield { what, bytes: (server) => inARow(server, request, roomOf(kind, 0), 30) };
    }
  }
  const light: HistoryRequest = { target: 'unread', path: '/unread' };
  yield {
    what: ':room/unread, two thousand times in a row, not read',
    bytes: (server) => inARow(server, light, 'lobby', 2_000),
  };
}

async function inARow(
  server: AttackedServer,
  request: HistoryRequest,
  room: string,
  times: number,
): Promise<Buffer> {
  const bytes = await requestFor(server, request, room, [['Connection', 'keep-alive']]);
  return Buffer.concat(Array.from({ length: times }, () => bytes));
}

const FORM = 'application/x-www-form-urlencoded';
const MULTIPART = 'multipart/form-data; boundary=x';
const PART = '--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n';

/** Unfinished requests. */
function* unfinished(): Generator<MemoryCase> {
  yield {
    what: 'a head without its end',
    bytes: async (server) =>
      Buffer.from(`GET / HTTP/1.1\r\nHost: ${server.host}\r\nA: ${long(HEAD_BYTES)}`),
  };
  const bodies = [
    ['a form', '/rooms/lobby/messages', FORM, long(BODY_BYTES)],
    ['JSON', '/rooms/lobby/messages', 'application/json', `{"message":"${long(BODY_BYTES)}`],
    ['a form with ten fields', '/rooms/lobby/messages', MULTIPART, fields(10)],
    ['a file', '/rooms/lobby/files?name=a', 'text/plain', long(5_000_000)],
  ] as const;
  for (const [name, target, type, text] of bodies) {
    yield {
      what: `${name} without its end`,
      bytes: (server) => withoutEnd(server, target, type, text),
    };
  }
}

async function withoutEnd(server: AttackedServer, target: string, type: string, text: string) {
  const headers: Header[] = [...server.guest(), ['Content-Type', type]];
  const body = Buffer.from(text);
  return requestBytes({ method: 'POST', target, headers, body }).subarray(0, -1);
}

function fields(count: number): string {
  return repeated(`${PART}${long(BODY_BYTES)}\r\n`, count * (BODY_BYTES + 100));
}

function long(bytes: number): string {
  return 'a'.repeat(bytes);
}

/** What is sent on a WebSocket that is not read. */
function* onSockets(): Generator<MemoryCase> {
  const part = (opcode: number, text: string) => clientFrame(opcode, text, false);
  const next = (text: string, times: number) =>
    Buffer.concat(Array.from({ length: times }, () => part(OPCODE.continuation, text)));
  const many = (opcode: number, text: string) =>
    Buffer.concat(Array.from({ length: 2_000 }, () => clientFrame(opcode, text)));
  const frames: readonly (readonly [string, () => Buffer])[] = [
    ['a frame without its end', () => clientFrame(OPCODE.text, long(FRAME_BYTES)).subarray(0, -1)],
    ['a frame in 60,000 parts', () => Buffer.concat([part(OPCODE.text, 'a'), next('a', 60_000)])],
    [
      'a frame in 60,000 empty parts',
      () => Buffer.concat([part(OPCODE.text, ''), next('', 60_000)]),
    ],
    ['two thousand pings', () => many(OPCODE.ping, long(125))],
    ['two thousand messages', () => many(OPCODE.text, '{"message":"a"}')],
    ['two thousand mistakes', () => many(OPCODE.text, '{"cid":1}')],
  ];
  for (const [name, bytes] of frames) {
    yield {
      what: `${name} on a WebSocket`,
      async bytes(server) {
        const { room, author } = await server.sharedFixture;
        return Buffer.concat([
          Buffer.from(socketRequest(server, 'live json', { room, author })),
          bytes(),
        ]);
      },
    };
  }
}
