import { ENVELOPE_BYTES, type Envelope } from './envelope.ts';

/** Bytes of a file in one envelope. */
const CHUNK_BYTES = 64 * 1024;
export const SEALED_CHUNK_BYTES = CHUNK_BYTES + ENVELOPE_BYTES;

/**
 * Seals a file in chunks. Each is bound to its place and to their number, so that none can be left
 * out, repeated or exchanged.
 * @param size of the file in bytes
 */
export async function* sealFile(
  envelope: Envelope,
  name: string,
  source: AsyncIterable<Uint8Array>,
  size: number,
): AsyncGenerator<Buffer> {
  const count = Math.ceil(size / CHUNK_BYTES);
  let index = 0;
  for await (const chunk of inChunks(source, CHUNK_BYTES)) {
    yield envelope.seal(chunk, purposeOf(name, index, count));
    index += 1;
  }
  if (index !== count) throw new Error('The file was changed while it was read.');
}

/**
 * Opens what `sealFile` has sealed.
 * @param size of it sealed, in bytes
 * @throws where it is not complete, or was changed
 */
export async function* openFile(
  envelope: Envelope,
  name: string,
  source: AsyncIterable<Uint8Array>,
  size: number,
): AsyncGenerator<Buffer> {
  const count = Math.ceil(size / SEALED_CHUNK_BYTES);
  let index = 0;
  for await (const chunk of inChunks(source, SEALED_CHUNK_BYTES)) {
    yield envelope.open(chunk, purposeOf(name, index, count));
    index += 1;
  }
  if (index !== count) throw new Error('The file is not complete.');
}

/** The same bytes in chunks of one size; the last may be smaller. */
async function* inChunks(source: AsyncIterable<Uint8Array>, size: number): AsyncGenerator<Buffer> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const bytes of source) {
    rest = Buffer.concat([rest, bytes]);
    while (rest.length >= size) {
      yield rest.subarray(0, size);
      rest = rest.subarray(size);
    }
  }
  if (rest.length > 0) yield rest;
}

function purposeOf(name: string, index: number, count: number): string {
  return `file ${name} ${index} of ${count}`;
}
