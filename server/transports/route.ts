import type { IncomingMessage } from 'node:http';
import { queryOf } from '../http/request/query.ts';
import type { Fields } from '../http/request/urlencoded.ts';

/** The route of a request, of all that the transports serve. */
export interface Route {
  /** The room's name in the URL; the registry checks whether it is valid. */
  readonly room: string;
  /** Tornado's protocol, or one of the transports of a room. */
  readonly endpoint: 'chat' | 'live' | 'events' | 'messages';
  readonly query: Fields;
}

/**
 * The parameters of `GET …/messages`: those that poll, which a transport serves, and those that make
 * it a page of history, which is served like other pages.
 */
export const MESSAGES_PARAMETERS = {
  polling: ['after', 'wait'],
  history: ['before', 'since', 'limit'],
} as const;

/** Whether a request is for a page of history. */
export function isHistory({ endpoint, query }: Route): boolean {
  const { history } = MESSAGES_PARAMETERS;
  return endpoint === 'messages' && history.some((name) => query[name] !== undefined);
}

/** The route of a request, or `undefined` where no transport serves it. */
export function matchRoute(request: IncomingMessage): Route | undefined {
  const parsed = URL.parse(request.url ?? '', 'http://localhost');
  if (!parsed) return undefined;
  const query = queryOf(request);
  if (parsed.pathname === '/chat') {
    return { endpoint: 'chat', room: String(query.room ?? 'lobby'), query };
  }
  const [, room, way] = /^\/rooms\/([^/]+)\/(live|events|messages)$/.exec(parsed.pathname) ?? [];
  return room === undefined
    ? undefined
    : { endpoint: way as Route['endpoint'], room: decode(room), query };
}

/** A segment of a path; where it is badly encoded it stays as it is, and is no valid room name. */
function decode(encoded: string): string {
  try {
    return decodeURIComponent(encoded);
  } catch {
    return encoded;
  }
}
