import type { IncomingMessage } from 'node:http';
import { queryOf } from '../http/request/query.ts';
import type { Fields } from '../http/request/urlencoded.ts';

/** What a request is for, of all that the transports serve. */
export interface Route {
  /** The room's name as the address has it; whether one can have it, the lobby says. */
  readonly room: string;
  /** Tornado's contract, or one of the ways to hear what happens in a room. */
  readonly endpoint: 'chat' | 'live' | 'events' | 'messages';
  readonly query: Fields;
}

/** The address of a request, or `undefined` where there is no transport at it. */
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

/** A part of a path; what is not encoded as it should be stays as it is, and is no room's name. */
function decode(encoded: string): string {
  try {
    return decodeURIComponent(encoded);
  } catch {
    return encoded;
  }
}
