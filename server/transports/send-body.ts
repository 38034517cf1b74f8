import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { isLarge, slices } from '../http/slices.ts';

/** Sends a whole body; a large one goes in pieces, as fast as the client reads them. */
export function sendBody(response: ServerResponse, head: OutgoingHttpHeaders, body: Buffer): void {
  response.writeHead(200, { ...head, 'Content-Length': body.length });
  if (response.req.method === 'HEAD' || !isLarge(body)) response.end(body);
  else Readable.from(slices(body)).pipe(response);
}
