import type { IncomingMessage, ServerResponse } from 'node:http';
import { tokenOf } from '../auth/identity.ts';
import { ChatError, toChatError } from '../core/errors.ts';
import type { TextType } from '../core/fragment.ts';
import { wantsJson } from '../http/request/accepted-format.ts';
import { languageOf } from '../http/request/language.ts';
import type { TransportParts } from './connection-registry.ts';
import { servePolling } from './polling.ts';
import { sendError } from './reject.ts';
import { isHistory, matchRoute, type Route } from './route.ts';
import { serveSse } from './sse.ts';

/**
 * Answers requests for the transports over plain HTTP. They do without Koa: ten thousand of them
 * may be open at once, and polling should cost next to nothing.
 * @returns false where it is for something else
 */
export function handleHttpTransport(
  request: IncomingMessage,
  response: ServerResponse,
  parts: TransportParts,
): boolean {
  if (request.method !== 'GET' && request.method !== 'HEAD') return false;
  const route = matchRoute(request);
  // A page of history is served like other pages.
  if (!route || isHistory(route)) return false;
  serve(route, request, response, parts).catch((error) => {
    const refusal = toChatError(error, (e) => parts.logger.error(e, 'a transport failed'));
    parts.counters.refused(refusal.code);
    sendError(request, response, refusal, languageOf(request, parts.language));
  });
  return true;
}

async function serve(
  { endpoint, room: name, query }: Route,
  request: IncomingMessage,
  response: ServerResponse,
  parts: TransportParts,
): Promise<void> {
  // The client did not ask for a WebSocket, or a proxy removed the headers that did.
  if (endpoint === 'chat' || endpoint === 'live') throw new ChatError('needs-web-socket');
  const { accessPasses, roomAccess, identity, rooms, meters } = parts;
  const address = identity.address(request);
  accessPasses.requireServerAccess(request, address);
  const user = await identity.authenticate(request, tokenOf(request));
  const room = await rooms.open(name);
  const admission = roomAccess.authorize(room, request, user, address);
  meters.countRequest(query, request, response);
  const type: TextType = wantsJson(request) ? 'json' : languageOf(request, parts.language);
  const exchange = { request, response, room, user, address, admission, query, type };
  // A response that is closed already will not emit `close`.
  if (response.closed) return;
  if (endpoint === 'events') serveSse(exchange, parts);
  else await servePolling(exchange, parts);
}
