import { type IncomingMessage, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { type Cursor, readCursor } from '../chat/cursor.ts';
import { languageOf } from '../edge/language.ts';
import { Refusal } from '../errors.ts';
import { say } from '../words.ts';

/** What an upgrade asks for. */
export interface Target {
  readonly room: string;
  /** Tornado's contract, or else the whole live stream. */
  readonly isTornado: boolean;
  readonly after: Cursor | undefined;
  /** What the visitor brings to be known again. */
  readonly token: string | undefined;
}

/** @throws Refusal where there is nothing at this address */
export function readTarget({ url = '', headers }: IncomingMessage): Target {
  const address = URL.parse(url, 'http://localhost');
  const [, encoded] = /^\/rooms\/([^/]+)\/live$/.exec(address?.pathname ?? '') ?? [];
  const isTornado = address?.pathname === '/chat';
  if (!address || !(isTornado || encoded)) throw new Refusal('no-page');
  const after = isTornado ? null : address.searchParams.get('after');
  return {
    room: encoded ? decode(encoded) : (address.searchParams.get('room') ?? 'lobby'),
    isTornado,
    after: after === null ? undefined : readCursor(after),
    token: offered(headers['sec-websocket-protocol'])
      .find((name) => name.startsWith('token.'))
      ?.slice(6),
  };
}

/** Refuses an upgrade as an HTTP response, for there is no WebSocket yet. */
export function refuseUpgrade(request: IncomingMessage, socket: Duplex, refusal: Refusal): void {
  const body = `${say(languageOf(request), refusal.code, refusal.details)}\n`;
  socket.once('finish', () => socket.destroy());
  socket.end(
    `HTTP/1.1 ${refusal.status} ${STATUS_CODES[refusal.status]}\r\n` +
      'Connection: close\r\n' +
      'Content-Type: text/plain; charset=utf-8\r\n' +
      `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}

/** A part of a path; what is not encoded as it should be stays as it is, and is no room's name. */
function decode(encoded: string): string {
  try {
    return decodeURIComponent(encoded);
  } catch {
    return encoded;
  }
}

/** A browser cannot set headers on an upgrade; the offered subprotocols are where a token goes. */
function offered(protocols = ''): string[] {
  return protocols.split(',').map((name) => name.trim());
}
