import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { Busboy, type BusboyHeaders, type BusboyInstance } from '@fastify/busboy';
import { ChatError } from '../../core/errors.ts';

/** The limits of a form with files: anything beyond them is refused. */
const LIMITS = {
  fieldNameSize: 100,
  fieldSize: 64 * 1024,
  fields: 40,
  files: 20,
  parts: 60,
  headerPairs: 20,
  headerSize: 4 * 1024,
} as const;

export function isMultipart({ headers }: IncomingMessage): boolean {
  return /^multipart\/form-data\s*;/i.test(headers['content-type'] ?? '');
}

/**
 * Reads a form with files, as a browser sends it (RFC 7578).
 * @param take is called with each file as it arrives, and returns the value of its field
 * @returns the fields; a repeated one is a list
 * @throws ChatError where it is not a valid form, or what `take` throws
 */
export async function readMultipart(
  request: IncomingMessage,
  take: (body: Readable, name: string) => Promise<string>,
): Promise<Readonly<Record<string, unknown>>> {
  const fields = new Map<string, (string | Promise<string>)[]>();
  const bodies: Readable[] = [];
  const add = (name: string, value: string | Promise<string>) =>
    fields.set(name, [...(fields.get(name) ?? []), value]);
  const read = Promise.withResolvers<void>();
  const refuse =
    (...why: ConstructorParameters<typeof ChatError>) =>
    () =>
      read.reject(new ChatError(...why));
  const form = begin(request);
  form.on('field', (name, value, isNameCut, isCut) => {
    if (isNameCut || isCut) refuse('too-large')();
    add(name, value);
  });
  form.on('file', (field, body, name) => {
    // The consumer of the file gets the error, too.
    bodies.push(body.on('error', refuse('bad-request')));
    // A field without a chosen file is sent as a file without a name: its value is empty.
    if (!name) {
      add(field, '');
      return body.resume();
    }
    const taken = take(body, name);
    taken.catch(read.reject).finally(() => body.resume());
    return add(field, taken);
  });
  form.on('fieldsLimit', refuse('too-many-fields', { max: LIMITS.fields }));
  form.on('partsLimit', refuse('too-many-fields', { max: LIMITS.parts }));
  form.on('filesLimit', refuse('invalid-files'));
  form.on('error', refuse('bad-request')).on('finish', read.resolve);
  request.once('error', refuse('bad-request'));
  request.once('close', () => request.complete || refuse('bad-request')());
  request.pipe(form);
  try {
    await read.promise;
    const all = [...fields].map(async ([name, values]) => {
      const texts = await Promise.all(values);
      return [name, texts.length === 1 ? texts[0] : texts] as const;
    });
    return Object.fromEntries(await Promise.all(all));
  } catch (error) {
    request.unpipe(form).resume();
    // Nobody waits for data that does not arrive any more.
    for (const body of bodies) body.destroy(new ChatError('bad-request'));
    await Promise.allSettled([...fields.values()].flat());
    throw error;
  }
}

function begin({ headers }: IncomingMessage): BusboyInstance {
  try {
    return new Busboy({ headers: headers as BusboyHeaders, limits: LIMITS });
  } catch {
    throw new ChatError('bad-request');
  }
}
