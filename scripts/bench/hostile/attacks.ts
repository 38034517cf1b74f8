import type { AttackedServer } from './attacked-server.ts';
import { BALLOTS, type Kind, roomOf } from './history.ts';
import { userName } from './people.ts';
import type { Request } from './request.ts';
import { MARKDOWN, repeated } from './texts.ts';

/** Requests that are allowed and expensive, in any number. */
export interface Attack {
  readonly name: string;
  request(server: AttackedServer, n: number): Promise<AttackRequest>;
}

type AttackRequest = Pick<Request, 'method' | 'target' | 'body'>;

function get(
  name: string,
  target: (n: number, server: AttackedServer) => string | Promise<string>,
): Attack {
  return {
    name,
    request: async (server, n) => ({ method: 'GET', target: await target(n, server) }),
  };
}

/** Posts JSON. */
function post(name: string, target: string, fields: (n: number) => object): Attack {
  return {
    name,
    async request(_, n) {
      return { method: 'POST', target, body: Buffer.from(JSON.stringify(fields(n))) };
    },
  };
}

function room(kind: Kind, path: string): Attack {
  return get(`GET /rooms/:room${path}, ${kind}`, (n) => `/rooms/${roomOf(kind, n)}${path}`);
}

const SINGLE: readonly Attack[] = [
  room('costly', ''),
  room('polls', ''),
  room('costly', '/messages?since=0&limit=100'),
  get('GET /rooms/:room/events?after', async (n, server) => {
    const { cursor } = await server.startOf(roomOf('costly', n));
    return `/rooms/${roomOf('costly', n)}/events?after=${cursor}`;
  }),
  get('GET /rooms/:room/search', () => '/rooms/costly-0/search?q=a'),
  get('GET of new rooms', (n) => `/rooms/new-${n}/presence`),
  get('GET of one name, repeated', () => `/nowhere?${repeated('a&', 14_000)}`),
  get('GET /rooms', () => '/rooms'),
  get('GET of the course of a poll', async (_, server) => {
    const { first } = await server.startOf(BALLOTS.room);
    return `/rooms/${BALLOTS.room}/polls/${first}/history`;
  }),
  post('POST of messages', '/rooms/attacked/messages', (n) => ({
    message: MARKDOWN[n % MARKDOWN.length]?.make(4_000),
  })),
  post('POST of passwords', '/session', (n) => ({ name: userName(n), password: 'a long one' })),
  post('POST of 64 KB', '/password', () => ({ password: 'a'.repeat(60_000) })),
  post('POST of guests', '/guests', () => ({})),
];

const EVERYTHING: Attack = {
  name: 'everything in turn',
  request: (server, n) => (SINGLE[n % SINGLE.length] ?? room('costly', '')).request(server, n),
};

export const ATTACKS: readonly Attack[] = [...SINGLE, EVERYTHING];
