import { type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import accepts from 'accepts';
import type { Refusal } from '../core/errors.ts';
import { languageOf } from '../http/request/language.ts';
import { say } from '../shared/i18n.ts';

/** Refuses a request: in a sentence, or as JSON where a program, or the script of a page, reads that. */
export function refuse(request: IncomingMessage, response: ServerResponse, refusal: Refusal): void {
  const { code, status, details, retryS } = refusal;
  const message = say(languageOf(request), code, details);
  const isJson = accepts(request).type(['text', 'json']) === 'json';
  const body = isJson ? JSON.stringify({ error: { code, message } }) : `${message}\n`;
  response.writeHead(status, {
    'Content-Type': isJson ? 'application/json' : 'text/plain; charset=utf-8',
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
    ...(retryS && { 'Retry-After': retryS }),
    // RFC 9110, section 15.5.22.
    ...(status === 426 && { Upgrade: 'websocket' }),
  });
  response.end(body);
}

/** Refuses an upgrade: as a response too, but written by hand, for Node has none for it. */
export function refuseUpgrade(request: IncomingMessage, socket: Duplex, refusal: Refusal): void {
  const body = `${say(languageOf(request), refusal.code, refusal.details)}\n`;
  socket.once('finish', () => socket.destroy());
  socket.end(
    `HTTP/1.1 ${refusal.status} ${STATUS_CODES[refusal.status]}\r\n` +
      'Connection: close\r\n' +
      'Content-Type: text/plain; charset=utf-8\r\n' +
      'X-Content-Type-Options: nosniff\r\n' +
      (refusal.retryS ? `Retry-After: ${refusal.retryS}\r\n` : '') +
      `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}
