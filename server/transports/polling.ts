import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http';
import { formatCursor, parseCursor } from '../core/cursor.ts';
import { ChatError } from '../core/errors.ts';
import { LANGUAGE_HEADERS } from '../http/request/language.ts';
import { readNumber } from '../http/request/query.ts';
import type { TransportParts } from './connection-registry.ts';
import { FRAGMENT_HEADERS } from './fragment-headers.ts';
import { type ChangesFraming, changesFraming } from './framing/changes-response.ts';
import { LongPoll } from './long-polling.ts';
import { sendBody } from './send-body.ts';
import type { TransportRequest } from './transport-request.ts';

/** The longest long poll, in seconds: proxies cut connections that are silent for longer. */
const MAX_WAIT_SECONDS = 60;

/** Where a client is with the live reactions: it sends this number with its next request. */
const REACTIONS_HEADER = 'Live-Reactions';

/**
 * `GET /rooms/:room/messages?after=CURSOR&wait=SECONDS&reactions=NUMBER`: what is new, at once or as
 * soon as there is something; without a cursor, the history. With the number that the last response
 * had in its header, live reactions since then are news, too. Polling without news costs one look at
 * the ETag.
 */
export async function servePolling(
  exchange: TransportRequest,
  parts: TransportParts,
): Promise<void> {
  const { request, response, room, user, address, admission, query, type } = exchange;
  const after = query.after === undefined ? undefined : parseCursor(query.after);
  const waitS = readNumber('wait', query.wait, { min: 0, max: MAX_WAIT_SECONDS }) ?? 0;
  const { reactions } = room;
  const bounds = { min: 0, max: Number.MAX_SAFE_INTEGER };
  const reactionsAfter = readNumber('reactions', query.reactions, bounds);
  const framing = changesFraming(type);
  // The response depends on the state of the room, on the client's cursor and on what its audience does.
  const [there, here] = [formatCursor(room.history.cursor), after ? formatCursor(after) : ''];
  const etag = `"${[there, here, type, reactionsAfter === undefined ? '' : reactions.position].join('-')}"`;
  if (waitS === 0 && isFresh(request.headers, etag)) {
    parts.counters.notModified += 1;
    response.writeHead(304, head(framing, reactions.position, etag)).end();
    return;
  }
  // A client that polls is not a new one.
  const closed = parts.connections.whyClosed;
  if (closed) throw new ChatError(closed);
  const answer = await room.history.changesSince(after, { type, address });
  if (answer.isReset) parts.counters.resets += 1;
  // The client may have lost access to the room in the meantime.
  parts.roomAccess.recheck(room, admission);
  const { position } = reactions;
  const reacted = reactions.after(reactionsAfter ?? position, type);
  if (answer.isReset || answer.fragments.length > 0 || !after || waitS === 0 || reacted) {
    parts.openResponses.add(address, response);
    sendBody(response, head(framing, position, etag), framing.answer(answer, reacted));
    return;
  }
  // A response that is closed already will not emit `close`.
  if (response.closed) return;
  const { connections, logger, connectionLimiter } = parts;
  const release = connectionLimiter.acquire(address);
  const waitMs = waitS * 1000;
  const held = {
    response,
    head: (position: number) => head(framing, position),
    room,
    user,
    admission,
    framing,
    after,
    reactionsAfter,
    waitMs,
  };
  new LongPoll({ ...held, connections, logger, release });
}

/** @param reactions where the client is with the live reactions, after this response */
function head({ type }: ChangesFraming, reactions: number, etag?: string): OutgoingHttpHeaders {
  return {
    ...FRAGMENT_HEADERS,
    'Content-Type': type === 'json' ? 'application/json' : 'text/html; charset=utf-8',
    'Cache-Control': 'private, no-cache',
    Vary: ['Accept', ...LANGUAGE_HEADERS].join(', '),
    [REACTIONS_HEADER]: reactions,
    ...(etag !== undefined && { ETag: etag }),
  };
}

/** Our ETags are strong, and sent back one at a time (RFC 9110, section 13.1.2). */
function isFresh(headers: IncomingHttpHeaders, etag: string): boolean {
  return headers['if-none-match'] === etag;
}
