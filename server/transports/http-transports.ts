import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Admission } from '../auth/admission.ts';
import { tokenOf } from '../auth/identity.ts';
import type { Person } from '../auth/user.ts';
import { asRefusal, Refusal } from '../core/errors.ts';
import type { Room } from '../core/room.ts';
import type { Fields } from '../http/request/urlencoded.ts';
import type { TransportParts } from './connection-registry.ts';
import { poll } from './polling.ts';
import { refuse } from './reject.ts';
import { type Address, readAddress } from './route.ts';
import { streamEvents } from './sse.ts';

/** A request for what happens in a room, and its response. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly room: Room;
  /** Who asks, if they have said it. */
  readonly person: Person | undefined;
  readonly address: string;
  /** By what they are let in. */
  readonly admission: Admission;
  readonly query: Fields;
}

/**
 * Answers a request that is for one of the ways to hear what happens over plain HTTP. They do without
 * Koa: ten thousand of them may be held open at once, and a poll should cost next to nothing.
 * @returns false where it is for something else
 */
export function serveTransports(
  request: IncomingMessage,
  response: ServerResponse,
  parts: TransportParts,
): boolean {
  if (request.method !== 'GET' && request.method !== 'HEAD') return false;
  const address = readAddress(request);
  // The past, by `before` or `since`, is a page like others.
  if (!address || address.query.before !== undefined || address.query.since !== undefined) {
    return false;
  }
  serve(address, request, response, parts).catch((error) =>
    refuse(
      request,
      response,
      asRefusal(error, (e) => parts.logger.error(e, 'a transport failed')),
    ),
  );
  return true;
}

async function serve(
  { way, room: name, query }: Address,
  request: IncomingMessage,
  response: ServerResponse,
  parts: TransportParts,
): Promise<void> {
  // What comes here has not asked for a WebSocket, or a proxy has kept that from us.
  if (way === 'chat' || way === 'live') throw new Refusal('needs-web-socket');
  const { doors, door, people, lobby, meters } = parts;
  const address = people.address(request);
  doors.enter(request, address);
  const person = await people.find(request, tokenOf(request));
  const room = await lobby.room(name);
  const admission = door.enter(room, request, person, address);
  meters.exchange(query, request, response);
  const exchange = { request, response, room, person, address, admission, query };
  // Who went away meanwhile would not be heard to leave.
  if (response.closed) return;
  if (way === 'events') streamEvents(exchange, parts);
  else await poll(exchange, parts);
}
