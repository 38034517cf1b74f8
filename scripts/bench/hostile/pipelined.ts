import type { AttackedServer } from './attacked-server.ts';
import type { Case } from './case.ts';
import { Connection } from './connection.ts';
import { requestBytes } from './request.ts';

/* As many requests as fit in one packet: they arrive in one turn of the event loop. */

const PACKET_BYTES = 64 * 1024;
/** Minimal requests; one with a response of its own kind ends the connection. */
const PATHS = [
  '/',
  '/rooms',
  '/random',
  '/transports',
  '/sign-in',
  '/icon.svg',
  '/nowhere',
  '/chat',
  '/rooms/ROOM',
  '/rooms/ROOM/plain',
  '/rooms/ROOM/messages',
  '/rooms/ROOM/messages?before=1000',
  '/rooms/ROOM/unread',
  '/rooms/ROOM/presence',
  '/rooms/ROOM/search?q=a',
  '/rooms/ROOM/events',
] as const;

export function* pipelinedCases(): Generator<Case> {
  for (const path of PATHS) {
    yield pipelined('GET', path, () => '');
    yield pipelined('HEAD', path, () => '');
  }
  yield pipelined('GET', '/rooms/A-NEW-ONE/unread', () => '');
  yield pipelined('POST', '/rooms/ROOM/messages', () => 'message=a');
  yield pipelined('POST', '/rooms/ROOM/commands', () => 'type=typing');
  yield pipelined('POST', '/guests', () => '');
  yield pipelined('POST', '/session', () => 'name=a');
  yield pipelined('POST', '/password', () => 'password=a');
  yield pipelined('POST', '/rooms/ROOM/password', () => 'password=a');
  yield pipelined('POST', '/transports/runs', () => '');
}

function pipelined(method: string, path: string, body: () => string): Case {
  return {
    ...{ target: `pipelined ${method} ${path}`, part: 'requests', input: '64 KB of them' },
    async prepare(server) {
      const { room } = await server.sharedFixture;
      const bytes = packet(server, method, path.replace('ROOM', room), body());
      const connection = await Connection.open(server.port);
      return {
        isOpenEnded: true,
        async send() {
          connection.write(bytes);
          return '';
        },
        close: () => connection.close(),
      };
    },
  };
}

function packet(server: AttackedServer, method: string, path: string, body: string): Buffer {
  const address = server.address();
  const type = body === '' ? [] : [['Content-Type', 'application/x-www-form-urlencoded'] as const];
  const requests: Buffer[] = [];
  for (let bytes = 0; bytes < PACKET_BYTES; bytes += requests.at(-1)?.length ?? 0) {
    const target = path.replace('A-NEW-ONE', () => server.newRoom());
    const headers = [
      ['Host', server.host],
      ['Connection', 'keep-alive'],
      ['X-Forwarded-For', address],
      ...type,
    ] as const;
    const content = method === 'POST' ? Buffer.from(body) : undefined;
    requests.push(requestBytes({ method, target, headers, body: content }));
  }
  return Buffer.concat(requests);
}
