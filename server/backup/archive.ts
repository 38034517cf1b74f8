import { Readable } from 'node:stream';
import type { ReadableStream as NodeReadableStream } from 'node:stream/web';
import { createTarDecoder, createTarPacker, type ParsedTarEntry } from 'modern-tar';

// The types of web streams of the DOM and of Node are declared apart, for the same objects.

/** An archive (tar) that is read while entries are added by the controller. */
export function packer() {
  const { readable, controller } = createTarPacker();
  return { archive: toReadable(readable), controller };
}

/** The entries of an archive. Each is read to its end before the next one comes. */
export async function* unpack(archive: Readable) {
  const { readable, writable } = createTarDecoder({ strict: true });
  const fed = feed(archive, writable.getWriter());
  // What reads the entries gets the error, too.
  fed.catch(() => undefined);
  for await (const { header, body } of readable as AsyncIterable<ParsedTarEntry>) {
    // An error may come before the entry is read: what reads it then gets it.
    yield { header, body: toReadable(body).on('error', () => undefined) };
  }
  await fed;
}

async function feed(
  archive: Readable,
  writer: WritableStreamDefaultWriter<Uint8Array<ArrayBufferLike>>,
): Promise<void> {
  writer.closed.catch(() => undefined);
  try {
    for await (const chunk of archive) await writer.write(chunk);
    await writer.close();
  } catch (error) {
    await writer.abort(error).catch(() => undefined);
    throw error;
  }
}

function toReadable(stream: ReadableStream<Uint8Array>): Readable {
  return Readable.fromWeb(stream as unknown as NodeReadableStream);
}
