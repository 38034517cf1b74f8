import type { IncomingMessage } from 'node:http';
import { ChatError } from '../../core/errors.ts';
import { parseUrlencoded } from './urlencoded.ts';

/** The largest body accepted, in bytes. */
const MAX_BYTES = 64 * 1024;

/**
 * Decodes the body of a request: a form's fields, or any JSON value.
 * @throws ChatError where it is too large, has too many fields, or is not what it claims to be
 */
export async function readFields(request: IncomingMessage): Promise<unknown> {
  const { headers } = request;
  const type = headers['content-type']?.split(';')[0]?.trim().toLowerCase();
  const decode = type === undefined ? undefined : DECODERS.get(type);
  if (!decode || (headers['content-encoding'] ?? 'identity') !== 'identity') {
    throw new ChatError('unsupported-media-type');
  }
  return decode(await readText(request));
}

const DECODERS: ReadonlyMap<string, (text: string) => unknown> = new Map([
  ['application/x-www-form-urlencoded', parseUrlencoded],
  ['application/json', readJson],
]);

/** @throws ChatError where it is not JSON */
export function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new ChatError('not-json');
  }
}

async function readText(request: IncomingMessage): Promise<string> {
  const bytes = await readBytes(request);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new ChatError('not-utf8');
  }
}

async function readBytes(request: IncomingMessage): Promise<Buffer> {
  if (Number(request.headers['content-length'] ?? 0) > MAX_BYTES) throw new ChatError('too-large');
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    // A destroyed request would have no response.
    for await (const chunk of request.iterator({ destroyOnReturn: false })) {
      length += chunk.length;
      if (length > MAX_BYTES) throw new ChatError('too-large');
      chunks.push(chunk);
    }
  } catch (error) {
    throw error instanceof ChatError ? error : new ChatError('bad-request');
  }
  return Buffer.concat(chunks);
}
