import type { IncomingMessage } from 'node:http';
import { assertSelection, queryOf, type Selection } from '../http/request/query.ts';
import type { Fields } from '../http/request/urlencoded.ts';

/** The route of a request, of all that the transports serve. */
export interface Route {
  /** The room's name in the URL; the registry checks whether it is valid. */
  readonly room: string;
  /** Tornado's protocol, or one of the transports of a room. */
  readonly endpoint: 'chat' | 'live' | 'events' | 'messages';
  readonly query: Fields;
}

/** What selects a page of history, and no changes. */
const HISTORY: readonly Selection[] = [
  ['before', 'limit'],
  ['since', 'limit'],
];

/** What the query of each endpoint may select. */
const SELECTIONS: Readonly<Record<Route['endpoint'], readonly Selection[]>> = {
  chat: [],
  live: [['after']],
  events: [['after']],
  messages: [['after', 'wait'], ...HISTORY],
};

/**
 * The route of a request, or `undefined` where no transport serves it.
 * @throws ChatError where its query means nothing at its endpoint
 */
export function matchRoute(request: IncomingMessage): Route | undefined {
  const parsed = URL.parse(request.url ?? '', 'http://localhost');
  const route = parsed && routeOf(parsed.pathname, queryOf(request));
  if (route) assertSelection(route.query, ...SELECTIONS[route.endpoint]);
  return route ?? undefined;
}

/** Whether a route is that of a page of history. */
export function isHistory({ endpoint, query }: Route): boolean {
  return endpoint === 'messages' && HISTORY.flat().some((name) => query[name] !== undefined);
}

function routeOf(path: string, query: Fields): Route | undefined {
  if (path === '/chat') return { endpoint: 'chat', room: String(query.room ?? 'lobby'), query };
  const [, room, endpoint] = /^\/rooms\/([^/]+)\/(live|events|messages)$/.exec(path) ?? [];
  return room === undefined
    ? undefined
    : { endpoint: endpoint as Route['endpoint'], room: decode(room), query };
}

/** A segment of a path; where it is badly encoded it stays as it is, and is no valid room name. */
function decode(encoded: string): string {
  try {
    return decodeURIComponent(encoded);
  } catch {
    return encoded;
  }
}
