import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http';
import { formatCursor, readCursor } from '../core/cursor.ts';
import { Refusal } from '../core/errors.ts';
import { readNumber, wantsJson } from '../http/request/query.ts';
import type { TransportParts } from './connection-registry.ts';
import { BARE } from './fragment-headers.ts';
import { type AnswerEncoding, answerHtml, answerJson } from './framing/changes-response.ts';
import type { Exchange } from './http-transports.ts';
import { LongPoll } from './long-polling.ts';
import { sendBody } from './send-body.ts';

/** The longest wait of a long poll, in seconds: proxies cut what is silent for longer. */
const LONGEST_WAIT_S = 60;

/**
 * `GET /rooms/:room/messages?after=CURSOR&wait=SECONDS`: what is new, at once or as soon as there is
 * something; without a cursor, the history. A poll that brings nothing new costs a look at the ETag.
 */
export async function poll(exchange: Exchange, parts: TransportParts): Promise<void> {
  const { request, response, room, person, address, admission, query } = exchange;
  const after = query.after === undefined ? undefined : readCursor(query.after);
  const waitS = readNumber('wait', query.wait, { min: 0, max: LONGEST_WAIT_S }) ?? 0;
  const encoding = wantsJson(request) ? answerJson : answerHtml;
  // What is answered depends on where the room is and where the client is.
  const etag = `"${formatCursor(room.past.cursor)}-${after?.seq ?? ''}-${encoding.type}"`;
  if (waitS === 0 && isFresh(request.headers, etag)) {
    response.writeHead(304, head(encoding, etag)).end();
    return;
  }
  if (parts.streams.isClosed) throw new Refusal('closing');
  const answer = await room.past.since(after, { type: encoding.type, address });
  // The room may have been closed to them meanwhile.
  parts.door.check(room, admission);
  if (answer.isGap || answer.fragments.length > 0 || !after || waitS === 0) {
    parts.openResponses.add(address, response);
    sendBody(response, head(encoding, etag), encoding.answer(answer));
    return;
  }
  // Who went away meanwhile would not be heard to leave.
  if (response.closed) return;
  const { streams, logger, turnstile } = parts;
  const release = turnstile.enter(address);
  const waitMs = waitS * 1000;
  const held = { response, head: head(encoding), room, person, admission, encoding, after, waitMs };
  new LongPoll({ ...held, streams, logger, release });
}

function head({ type }: AnswerEncoding, etag?: string): OutgoingHttpHeaders {
  return {
    ...BARE,
    'Content-Type': type === 'json' ? 'application/json' : 'text/html; charset=utf-8',
    'Cache-Control': 'private, no-cache',
    Vary: 'Accept',
    ...(etag !== undefined && { ETag: etag }),
  };
}

/** A validator of ours is strong and stands alone (RFC 9110, section 13.1.2). */
function isFresh(headers: IncomingHttpHeaders, etag: string): boolean {
  return headers['if-none-match'] === etag;
}
