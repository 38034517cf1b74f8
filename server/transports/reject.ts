import { type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { ChatError } from '../core/errors.ts';
import { wantsJsonRatherThanText } from '../http/request/accepted-format.ts';
import { type Language, t } from '../shared/i18n.ts';

/** Rejects a request: with a sentence, or with JSON for a program or the script of a page. */
export function sendError(
  request: IncomingMessage,
  response: ServerResponse,
  refusal: ChatError,
  language: Language,
): void {
  const { code, status, details, retryAfterSeconds } = refusal;
  const message = t(language, code, details);
  const isJson = wantsJsonRatherThanText(request);
  const body = isJson ? JSON.stringify({ error: { code, message } }) : `${message}\n`;
  response.writeHead(status, {
    'Content-Type': isJson ? 'application/json' : 'text/plain; charset=utf-8',
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
    ...(retryAfterSeconds && { 'Retry-After': retryAfterSeconds }),
    // RFC 9110, section 15.5.22.
    ...(status === 426 && { Upgrade: 'websocket' }),
  });
  response.end(body);
}

/** Rejects an upgrade: also with a response, but written by hand, as Node has none for it. */
export function rejectUpgrade(socket: Duplex, refusal: ChatError, language: Language): void {
  const body = `${t(language, refusal.code, refusal.details)}\n`;
  socket.once('finish', () => socket.destroy());
  socket.end(
    `HTTP/1.1 ${refusal.status} ${STATUS_CODES[refusal.status]}\r\n` +
      'Connection: close\r\n' +
      'Content-Type: text/plain; charset=utf-8\r\n' +
      'X-Content-Type-Options: nosniff\r\n' +
      (refusal.retryAfterSeconds ? `Retry-After: ${refusal.retryAfterSeconds}\r\n` : '') +
      `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}
