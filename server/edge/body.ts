import type { IncomingMessage } from 'node:http';
import rawBody from 'raw-body';
import { Refusal } from '../errors.ts';

/** The largest body taken, in bytes. */
const MAX_BYTES = 64 * 1024;

/**
 * Decodes the body of a request: a form's fields, or whatever the JSON says.
 * @throws Refusal where it is too large, or not what it says it is
 */
export async function readFields(request: IncomingMessage): Promise<unknown> {
  const { headers } = request;
  const type = headers['content-type']?.split(';')[0]?.trim().toLowerCase();
  const decode = type === undefined ? undefined : DECODERS.get(type);
  if (!decode || (headers['content-encoding'] ?? 'identity') !== 'identity') {
    throw new Refusal('unknown-type');
  }
  return decode(await readText(request));
}

const DECODERS: ReadonlyMap<string, (text: string) => unknown> = new Map([
  ['application/x-www-form-urlencoded', readForm],
  ['application/json', readJson],
]);

/** A field that comes more than once is a list. */
function readForm(text: string): unknown {
  const fields = new URLSearchParams(text);
  const entries = [...new Set(fields.keys())].map((name) => {
    const values = fields.getAll(name);
    return [name, values.length === 1 ? values[0] : values] as const;
  });
  return Object.fromEntries(entries);
}

/** @throws Refusal where it is none */
export function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Refusal('not-json');
  }
}

async function readText(request: IncomingMessage): Promise<string> {
  const bytes = await rawBody(request, {
    length: request.headers['content-length'] ?? null,
    limit: MAX_BYTES,
  }).catch((error: { type?: string }) => {
    throw new Refusal(error.type === 'entity.too.large' ? 'too-large' : 'bad-request');
  });
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new Refusal('not-utf8');
  }
}
